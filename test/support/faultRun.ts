/** One fault run: people typing in plans, a fault, the healing, and the judgement at the end. */
import type { PlanId } from '../../shared/ids.ts';
import { check, replicaOf, type Evidence, type Finding } from './checker.ts';
import { eventually } from './eventually.ts';
import { cast, type CastName, type FaultNode, type FaultWorld } from './faultWorld.ts';
import { Typist, type TypistOptions } from './typist.ts';

export interface Figures {
  readonly acknowledged: number;
  readonly lost: number;
  readonly converged: boolean;
  /** Until the last of those who were cut off had a new "saved" after the healing; undefined where nothing had to heal. */
  readonly healSeconds: number | undefined;
  readonly worstMemoryMb: number;
  /** What else was measured, in words. */
  readonly notes: readonly string[];
  readonly findings: readonly Finding[];
}

export interface Scenario {
  readonly id: string;
  readonly title: string;
  /** Hazards of care that it controls, by their number in the hazard log. */
  readonly hazards: readonly string[];
  readonly run: (run: FaultRun) => Promise<void>;
}

/** One section of one plan and who writes in it. */
export interface Table {
  readonly planId: PlanId;
  readonly sectionId: string;
  readonly fieldId: string;
  readonly people: Typist[];
}

/** Long enough for the slowest machine; what is measured is told, not judged. */
const patienceMs = 90_000;
/** Of what was under way when a fault began, answers may still come. */
const graceMs = 1_000;
const names = Object.keys(cast) as CastName[];

export class FaultRun {
  readonly tables: Table[] = [];
  readonly notes: string[] = [];
  readonly #findings: Finding[] = [];
  #healSeconds: number | undefined;
  #named = 0;

  constructor(readonly world: FaultWorld, /** The short form: fewer people, shorter faults. */ readonly short: boolean) {}

  get everybody(): Typist[] {
    return this.tables.flatMap(({ people }) => people);
  }

  /** A plan with `count` people who write in one paragraph, spread over the nodes, the first half knowing node A first. Nobody types yet. */
  async table(count: number, options: Partial<TypistOptions> & { readonly nodes?: readonly FaultNode[]; readonly planId?: PlanId } = {}): Promise<Table> {
    const planId = options.planId ?? (await this.world.newPlan());
    const table: Table = { planId, sectionId: options.sectionId ?? 'wishes', fieldId: options.fieldId ?? 'whatMatters', people: [] };
    this.tables.push(table);
    const first = this.sit(table, names[0] as CastName, options);
    await eventually(() => { if (first.status !== 'saved') throw new Error('the first person cannot begin'); }, patienceMs);
    if (first.tokens.length === 0) first.begin();
    await eventually(() => { if (first.status !== 'saved') throw new Error('the first paragraph is not saved'); }, patienceMs);
    for (let index = 1; index < count; index += 1) this.sit(table, names[index % names.length] as CastName, options);
    await eventually(() => {
      const late = table.people.filter(({ status, tokens }) => status !== 'saved' || tokens.length === 0);
      if (late.length > 0) throw new Error(`${late.length} people are not at the table`);
    }, patienceMs);
    return table;
  }

  /** One more person at the table. */
  sit(table: Table, who: CastName, options: Partial<TypistOptions> & { readonly nodes?: readonly FaultNode[] } = {}): Typist {
    const nodes = options.nodes ?? (this.#named % 2 === 0 ? this.world.nodes : this.world.nodes.toReversed());
    const typist = new Typist({
      cookie: this.world.cookie(who), endpoints: nodes.map(({ ws }) => ws), paceMs: this.short ? 250 : 200, random: this.world.random,
      ...options, planId: table.planId, sectionId: table.sectionId, fieldId: table.fieldId, name: options.name ?? `u${this.#named}`,
    });
    this.#named += 1;
    table.people.push(typist);
    typist.connect();
    return typist;
  }

  type(people: readonly Typist[] = this.everybody): void {
    for (const typist of people) typist.type();
  }

  /** Waits until these people together have so many more words saved. */
  async saved(more: number, people: readonly Typist[] = this.everybody): Promise<void> {
    const count = (): number => people.reduce((sum, { journal }) => sum + journal.saved.length, 0);
    const target = count() + more;
    await eventually(() => { if (count() < target) throw new Error(`${count()} of ${target} saved; ${people.map((typist) => `${typist.journal.name} ${typist.status} ${typist.ended ?? ''}`).join(', ')}`); }, patienceMs);
  }

  /** Lets a fault last: time itself is the condition. */
  async lasts(forMs: number): Promise<void> {
    const untilMs = performance.now() + forMs;
    await eventually(() => { if (performance.now() < untilMs) throw new Error('not over'); }, forMs + patienceMs);
  }

  /** Throws when a word that was typed in this span of time was answered as saved in it, by one node or any: nothing could be stored then. */
  nothingSaved(people: readonly Typist[], fromMs: number, toMs: number, by?: FaultNode): void {
    const wrong = people.flatMap(({ journal }) => journal.acts.filter((act) =>
      act.atMs > fromMs + graceMs && act.savedAtMs !== undefined && act.savedAtMs < toMs && (!by || act.way === by.ws)));
    if (wrong.length > 0) throw new Error(`${wrong.length} words were answered as saved while nothing could be stored, the first of them ${wrong[0]?.token}`);
  }

  /** Waits until everybody at the table sees everybody else there, on whatever node; answers after how many seconds. */
  async seeEachOther(table: Table): Promise<number> {
    const fromMs = performance.now();
    const people = table.people.filter(({ gone }) => !gone);
    await eventually(() => {
      for (const one of people) {
        const unseen = people.filter((other) => other !== one && !one.sees.has(other.doc.clientID));
        if (unseen.length > 0) throw new Error(`${one.journal.name} does not see ${unseen.map(({ journal }) => journal.name).join(', ')}`);
      }
    }, patienceMs);
    return (performance.now() - fromMs) / 1000;
  }

  /** Milliseconds from a word's being saved until somebody else reads it, shortest first. */
  async lag(from: Typist, to: Typist, words = 5): Promise<number[]> {
    const found: number[] = [];
    while (found.length < words) {
      const token = from.typeOne();
      const act = from.journal.acts.at(-1);
      if (token === undefined || act?.kind !== 'word') continue;
      // A word that its author takes away before it has travelled is never read elsewhere.
      from.journal.awaited.add(token);
      await eventually(() => { if (!to.tokens.includes(token)) throw new Error(`${to.journal.name} does not read ${token}`); }, patienceMs);
      found.push(Math.max(0, performance.now() - (act.savedAtMs ?? performance.now())));
      from.journal.awaited.delete(token);
    }
    return found.toSorted((a, b) => a - b);
  }

  /** Those of the table who are at the node now. */
  at(table: Table, node: FaultNode): Typist[] {
    return table.people.filter(({ way, gone }) => !gone && way === node.ws);
  }

  /** Says that the fault is over, and waits until each of these people had something newly saved since. */
  async healed(people: readonly Typist[] = this.everybody, sinceMs = performance.now()): Promise<void> {
    const seconds = await eventually(() => people.filter(({ gone }) => !gone).map(({ journal, status, ended }) => {
      const first = journal.firstSavedAfter(sinceMs);
      if (first === undefined) throw new Error(`${journal.name} has nothing newly saved; ${status} ${ended ?? ''}`);
      return (first - sinceMs) / 1000;
    }), patienceMs);
    this.#healSeconds = Math.max(this.#healSeconds ?? 0, ...seconds);
  }

  /**
   * Holds what was answered as saved so far against the log as it is now. To be asked while no node runs: later whoever wrote a word that
   * was lost would say it again, and hide the loss.
   */
  async promisesKept(): Promise<void> {
    for (const { planId, sectionId, people } of this.tables) {
      const journals = people.map(({ journal }) => journal);
      const found = check({ sectionId, journals, rows: await this.world.rows(planId), replicas: [], served: [], brokenChain: undefined });
      this.#findings.push(...found.filter(({ invariant }) => invariant === 'I1' || invariant === 'I9'));
    }
  }

  /** Everybody stops typing, everything is saved, everybody reads the same: then all is looked at. */
  async judge(): Promise<Figures> {
    for (const typist of this.everybody) typist.rest();
    const here = (table: Table): Typist[] => table.people.filter(({ gone }) => !gone);
    await eventually(() => {
      const open = this.everybody.filter((typist) => !typist.gone && typist.status !== 'saved');
      if (open.length > 0) throw new Error(`not everything is saved: ${open.map(({ journal, status }) => `${journal.name} ${status} closes ${journal.closes.map(({ code }) => code).join()}`).join('; ')}`);
    }, patienceMs);
    const evidence = async (table: Table): Promise<Evidence> => ({
      sectionId: table.sectionId, journals: table.people.map(({ journal }) => journal), rows: await this.world.rows(table.planId),
      replicas: here(table).map(({ journal, doc }) => replicaOf(journal.name, doc, table.sectionId)), brokenChain: undefined, served: await this.#served(table),
    });
    // A moment for the last words to reach everybody; whatever is still apart after it is a finding.
    await eventually(async () => {
      for (const table of this.tables) {
        const apart = check(await evidence(table)).filter(({ invariant }) => invariant === 'I3');
        if (apart.length > 0) throw new Error(apart[0]?.what);
      }
    }, 30_000).catch(() => undefined);
    const silent = this.everybody.reduce((sum, { journal }) => sum + journal.closes.filter((closed) => closed.silent).length, 0);
    if (silent > 0) this.notes.push(`${silent} lines given up for their silence`);
    const findings = this.#findings;
    for (const table of this.tables) {
      findings.push(...check({ ...(await evidence(table)), brokenChain: await this.world.brokenChain(table.planId) }));
    }
    return {
      acknowledged: this.everybody.reduce((sum, { journal }) => sum + journal.saved.length, 0),
      lost: findings.filter(({ invariant }) => invariant === 'I1').length,
      converged: !findings.some(({ invariant }) => invariant === 'I3'),
      healSeconds: this.#healSeconds, worstMemoryMb: this.world.worstMemoryMb, notes: this.notes, findings,
    };
  }

  async #served({ planId, sectionId }: Table): Promise<Evidence['served']> {
    return Promise.all(this.world.nodes.map(async (node) => {
      const { sections } = await this.world.get<{ sections: Record<string, unknown> }>(node, 'coordinator', `/api/plans/${planId}/content`);
      return { node: node.name, content: sections[sectionId] };
    }));
  }

  end(): void {
    for (const typist of this.everybody) typist.stop();
  }
}

/** Runs a scenario in the world and leaves the network healed, whatever happened. */
export async function runScenario(world: FaultWorld, scenario: Scenario, short: boolean): Promise<Figures> {
  world.forgetMemory();
  const run = new FaultRun(world, short);
  try {
    await scenario.run(run);
    world.heal();
    return await run.judge();
  } finally {
    world.heal();
    run.end();
  }
}

/** The middle and the value that 95 of 100 do not exceed, in words. */
export function spread(sortedMs: readonly number[]): string {
  if (sortedMs.length === 0) return 'nothing';
  const at = (share: number): number => Math.round(sortedMs[Math.min(sortedMs.length - 1, Math.floor(sortedMs.length * share))] ?? 0);
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`;
}
