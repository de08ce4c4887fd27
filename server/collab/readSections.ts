/** Sections read from storage: those of many plans in one journey, when everybody comes back at once. */
import type { Logger } from 'pino';
import type { PlanId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import { AskedTogether } from '../db/askedTogether.ts';
import { DatabaseUnavailable, isAnswer } from '../db/failure.ts';
import type { Queryable } from '../ports.ts';
import { readCheckpoints, readHeads, readLeases, rowsOfMany, type SectionOf } from './log.ts';
import type { Checkpoint, LogRow, StoredPlan, StoredSection } from './planLog.ts';

/** SQLSTATE of a statement that was ended because it took too long. */
const tookTooLong = '57014';

interface Asked {
  readonly planId: PlanId;
  readonly sectionIds: readonly string[];
}

type Read = PromiseSettledResult<StoredPlan>;

/** Answers these sections of a plan up to its head, or `undefined` when there is no such plan. A copy that is damaged is passed over. Throws what the database throws. */
export function sectionReader(db: Queryable, log: Logger): (planId: PlanId, sectionIds: readonly string[]) => Promise<StoredPlan | undefined> {
  const together = new AskedTogether<Asked, Read>((asked) => readPlans(db, log, asked), limits.plansReadTogetherMax);
  return async (planId, sectionIds) => {
    const read = await together.of({ planId, sectionIds });
    if (read?.status === 'rejected') throw read.reason;
    return read?.value;
  };
}

async function readPlans(db: Queryable, log: Logger, asked: readonly Asked[]): Promise<Map<Asked, Read>> {
  const journey = async (some: readonly Asked[]): Promise<[Asked, Read][]> => [...await readTogether(db, log, some)].map(([one, value]) => [one, { status: 'fulfilled', value }]);
  try {
    return new Map(await journey(asked));
  } catch (error) {
    // The server is there and would not answer all of it, so one of them may be too long to be read in time: the others do not suffer for it.
    const oneByOne = asked.length > 1 && error instanceof DatabaseUnavailable && isAnswer(error.cause) && error.cause.code === tookTooLong;
    if (!oneByOne) throw error;
    return new Map((await Promise.all(asked.map((one) => journey([one]).catch((reason: unknown): [Asked, Read][] => [[one, { status: 'rejected', reason }]])))).flat());
  }
}

async function readTogether(db: Queryable, log: Logger, asked: readonly Asked[]): Promise<Map<Asked, StoredPlan>> {
  const wanted = asked.flatMap(({ planId, sectionIds }) => sectionIds.map((sectionId) => ({ planId, sectionId })));
  const [copies, found, leases] = await Promise.all([readCheckpoints(db, wanted), readHeads(db, [...new Set(asked.map(({ planId }) => planId))]), readLeases(db, wanted)]);
  for (const { planId, sectionId, whole } of copies) if (!whole) log.error({ plan: planId, section: sectionId }, 'the copy of a section is damaged; it is read from the log');
  const checkpoints = bySection(copies.filter(({ whole }) => whole));
  const heads = new Map(found.map((head) => [head.id, head]));
  // A copy may have been made after the head was read: then the log reaches at least as far as the copy.
  for (const { planId, position } of copies) {
    const head = heads.get(planId);
    if (head && head.position < position) heads.set(planId, { ...head, position });
  }
  const stretches = wanted.flatMap((one) => {
    const head = heads.get(one.planId);
    return head ? [{ ...one, after: checkpoints.get(nameOf(one))?.[0]?.position ?? 0, upTo: head.position }] : [];
  });
  const rows = bySection((await rowsOfMany(db, stretches)).map(({ planId, row }) => ({ planId, sectionId: row.sectionId, row })));
  const owners = bySection(leases);
  return new Map(asked.flatMap((one): [Asked, StoredPlan][] => {
    const head = heads.get(one.planId);
    if (!head) return [];
    const sections = one.sectionIds.map((sectionId): [string, StoredSection] => {
      const name = nameOf({ planId: one.planId, sectionId });
      return [sectionId, stored(checkpoints.get(name)?.[0], (rows.get(name) ?? []).map(({ row }) => row), owners.get(name) ?? [])];
    });
    return [[one, { head, sections: new Map(sections) }]];
  }));
}

function stored(checkpoint: Checkpoint | undefined, rows: readonly LogRow[], leases: readonly { readonly client: number; readonly personId: string }[]): StoredSection {
  const owners = new Map(leases.map(({ client, personId }) => [client, personId]));
  // Leases may have been read before the last of these rows were written.
  for (const row of rows) for (const [client] of row.spans) owners.set(client, row.author.id);
  return { checkpoint, rows, owners };
}

const nameOf = ({ planId, sectionId }: SectionOf): string => `${planId} ${sectionId}`;

function bySection<Of extends SectionOf>(all: readonly Of[]): Map<string, Of[]> {
  const groups = new Map<string, Of[]>();
  for (const one of all) {
    const name = nameOf(one);
    const group = groups.get(name);
    if (group) group.push(one);
    else groups.set(name, [one]);
  }
  return groups;
}
