/** People who come back: after a day away, to a plan that was signed or is no longer theirs; and two who claim one identity. */
import type { PlanId } from '../../shared/ids.ts';
import { eventually } from '../support/eventually.ts';
import type { FaultRun, Scenario } from '../support/faultRun.ts';
import type { Typist } from '../support/typist.ts';
import { tokensOf } from '../support/words.ts';

/** F24: offline for long; meanwhile the same section was edited, the plan signed, and, for another, the right lost. */
async function backFromAway(run: FaultRun): Promise<void> {
  const { world } = run;
  const words = run.short ? 60 : 500;
  const signed = await run.table(3, { planId: await signablePlan(run) });
  const lostRight = await run.table(3);
  const [writer, , away] = signed.people;
  const [stays, , outsider] = lostRight.people;
  if (!writer || !away || !stays || !outsider) throw new Error('nobody is there');
  for (const one of [away, outsider]) {
    one.leave();
    for (let index = 0; index < words; index += 1) one.typeOne();
  }
  for (const one of [writer, stays]) one.type();
  await run.saved(20, [writer, stays]);
  writer.rest();
  await eventually(() => { if (writer.status !== 'saved') throw new Error('not saved'); }, 60_000);
  const number = await sign(run, signed.planId);
  await world.endAccess(lostRight.planId, 'nurse');
  writer.type();
  const homeMs = performance.now();
  for (const one of [away, outsider]) one.comeHome();
  await eventually(() => {
    if (away.status !== 'saved') throw new Error(`who came back is ${away.status}; closes ${away.journal.closes.map(({ code }) => code).join()}`);
    if (outsider.ended === undefined) throw new Error('who lost the right was let in');
  }, 90_000);
  run.notes.push(`${away.journal.acts.length} words of a day away saved ${((performance.now() - homeMs) / 1000).toFixed(1)} s after return`);
  const version = await world.get<unknown>(world.b, 'coordinator', `/api/plans/${signed.planId}/versions/${number}`);
  if (tokensOf(JSON.stringify(version)).some((token) => token.startsWith(`${away.journal.name}-`))) throw new Error('words of somebody who was away stand in a version that was signed meanwhile');
  if (outsider.kept.length !== words) throw new Error(`of ${words} words that are no longer allowed ${outsider.kept.length} are kept for their person`);
  const log = tokensOf(JSON.stringify(await world.get(world.b, 'coordinator', `/api/plans/${lostRight.planId}/content`)));
  if (outsider.kept.some((token) => log.includes(token))) throw new Error('words of somebody without the right were taken');
  await eventually(async () => {
    const trail = JSON.stringify(await world.get(world.b, 'coordinator', `/api/plans/${lostRight.planId}/audit`));
    if (!/refused/.test(trail)) throw new Error('the trail does not say that somebody without the right tried');
  }, 30_000);
  run.notes.push(`who lost the right was closed with ${outsider.ended}, ${outsider.kept.length} words kept on the device`);
}

/** A plan of the demonstration in which nothing is missing. */
async function signablePlan({ world }: FaultRun): Promise<PlanId> {
  const { items } = await world.get<{ items: { id: PlanId }[] }>(world.a, 'coordinator', '/api/plans');
  for (const { id } of items) {
    const { status, body } = await world.call(world.a, 'coordinator', 'POST', `/api/plans/${id}/reviews`);
    const review = body as { problems?: unknown[]; disputed?: unknown[] };
    if (status === 200 && review.problems?.length === 0 && review.disputed?.length === 0) return id;
  }
  throw new Error('no plan of the demonstration can be signed');
}

async function sign({ world }: FaultRun, planId: PlanId): Promise<number> {
  const review = await world.call(world.a, 'coordinator', 'POST', `/api/plans/${planId}/reviews`);
  const { position, contentHash, statement } = review.body as { position: number; contentHash: string; statement: string };
  const answer = await world.call(world.a, 'coordinator', 'POST', `/api/plans/${planId}/versions`, { position, contentHash, statement });
  if (answer.status !== 201) throw new Error(`the plan could not be signed: ${JSON.stringify(answer.body)}`);
  return (answer.body as { number: number }).number;
}

/**
 * Two documents with one Yjs client id, at two nodes: both say the same piece of that id's history with different words in it, the second
 * before it has heard of the first. `before` makes the second's piece longer.
 */
async function oneIdTwice(run: FaultRun, second: 'nurse' | 'gp', before: string): Promise<readonly [Typist, Typist]> {
  const { world } = run;
  const table = await run.table(1);
  const client = 1 + Math.floor(world.random() * 2 ** 31);
  const pair = [run.sit(table, 'gp', { client, nodes: [world.a] }), run.sit(table, second, { client, nodes: [world.b] })] as const;
  await eventually(() => { if (pair.some(({ status, tokens }) => status !== 'saved' || tokens.length === 0)) throw new Error('not everybody is at the table'); }, 60_000);
  world.b.front.block(['down']);
  pair[0].typeOne();
  await eventually(() => { if (pair[0].status !== 'saved') throw new Error('the first is not saved'); }, 60_000);
  pair[1].typeOne(before);
  world.heal();
  for (const one of pair) one.type();
  await run.saved(run.short ? 20 : 100, pair);
  return pair;
}

/** F25: the id is one person's, who wrote with it or was seen with it first, and another comes with it. */
async function anothersId(run: FaultRun): Promise<void> {
  const pair = await oneIdTwice(run, 'nurse', 'a longer word than the first');
  const refused = pair.filter(({ journal }) => journal.refusals.length > 0);
  const codes = [...new Set(refused.flatMap(({ journal }) => journal.refusals))].join();
  if (codes !== 'foreign-client') throw new Error(`nobody was refused for the other’s client id, but “${codes}”; closes ${pair.map(({ journal }) => journal.closes.map(({ code }) => code).join()).join(' and ')}`);
  if (refused.some(({ kept }) => kept.length === 0)) throw new Error('no refused word was kept for its person');
  run.notes.push(`${refused.length} of 2 refused, ${refused.map(({ kept }) => kept.length).join(' and ')} words kept, and went on with an id of their own`);
}

/** F25 with pieces of history of one length, which look like a repetition, and with the copied profile of one person, who may use the id. */
async function copiedProfile(run: FaultRun): Promise<void> {
  for (const [second, before, name] of [['nurse', '', 'two people, as long'], ['gp', '', 'one person, as long'], ['gp', 'a longer word than the first', 'one person, longer']] as const) {
    const pair = await oneIdTwice(run, second, before);
    run.notes.push(`${name}: ${pair[1].journal.refusals.join(' ') || 'accepted'}`);
  }
}

export const returnScenarios: readonly Scenario[] = [
  { id: 'F24', title: 'back after a day away, to a signed plan and to a lost right', hazards: ['HAZ-06', 'HAZ-15'], run: backFromAway },
  { id: 'F25', title: 'a client id that is somebody else’s', hazards: ['HAZ-09'], run: anothersId },
  { id: 'F25-COPY', title: 'one piece of history twice, with different words', hazards: ['HAZ-04', 'HAZ-09'], run: copiedProfile },
];
