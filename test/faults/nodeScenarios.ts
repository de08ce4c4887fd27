/** Nodes that die: while people type, and at each moment in the life of a commit. */
import { eventually } from '../support/eventually.ts';
import type { FaultRun, Scenario } from '../support/faultRun.ts';
import { moments, type Moment } from '../support/postgresProxy.ts';
import { spread } from '../support/faultRun.ts';

/** F01: killed while people type, away for a while, back. */
async function killedMidEdit(run: FaultRun): Promise<void> {
  const { a } = run.world;
  const tables = [await run.table(run.short ? 6 : 10), await run.table(run.short ? 4 : 10)];
  run.type();
  await run.saved(run.short ? 60 : 200);
  const there = run.everybody.filter(({ way }) => way === a.ws);
  // Some shut the lid at that moment and never say again what they were told is saved.
  a.product.signal('SIGSTOP');
  for (const one of there.slice(0, there.length >> 1)) one.vanish();
  const killedMs = performance.now();
  await a.product.stop('SIGKILL');
  // The other node takes them over while this one is gone.
  await run.healed(there, killedMs);
  const back = there.filter(({ gone }) => !gone).map(({ journal }) => (journal.firstSavedAfter(killedMs) ?? killedMs) - killedMs).toSorted((x, y) => x - y);
  run.notes.push(`editing again elsewhere: ${spread(back)}`);
  await a.product.restart();
  await run.saved(run.short ? 40 : 200, tables.flatMap(({ people }) => people));
}

/** What the moment is called in the report. */
const called: Readonly<Record<Moment, string>> = {
  'before-transaction': 'before the transaction', 'before-insert': 'before the rows', 'after-insert': 'after the rows', 'before-commit': 'before the commit',
  'commit-passed': 'while it commits', 'after-commit': 'after the commit, before its answer',
};

/** F02: killed at each moment of a commit, and right after somebody was told that it stands. */
const killedAt = (which: readonly Moment[]) => async (run: FaultRun): Promise<void> => {
  const { a } = run.world;
  await run.table(run.short ? 3 : 6, { nodes: [a], paceMs: 120 });
  run.type();
  for (const moment of which) {
    await run.saved(15);
    const stop = async (): Promise<void> => { await a.product.stop('SIGKILL'); };
    await eventuallyReached(run, moment, stop);
    await run.promisesKept();
    await a.product.restart();
    await run.healed();
    run.notes.push(called[moment]);
  }
  if (run.short) return;
  const before = run.everybody.reduce((sum, { journal }) => sum + journal.saved.length, 0);
  // The first to be told has hardly been told when the node is gone: the others may not have heard of the word yet.
  await eventually(() => { if (run.everybody.reduce((sum, { journal }) => sum + journal.saved.length, 0) <= before) throw new Error('nothing saved'); }, 30_000);
  await a.product.stop('SIGKILL');
  await run.promisesKept();
  await a.product.restart();
  await run.healed();
  run.notes.push('after the answer');
};

/** F07: the line to PostgreSQL is cut at each moment of a commit; the node lives. */
const cutAt = (which: readonly Moment[]) => async (run: FaultRun): Promise<void> => {
  const { a } = run.world;
  const table = await run.table(run.short ? 3 : 6, { nodes: [a], paceMs: 120 });
  run.type();
  for (const moment of which) {
    // Somebody shuts the lid at that moment and never says again what they were told is saved.
    const goes = run.sit(table, 'gp', { nodes: [a], paceMs: 60 });
    goes.type();
    await run.saved(5, [goes]);
    await eventuallyReached(run, moment, (cut) => {
      goes.vanish();
      cut();
    });
    await run.healed();
    run.notes.push(called[moment]);
  }
};

async function eventuallyReached(run: FaultRun, moment: Moment, act: (cut: () => void) => void | Promise<void>): Promise<void> {
  const armed = run.world.a.storage.at(moment, (link) => act(() => link.cut()));
  const overdue = setTimeout(() => armed.cancel(), 30_000);
  const reached = await armed.done;
  clearTimeout(overdue);
  if (!reached) throw new Error(`the moment “${called[moment]}” never came`);
}

export const nodeScenarios: readonly Scenario[] = [
  { id: 'F01', title: 'a node is killed while people type', hazards: ['HAZ-04', 'HAZ-23'], run: killedMidEdit },
  { id: 'F02', title: 'a node is killed at each moment of a commit', hazards: ['HAZ-04', 'HAZ-27'], run: (run) => killedAt(run.short ? ['before-insert', 'after-commit'] : moments)(run) },
  { id: 'F07', title: 'the line to PostgreSQL is cut at each moment of a commit', hazards: ['HAZ-04', 'HAZ-08'], run: (run) => cutAt(run.short ? ['after-insert', 'commit-passed', 'after-commit'] : moments)(run) },
];
