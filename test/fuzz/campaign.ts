/** Mutations of real updates by the hundred thousand, all from one seed, and after each what must hold. */
import type * as Y from 'yjs';
import { sections } from '../../shared/content/standard.ts';
import { difference, differenceInText, documentFault, readingFault } from './checks.ts';
import { mutate } from './mutations.ts';
import { Chance } from './random.ts';
import { World, type Arrival, type Judged } from './world.ts';

export interface Failure {
  readonly seed: number;
  readonly index: number;
  readonly section: string;
  readonly mutation: string;
  readonly what: string;
  readonly bytes: string;
}

export interface Report {
  readonly seed: number;
  readonly count: number;
  readonly verdicts: ReadonlyMap<string, number>;
  readonly mutations: ReadonlyMap<string, number>;
  readonly slowestMs: number;
  /** Cases beyond the bound the first time, and not again. */
  readonly disturbed: number;
  readonly realSent: number;
  readonly realTaken: number;
  readonly failures: readonly Failure[];
}

/** The longest that one mutation may take, in milliseconds. */
const slowMs = 50;
const today = '2026-06-01';
/** Long enough for people to get into each other's way, short enough that a million mutations take minutes. */
const worldLength = 400;
const mutantsPerUpdate = 12;
const coldCheckEvery = 50;
const failuresMax = 5;
/** A real update may be turned down for what it means, since its writer had not seen what others wrote; never for how it is made. */
const honestRefusals: ReadonlySet<string> = new Set(['answer-needed', 'row-removed', 'invalid']);

export interface CampaignOptions {
  /** Told now and then how many mutations were judged. */
  readonly progress?: (done: number) => void;
  /** Whether one that takes long every time is a failure: not where tests run beside each other and through a transformer. */
  readonly timed?: boolean;
}

/** Runs until `count` mutations were judged or five failures were found. */
export function campaign(seed: number, count: number, { progress = () => undefined, timed = true }: CampaignOptions = {}): Report {
  return new Campaign(seed, count, progress, timed ? slowMs : Infinity).run();
}

class Campaign {
  readonly #chance: Chance;
  readonly #verdicts = new Map<string, number>();
  readonly #mutations = new Map<string, number>();
  readonly #failures: Failure[] = [];
  #index = 0;
  #slowestMs = 0;
  #disturbed = 0;
  #realSent = 0;
  #realTaken = 0;

  constructor(private readonly seed: number, private readonly count: number, private readonly progress: (done: number) => void, private readonly barMs: number) {
    this.#chance = new Chance(seed);
  }

  run(): Report {
    // Every section in turn, so that each kind of field is met early however short the run is.
    for (let turn = 0; this.#goesOn(); turn += 1) {
      const section = sections[(this.seed + turn) % sections.length];
      if (section) this.#live(new World(section, this.#chance));
    }
    return {
      seed: this.seed, count: this.#index, verdicts: this.#verdicts, mutations: this.#mutations, slowestMs: this.#slowestMs, disturbed: this.#disturbed,
      realSent: this.#realSent, realTaken: this.#realTaken, failures: this.#failures,
    };
  }

  #goesOn(): boolean {
    return this.#index < this.count && this.#failures.length < failuresMax;
  }

  #live(world: World): void {
    const end = this.#index + worldLength;
    for (let step = 0; this.#index < end && this.#goesOn(); step += 1) {
      const person = this.#chance.pick(world.people);
      if (this.#chance.maybe(0.7)) world.catchUp(person);
      const real = world.write(person);
      if (!real) continue;
      let own = true;
      const { surroundings } = world;
      for (let rest = step < 10 ? 1 : mutantsPerUpdate; rest > 0 && this.#goesOn(); rest -= 1) {
        const mutation = mutate(real.bytes, surroundings, this.#chance);
        this.#mutations.set(mutation.name, (this.#mutations.get(mutation.name) ?? 0) + 1);
        this.#index += 1;
        if (this.#index % 50_000 === 0) this.progress(this.#index);
        own = !this.#arrive(world, world.forged(real, mutation)) && own;
      }
      // What was forged in somebody's name stands where their own words would go: they begin anew.
      if (!own) world.reopen(person);
      else this.#arriveReal(world, real, () => world.reopen(person));
      const other = this.#chance.pick(world.people);
      const more = other === person ? undefined : world.write(other);
      if (more) this.#arriveReal(world, more, () => world.reopen(other));
    }
    this.#coldCheck(world);
    this.#compare(world, 'the same in another order', world.shuffledRebuild(this.#chance), differenceInText);
    world.destroy();
  }

  #arriveReal(world: World, real: Arrival, reopen: () => void): void {
    this.#realSent += 1;
    const { verdict } = this.#judge(world, real);
    if (verdict.kind === 'refuse') {
      if (!honestRefusals.has(verdict.code)) this.#fail(world, real, `a real update was refused: ${verdict.code}, ${verdict.reason}`);
      world.settle(real, verdict);
      return reopen();
    }
    this.#realTaken += 1;
    world.settle(real, verdict);
    this.#check(world, real);
  }

  /** Answers whether it was accepted. */
  #arrive(world: World, arrival: Arrival): boolean {
    const { verdict } = this.#judge(world, arrival);
    const name = verdict.kind === 'refuse' ? verdict.code : verdict.kind;
    this.#verdicts.set(name, (this.#verdicts.get(name) ?? 0) + 1);
    if (name === 'inconsistent') this.#fail(world, arrival, 'the two opinions differ');
    if (verdict.kind === 'refuse' && !verdict.touched && world.staging.store.pendingStructs !== null) this.#fail(world, arrival, 'a refusal left something pending');
    world.settle(arrival, verdict);
    if (verdict.kind !== 'accept') return false;
    this.#check(world, arrival);
    return true;
  }

  #check(world: World, arrival: Arrival): void {
    const found = readingFault(arrival.bytes) ?? documentFault(world.staging, world.section, today) ?? difference(world.staging, world.replica, world.section);
    if (found !== undefined) this.#fail(world, arrival, found);
    if (world.accepted.length % coldCheckEvery === 0) this.#coldCheck(world);
  }

  #coldCheck(world: World): void {
    this.#compare(world, 'a cold rebuild', world.coldRebuild(), difference);
  }

  #compare(world: World, name: string, rebuilt: Y.Doc, compare: typeof difference): void {
    const pending = rebuilt.store.pendingStructs !== null || rebuilt.store.pendingDs !== null;
    const found = pending ? 'something is pending' : compare(world.staging, rebuilt, world.section);
    if (found !== undefined) this.#fail(world, undefined, `staging and ${name}: ${found}`);
    rebuilt.destroy();
  }

  #judge(world: World, arrival: Arrival): Judged {
    let judged: Judged;
    try {
      judged = world.judge(arrival);
    } catch (error) {
      this.#fail(world, arrival, `it threw: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      world.restage();
      return { verdict: { kind: 'nothing' }, milliseconds: 0 };
    }
    for (let again = 0; judged.milliseconds > this.barMs && again < 3; again += 1) {
      // The machine may have been busy with something else: only what is slow every time, and by its own work, is slow.
      world.restage();
      const before = process.cpuUsage();
      judged = world.judge(arrival);
      const { user, system } = process.cpuUsage(before);
      judged = { ...judged, milliseconds: Math.min(judged.milliseconds, (user + system) / 1000) };
      if (judged.milliseconds <= this.barMs) this.#disturbed += 1;
    }
    if (judged.milliseconds > this.barMs) this.#fail(world, arrival, `it took ${judged.milliseconds.toFixed(1)} ms`);
    this.#slowestMs = Math.max(this.#slowestMs, judged.milliseconds);
    return judged;
  }

  #fail(world: World, arrival: Arrival | undefined, what: string): void {
    this.#failures.push({
      seed: this.seed, index: this.#index, section: world.section.id, mutation: arrival?.name ?? '', what, bytes: arrival ? Buffer.from(arrival.bytes).toString('hex') : '',
    });
  }
}

/** The report as lines to print. */
export function lines(report: Report, seconds: number): string[] {
  const sorted = (counts: ReadonlyMap<string, number>): [string, number][] => [...counts].toSorted((a, b) => b[1] - a[1]);
  return [
    `seed ${report.seed}: ${report.count} mutations of real updates in ${seconds.toFixed(1)} s`,
    ...sorted(report.verdicts).map(([name, count]) => `  ${name.padEnd(16)} ${String(count).padStart(8)}`),
    `  real updates between them: ${report.realSent} sent, ${report.realTaken} taken`,
    `  slowest ${report.slowestMs.toFixed(1)} ms (beyond ${slowMs} ms once and not again: ${report.disturbed})`,
    `  ${report.failures.length} failures`,
    ...report.failures.flatMap(({ seed, index, section, mutation, what, bytes }) => [`  seed ${seed}, case ${index}, section ${section}, ${mutation}: ${what}`, `    ${bytes}`]),
  ];
}
