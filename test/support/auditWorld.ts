/** A plan world with a sealed audit log: signed plans, access chains, copies of checkpoints outside, and an administrator who may do anything to the database. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { keepAudit, type Standing } from '../../server/audit/standing.ts';
import type { Ask } from '../../server/audit/askWitness.ts';
import { trustHere } from '../../server/audit/trust.ts';
import { walkWhole } from '../../server/audit/walk.ts';
import type { Settings } from '../../server/ports.ts';
import type { PlanId } from '../../shared/ids.ts';
import { handClock, type HandClock } from './handClock.ts';
import { makePlanWorld, type PlanWorld } from './planWorld.ts';

export interface AuditWorld extends PlanWorld {
  readonly clock: HandClock;
  readonly standing: Standing;
  /** A signed plan whose whole chain is sealed. */
  readonly plan: PlanId;
  /** Everything that a walk over the whole finds, one line each. */
  found(): Promise<string[]>;
  /** Changes the file of checkpoints outside the database. */
  changeOutside(change: (lines: readonly string[]) => readonly string[]): Promise<void>;
}

const noWitness: Ask = () => Promise.reject(new Error('no witness was to be asked'));

export async function makeAuditWorld(settings: Partial<Settings> = {}, ask: Ask = noWitness): Promise<AuditWorld> {
  const world = await makePlanWorld(settings);
  const clock = handClock();
  const standing = keepAudit({ ...world.deps, clock }, ask);
  const plan = await world.completePlan();
  await world.sign(plan);
  await standing.seal();
  await world.call('nurse', 'get', '/api/plans');
  await world.write(plan, 'nurse', 'wishes', { preferredPlaceOfCare: 'hospice' });
  await world.sign(plan);
  await standing.seal();
  const { checkpointsDir } = world.deps.settings;
  return {
    ...world, clock, standing, plan,
    found: async () => {
      const lines: string[] = [];
      await walkWhole(world.deps.db, await trustHere(world.deps, false), ({ where, why }) => lines.push(`${where} ${why}`));
      return lines;
    },
    changeOutside: async (change) => {
      const [name = ''] = await readdir(checkpointsDir);
      const file = path.join(checkpointsDir, name);
      const lines = (await readFile(file, 'utf8')).split('\n').slice(0, -1);
      await writeFile(file, change(lines).map((line) => `${line}\n`).join(''));
    },
    close: async () => {
      await standing.close();
      await world.close();
    },
  };
}

/** Takes the guards away, as only the owner of a database can. */
export const unguarded = ['audit_entries', 'audit_leaves', 'audit_nodes', 'audit_checkpoints', 'audit_cosignatures', 'versions', 'plan_log', 'signing_keys', 'retired_keys']
  .map((table) => `ALTER TABLE ${table} DISABLE TRIGGER never_changes;`).join(' ');

/** Makes every link of the chain from entry `from` on fit the one before it again, and the head to match: what somebody with all rights and time would do. */
export const rewriteChain = (stream: string, from: number, change: string): string => `
  DO $$
  DECLARE link record; previous bytea; spelled text;
  BEGIN
    SELECT hash INTO previous FROM audit_entries WHERE stream = '${stream}' AND seq = ${from} - 1;
    FOR link IN SELECT * FROM audit_entries WHERE stream = '${stream}' AND seq >= ${from} ORDER BY seq LOOP
      spelled := CASE WHEN link.seq = ${from} THEN ${change.replaceAll('entry', 'link.entry')} ELSE link.entry END;
      spelled := regexp_replace(spelled, '"prev":("[0-9a-f]*"|null)', '"prev":' || coalesce('"' || encode(previous, 'hex') || '"', 'null'));
      previous := sha256('\\x00'::bytea || convert_to(spelled, 'UTF8'));
      UPDATE audit_entries SET entry = spelled, hash = previous WHERE stream = '${stream}' AND seq = link.seq;
    END LOOP;
    UPDATE plans SET audit_hash = previous WHERE 'plan:' || id = '${stream}';
    UPDATE access_heads SET hash = previous WHERE stream = '${stream}';
  END $$`;
