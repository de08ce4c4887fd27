/** Poor lines between people and the service: half-open, slow, late, cut, and frames that come twice or in another order. */
import { WebSocket } from 'ws';
import type { ClientFrame, ServerFrame } from '../../shared/crdt/frame.ts';
import { eventually } from '../support/eventually.ts';
import { spread, type FaultRun, type Scenario } from '../support/faultRun.ts';
import { fairWeather } from '../support/proxy.ts';
import type { TypistOptions } from '../support/typist.ts';

const sorted = (numbers: readonly number[]): number[] => numbers.toSorted((a, b) => a - b);

/** F18: half of the lines freeze with both ends open. */
async function halfOpen(run: FaultRun): Promise<void> {
  const { world } = run;
  const table = await run.table(run.short ? 8 : 60, run.short ? {} : { paceMs: 2_000 });
  run.type();
  await run.saved(40);
  const frozen = run.at(table, world.a);
  // Somebody who reads and never gives a sign of life: what the service sees of a line that is dead further out.
  const mute = new WebSocket(`${world.a.product.url.replace('http', 'ws')}/sync/${table.planId}/wishes`, { headers: { cookie: world.cookie('gp') }, autoPong: false });
  let muteForMs: number | undefined;
  const openedMs = performance.now();
  mute.on('close', () => { muteForMs = performance.now() - openedMs; });
  mute.on('error', () => mute.terminate());
  const fromMs = performance.now();
  for (const link of world.a.front.links) link.block();
  await run.healed(frozen, fromMs + 100);
  const noticed = sorted(frozen.map(({ journal }) => (journal.closes.find(({ atMs }) => atMs > fromMs)?.atMs ?? Infinity) - fromMs));
  await eventually(() => { if (muteForMs === undefined) throw new Error('the service still believes in a line without a sign of life'); }, 60_000);
  run.notes.push(`${frozen.length} of ${table.people.length} frozen, noticed after ${((noticed.at(-1) ?? 0) / 1000).toFixed(1)} s; the service dropped a mute line after ${((muteForMs ?? 0) / 1000).toFixed(1)} s`);
  if ((noticed.at(-1) ?? Infinity) > 30_000) throw new Error('somebody did not notice that their line was dead');
  world.heal();
  run.notes.push(`everybody seen ${(await run.seeEachOther(table)).toFixed(1)} s later`);
}

/** F19: one reads a thousand bytes a second, others write much more than that. */
async function slowReader(run: FaultRun): Promise<void> {
  const { world } = run;
  const { a } = world;
  const table = await run.table(run.short ? 6 : 12, { nodes: [a] });
  run.type();
  await run.saved(60);
  const calm = sorted(table.people.flatMap(({ journal }) => journal.waits(0, performance.now())));
  const before = new Set(a.front.links);
  const slow = run.sit(table, 'gp', { nodes: [a] });
  await eventually(() => { if (slow.status !== 'saved') throw new Error('not in yet'); }, 60_000);
  for (const link of a.front.links) if (!before.has(link)) link.ownWeather = { ...fairWeather, bytesPerSecond: { up: undefined, down: 1_000 } };
  const fromMs = performance.now();
  const startMb = world.worstMemoryMb;
  const forMs = run.short ? 15_000 : 60_000;
  const writers = table.people.filter((one) => one !== slow).slice(0, 4);
  let written = 0;
  while (performance.now() < fromMs + forMs && slow.journal.closes.length === 0) {
    for (const writer of writers) {
      written += 1;
      writer.doc.getMap('fields').set('religion', { code: 'other', note: `${'Much to read. '.repeat(130)}${written}` });
    }
    await new Promise((resolve) => void setTimeout(resolve, 40));
  }
  const toMs = performance.now();
  const busy = sorted(table.people.filter((one) => one !== slow).flatMap(({ journal }) => journal.waits(fromMs, toMs)));
  run.notes.push(`${written} long notes; others before: ${spread(calm)}, meanwhile: ${spread(busy)}; the slow reader was ${slow.journal.closes.length > 0 ? `closed with ${slow.journal.closes[0]?.code} after ${((toMs - fromMs) / 1000).toFixed(0)} s` : 'kept'}; memory ${startMb} → ${world.worstMemoryMb} MB`);
  if (world.worstMemoryMb > startMb + 250) throw new Error(`a slow reader cost ${world.worstMemoryMb - startMb} MB`);
  world.heal();
  slow.type();
  await run.healed();
}

/** F20: late, unsteady lines that break. */
async function lateAndCut(run: FaultRun): Promise<void> {
  const { world, short } = run;
  await run.table(short ? 6 : 20);
  for (const { front } of world.nodes) front.weather = { ...fairWeather, latencyMs: 300, jitterMs: 100 };
  run.type();
  const untilMs = performance.now() + (short ? 8_000 : 40_000);
  let cuts = 0;
  while (performance.now() < untilMs) {
    for (const { front } of world.nodes) {
      for (const link of [...front.links]) {
        if (world.random() > 0.05) continue;
        cuts += 1;
        // In the middle of whatever comes next, either way.
        link.cutAfter(1 + Math.floor(world.random() * 40), world.random() < 0.5 ? 'up' : 'down');
      }
    }
    await new Promise((resolve) => void setTimeout(resolve, 500));
  }
  run.notes.push(`${cuts} lines broken; typing to saved: ${spread(sorted(run.everybody.flatMap(({ journal }) => journal.waits(0, performance.now()))))}`);
  world.heal();
  await run.healed();
}

/** F21: frames come twice, and in another order. */
async function doubledAndSwapped(run: FaultRun): Promise<void> {
  const { random } = run.world;
  let calm = false;
  const table = await run.table(1);
  for (let index = 0; index < (run.short ? 4 : 10); index += 1) run.sit(table, (['gp', 'nurse', 'hospice'] as const)[index % 3] ?? 'gp', { mischief: mischief(random, () => calm) });
  await eventually(() => { if (run.everybody.some(({ status, tokens }) => status !== 'saved' || tokens.length === 0)) throw new Error('not everybody is at the table'); }, 60_000);
  run.type();
  await run.saved(run.short ? 150 : 1_500);
  calm = true;
  const refused = run.everybody.flatMap(({ journal }) => journal.refusals);
  run.notes.push(`${refused.length} changes refused for coming before what they build on (${[...new Set(refused)].join(', ')}), their words kept: ${run.everybody.reduce((sum, { kept }) => sum + kept.length, 0)}`);
  if (refused.some((code) => code !== 'gap')) throw new Error(`refused for another reason: ${refused.join(', ')}`);
  await run.healed();
}

/** Doubles frames both ways, swaps two changes now and then, and lets a "saved" question never pass what it asks about. */
function mischief(random: () => number, isCalm: () => boolean): NonNullable<TypistOptions['mischief']> {
  let heldOut: ClientFrame[] = [];
  let heldIn: ServerFrame[] = [];
  return {
    out: (frame) => {
      // A new connection: what was held belonged to the old one.
      if (frame.kind === 'step1') heldOut = [];
      if (heldOut.length > 0) {
        if (frame.kind !== 'update') {
          heldOut.push(frame);
          return isCalm() ? heldOut.splice(0) : [];
        }
        return [frame, ...heldOut.splice(0)];
      }
      if (frame.kind === 'update' && !isCalm() && random() < 0.03) {
        heldOut.push(frame);
        return [];
      }
      return !isCalm() && random() < 0.2 ? [frame, frame] : [frame];
    },
    in: (frame) => {
      if (frame.kind === 'step1') heldIn = [];
      if (heldIn.length > 0) return [frame, ...heldIn.splice(0)];
      if (frame.kind === 'update' && !isCalm() && random() < 0.1) {
        heldIn.push(frame);
        return [];
      }
      return !isCalm() && random() < 0.2 ? [frame, frame] : [frame];
    },
  };
}

export const lineScenarios: readonly Scenario[] = [
  { id: 'F18', title: 'half of the lines are half-open', hazards: ['HAZ-04'], run: halfOpen },
  { id: 'F19', title: 'somebody reads a thousand bytes a second', hazards: ['HAZ-23'], run: slowReader },
  { id: 'F20', title: 'lines are late, unsteady and break', hazards: ['HAZ-04', 'HAZ-07'], run: lateAndCut },
  { id: 'F21', title: 'frames come twice and in another order', hazards: ['HAZ-07', 'HAZ-08'], run: doubledAndSwapped },
];
