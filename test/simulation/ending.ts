/** What must hold once everything is whole again and nobody writes any more. */
import * as Y from 'yjs';
import type { Section } from '../../shared/content/kinds.ts';
import { sectionById } from '../../shared/content/standard.ts';
import { openRoots, readSection } from '../../shared/crdt/sectionDocument.ts';
import { canonical } from '../../shared/domain/canonical.ts';
import { contentHash } from '../../server/audit/hash.ts';
import { auditFault } from '../support/auditWalk.ts';
import { direct, memoryLog } from '../support/memoryLog.ts';
import type { KeptPlan, MemoryTables } from '../support/memoryTables.ts';
import { stage, tokensIn } from './cast.ts';
import type { TokenFate } from './checks.ts';
import type { Client } from './client.ts';
import type { SimulatedNode } from './node.ts';
import type { Schedule } from './schedule.ts';

/** A section as the log alone says it, one row after the other. */
export interface Rebuilt {
  readonly text: string;
  readonly vector: string;
}
const shownBy = (doc: Y.Doc, section: Section): Rebuilt => ({ text: canonical(readSection(doc, section)), vector: spelled(Y.encodeStateVector(doc)) });
const spelled = (vector: Uint8Array): string => [...Y.decodeStateVector(vector)].filter(([, clock]) => clock > 0).toSorted(([a], [b]) => a - b).map((each) => each.join(':')).join(' ');
const isWhole = (doc: Y.Doc): boolean => doc.store.pendingStructs === null && doc.store.pendingDs === null;

function documentOf(section: Section, updates: readonly Uint8Array[]): Y.Doc {
  const doc = new Y.Doc({ guid: section.id });
  openRoots(doc, section);
  for (const update of updates) Y.applyUpdate(doc, update);
  return doc;
}

/** The section after its rows up to a position. Throws when one of them builds on something that is not there. */
export function rebuild(plan: KeptPlan, section: Section, upTo = plan.position): Rebuilt {
  const built = known.get(plan) ?? new Map<string, Rebuilt>();
  known.set(plan, built);
  const key = `${section.id} ${upTo}`;
  const shown = built.get(key) ?? rebuildAnew(plan, section, upTo);
  built.set(key, shown);
  return shown;
}
/** The log never changes what it says of the past. */
const known = new WeakMap<KeptPlan, Map<string, Rebuilt>>();

function rebuildAnew(plan: KeptPlan, section: Section, upTo: number): Rebuilt {
  const doc = documentOf(section, []);
  for (const { position, sectionId, bytes } of plan.rows) {
    if (sectionId !== section.id || position > upTo) continue;
    Y.applyUpdate(doc, bytes);
    if (!isWhole(doc)) throw new Error(`row ${position} in ${section.id} builds on something that the log does not hold`);
  }
  const shown = shownBy(doc, section);
  doc.destroy();
  return shown;
}
/** What a signature covers. */
export const hashAt = (plan: KeptPlan, position: number): string =>
  contentHash(canonical(stage.map((section) => [section.id, rebuild(plan, section, position).text])));

export interface World {
  readonly tables: MemoryTables;
  readonly clients: readonly Client[];
  readonly nodes: readonly SimulatedNode[];
  readonly schedule: Schedule;
  readonly tokens: ReadonlyMap<string, TokenFate>;
  /** Whether the client's person may have the section open. */
  readonly mayRead: (client: Client, section: string) => boolean;
}

/** Why people, nodes and log do not all show the same, or undefined when they do. */
export function divergence(world: World): string | undefined {
  for (const plan of world.tables.plans.values()) {
    for (const section of stage) {
      const log = rebuild(plan, section);
      const differs = differing(world, plan, section, log);
      if (differs !== undefined) return differs;
    }
  }
  return undefined;
}

function differing({ clients, nodes, mayRead }: World, plan: KeptPlan, section: Section, log: Rebuilt): string | undefined {
  for (const client of clients) {
    const paper = client.papers.get(section.id);
    if (client.planId !== plan.id || !paper || !mayRead(client, section.id)) continue;
    if (!client.channels.get(section.id)?.caughtUp) return `${client.name} is not connected to ${section.id}`;
    if (paper.unsaved.length > 0) return `${client.name} was not told that ${section.id} is saved`;
    if (!isWhole(paper.doc)) return `${client.name} has something pending in ${section.id}`;
    const shown = shownBy(paper.doc, section);
    if (shown.text !== log.text || shown.vector !== log.vector) return `${client.name} shows ${section.id} otherwise than the log: ${shown.text} | ${log.text} | ${shown.vector} | ${log.vector}`;
  }
  for (const node of nodes) {
    const room = node.live?.plans.get(plan.id)?.rooms.get(section.id);
    if (!room) continue;
    for (const [what, bytes] of [['what is committed', room.committed.state()], ['the document', Y.encodeStateAsUpdate(room.staging)]] as const) {
      const doc = documentOf(section, [bytes]);
      const shown = shownBy(doc, section);
      const whole = isWhole(doc);
      doc.destroy();
      if (!whole || shown.text !== log.text || shown.vector !== log.vector) return `${node.name} holds ${section.id} (${what}) otherwise than the log: ${shown.text} | ${log.text} | ${shown.vector} | ${log.vector}`;
    }
  }
  return undefined;
}

/** The first thing that does not hold at the end. */
export async function faultAtEnd(world: World): Promise<string | undefined> {
  for (const plan of world.tables.plans.values()) {
    const fault = auditFault(plan.entries, plan.rows.map(({ position, sectionId, authorId, bytes }) => ({ position, section: sectionId ?? null, author: authorId, bytes: sectionId === undefined ? null : bytes })))
      ?? (await coldFault(world, plan)) ?? versionFault(plan) ?? wordsFault(world, plan);
    if (fault !== undefined) return `${plan.id}: ${fault}`;
  }
  return divergence(world) ?? signedFault(world);
}

/** What a node reads that has never seen the plan: copies and the rows behind them. */
async function coldFault({ tables, schedule }: World, plan: KeptPlan): Promise<string | undefined> {
  const ids = stage.map(({ id }) => id);
  const stored = await memoryLog(tables, direct, schedule.clockOf('end', () => true)).sections(plan.id, ids);
  for (const id of ids) {
    const [section, own] = [sectionById(id), stored?.sections.get(id)];
    if (!section || !own) return `${id} cannot be read`;
    const doc = documentOf(section, [...(own.checkpoint ? [own.checkpoint.bytes] : []), ...own.rows.map(({ bytes }) => bytes)]);
    const [shown, whole] = [shownBy(doc, section), isWhole(doc)];
    doc.destroy();
    const log = rebuild(plan, section);
    if (!whole || shown.text !== log.text || shown.vector !== log.vector) return `${id} reads otherwise from its copy at ${own.checkpoint?.position ?? 0} than from the log: ${shown.text} | ${log.text}`;
  }
  return undefined;
}

function versionFault(plan: KeptPlan): string | undefined {
  for (const [index, { number, position, contentHash: hash }] of plan.versions.entries()) {
    if (number !== index + 1) return `version ${index + 1} is missing`;
    if (index > 0 && position <= (plan.versions[index - 1]?.position ?? 0)) return `version ${number} was signed at the position of the one before it`;
    if (hashAt(plan, position) !== hash) return `version ${number} does not say what its signer read`;
    const mark = plan.rows.find((row) => row.sectionId === undefined && row.position > position);
    const between = plan.rows.find((row) => row.position > position && row.position < (mark?.position ?? 0) && row.fields.length > 0);
    if (!mark || between) return `version ${number} was signed although row ${between?.position ?? '?'} had come`;
  }
  return undefined;
}

function wordsFault({ tokens }: World, plan: KeptPlan): string | undefined {
  const shown = new Map<string, number>();
  for (const section of stage) for (const token of tokensIn(rebuild(plan, section).text)) shown.set(token, (shown.get(token) ?? 0) + 1);
  for (const [token, times] of shown) {
    const fate = tokens.get(token);
    if (!fate || fate.planId !== plan.id) return `nobody wrote ${token}`;
    if (times > 1 && fate.prose) return `${token} stands ${times} times`;
    if (fate.takenForSure) return `${token} stands, although it was taken away and that was saved`;
  }
  for (const [token, fate] of tokens) {
    if (fate.planId === plan.id && fate.acknowledged && fate.prose && !fate.taken && !shown.has(token)) return `${token} was saved and is gone`;
  }
  return undefined;
}

/** Whoever has been on the plan since before it was signed was told of it. */
function signedFault({ clients, tables, schedule }: World): string | undefined {
  for (const client of clients) {
    const latest = tables.plans.get(client.planId)?.versions.at(-1);
    if (!latest || !client.isConnected) continue;
    const signedAtMs = latest.at.getTime() - schedule.beganAtMs;
    if (client.askedAtMs < signedAtMs && client.signedHeard < latest.number) return `${client.name} was never told that version ${latest.number} was signed`;
  }
  return undefined;
}
