/** What must hold at every moment of a simulation, told from outside: from what stands in the tables and from what leaves each socket. */
import { deathField, may } from '../../shared/domain/access.ts';
import type { PersonId, PlanId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import { decodeFrames, splitSection, type ServerFrame } from '../../shared/crdt/frame.ts';
import type { Share } from '../../server/collab/planLog.ts';
import type { KeptPlan, KeptRow, MemoryTables } from '../support/memoryTables.ts';
import { stage } from './cast.ts';
import type { Change, Client } from './client.ts';
import { Known } from './known.ts';
import type { Schedule } from './schedule.ts';
import type { Written } from './writing.ts';

export interface TokenFate {
  readonly planId: PlanId;
  readonly section: string;
  /** In running text, where nothing but a deletion takes it away again. */
  readonly prose: boolean;
  acknowledged: boolean;
  /** Somebody has tried to take it away. */
  taken: boolean;
  takenForSure: boolean;
}

/** A frame on its way to people. */
interface Seen {
  readonly section: string;
  readonly frames: readonly ServerFrame[];
  readonly hostile: boolean;
  /** Sections whose words are in it. */
  readonly wordsOf: readonly string[];
  committed: boolean;
}

/** How long somebody may go on reading after a right was taken away, should everything that tells of it fail: until the next question after who they are, or until storage has been silent for too long. */
const readingOnMs = limits.storageSilenceMs + 2 * limits.sessionCheckMs;

export class Checks {
  readonly tokens = new Map<string, TokenFate>();
  readonly owners = new Map<number, PersonId>();
  acknowledged = 0;
  rows = 0;
  refusals = 0;
  readonly #known = new Map<string, Known>();
  readonly #lostAtMs = new Map<string, number>();
  readonly #refused = new Map<string, number>();
  readonly #openedUpTo = new Map<PlanId, { seq: number; readonly people: Set<string> }>();
  readonly #frames = new WeakMap<Uint8Array, Seen>();
  #first: string | undefined;

  constructor(private readonly tables: MemoryTables, private readonly schedule: Schedule) {
    tables.onFit = (plan, share) => this.#fits(plan, share);
    tables.onRows = (plan, rows) => this.#stands(plan, rows);
  }

  /** The first thing that did not hold. */
  get violation(): string | undefined {
    return this.#first;
  }
  violated(what: string): void {
    if (this.#first !== undefined) return;
    this.#first = what;
    this.schedule.note(`VIOLATED: ${what}`);
  }

  known(planId: PlanId, section: string): Known {
    const key = `${planId} ${section}`;
    let known = this.#known.get(key);
    if (!known) this.#known.set(key, (known = new Known()));
    return known;
  }

  /** A share is about to be written: its writers must have the right at this moment, and each row be in its author's own name. */
  #fits(plan: KeptPlan, { rows }: Share): void {
    const head = this.tables.headOf(plan);
    let deathTouched = false;
    for (const { sectionId, authorId, spans, bytes, position } of rows) {
      const author = this.tables.people.get(authorId);
      const allowed = author && may(author, 'edit-section', { kind: 'section', plan: deathTouched ? { ...head, died: false } : head, section: sectionId });
      if (!allowed?.ok && !deathTouched) this.violated(`row ${position} in ${sectionId} by ${authorId}, who may not write there now`);
      for (const [client] of spans) if (this.owners.get(client) !== authorId) this.violated(`row ${position} is in the name of ${authorId} and holds what client ${client} of ${this.owners.get(client) ?? 'nobody'} wrote`);
      if (Buffer.from(bytes).includes('hostile')) this.violated(`row ${position} holds what had to be refused`);
      if (sectionId === 'death' && rows.some(({ fields }) => fields.includes(deathField))) deathTouched = true;
    }
  }

  #stands(plan: KeptPlan, rows: readonly KeptRow[]): void {
    this.rows += rows.length;
    for (const { position, sectionId, bytes } of rows) {
      if (sectionId === undefined) continue;
      const fault = this.known(plan.id, sectionId).take(bytes);
      if (fault !== undefined) this.violated(`row ${position} of ${plan.id}, ${sectionId}: ${fault}`);
    }
  }

  /** Rights may have changed: remembers when each was lost. To be called with every change. */
  rightsChanged(): void {
    for (const plan of this.tables.plans.values()) {
      for (const person of this.tables.people.values()) {
        for (const section of stage) {
          const key = `${plan.id} ${person.id} ${section.id}`;
          const allowed = may(person, 'view-section', { kind: 'section', plan: this.tables.headOf(plan), section: section.id }).ok;
          if (allowed) this.#lostAtMs.set(key, Infinity);
          else if (this.#lostAtMs.get(key) === Infinity) this.#lostAtMs.set(key, this.schedule.nowMs);
        }
      }
    }
  }

  /** A node hands a frame to a client's socket. */
  sent(client: Client, bytes: Uint8Array): void {
    const seen = this.#seen(client, bytes);
    if (!seen) return this.violated(`${client.name} is sent a frame that cannot be read`);
    for (const frame of seen.frames) this.#say(client, seen, frame);
    if (seen.hostile) this.violated(`${client.name} is shown what had to be refused`);
    for (const id of seen.wordsOf) this.#mayBeShown(client, id);
  }

  /** What is in a frame; the same bytes go to many. */
  #seen(client: Client, bytes: Uint8Array): Seen | undefined {
    const known = this.#frames.get(bytes);
    if (known) return known;
    const split = client.onlySection === undefined ? splitSection(bytes) : { section: client.onlySection, frame: bytes };
    const frames = split && decodeFrames(split.frame);
    if (!split || !frames) return undefined;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
    const seen = { section: split.section, frames, hostile: text.includes('hostile'), wordsOf: stage.map(({ id }) => id).filter((id) => text.includes(`(${id}:`)), committed: false };
    this.#frames.set(bytes, seen);
    return seen;
  }

  #say(client: Client, seen: Seen, frame: ServerFrame): void {
    const { section } = seen;
    const plan = this.tables.plans.get(client.planId);
    if (!plan) return this.violated(`${client.name} is sent something of no plan`);
    switch (frame.kind) {
      case 'update': case 'step2': {
        this.#mayBeShown(client, section);
        if (!this.#opened(plan).has(client.person.id)) this.violated(`${client.name} is shown ${section} before the opening stands in the audit chain`);
        // What stands once stands for ever.
        const missing = seen.committed ? undefined : this.known(plan.id, section).misses(frame.update);
        seen.committed = missing === undefined;
        if (missing !== undefined) this.violated(`${client.name} is shown what is not committed: ${missing}`);
        return;
      }
      case 'barrier-answer': {
        if (frame.position > plan.position) this.violated(`${client.name} is told position ${frame.position}, where ${plan.position} stands`);
        for (const change of client.coveredBy(section, frame.number) ?? []) {
          const missing = this.known(plan.id, section).misses(change.update);
          if (missing !== undefined) this.violated(`${client.name} is told that ${section} is saved, without ${change.tokens.join(' ')}: ${missing}`);
        }
        return;
      }
      case 'notice': {
        const notice = frame.value as { kind: string; position?: number };
        if (notice.kind === 'changed') this.#mayBeShown(client, section);
        if ((notice.position ?? 0) > plan.position) this.violated(`${client.name} is told of position ${notice.position}, where ${plan.position} stands`);
        return;
      }
      case 'step1': case 'awareness': case 'denied':
    }
  }

  #mayBeShown(client: Client, section: string): void {
    const lostAtMs = this.#lostAtMs.get(`${client.planId} ${client.person.id} ${section}`);
    if (lostAtMs === undefined) this.violated(`${client.name} is shown ${section}, which is not for ${client.person.id}`);
    else if (this.schedule.nowMs - lostAtMs > readingOnMs) this.violated(`${client.name} is shown ${section} ${Math.round(this.schedule.nowMs - lostAtMs)} ms after the right to it was lost`);
  }

  /** Who has an opening of the plan in its audit chain. */
  #opened(plan: KeptPlan): ReadonlySet<string> {
    const read = this.#openedUpTo.get(plan.id) ?? { seq: 0, people: new Set() };
    this.#openedUpTo.set(plan.id, read);
    for (const { entry } of plan.entries.slice(read.seq)) {
      const { action, outcome, actor } = JSON.parse(entry) as { action: string; outcome: string; actor: { id: string } };
      if (action === 'open-plan' && outcome === 'done') read.people.add(actor.id);
    }
    read.seq = plan.entries.length;
    return read.people;
  }

  /** These words are on their way. */
  noted(planId: PlanId, section: string, { tokens, taken, prose }: Written): void {
    for (const token of tokens) this.tokens.set(token, { planId, section, prose, acknowledged: false, taken: false, takenForSure: false });
    for (const token of taken) {
      const fate = this.tokens.get(token);
      if (fate) fate.taken = true;
    }
  }
  acknowledge(client: Client, section: string, changes: readonly Change[]): void {
    this.acknowledged += changes.length;
    for (const change of changes) {
      const missing = this.known(client.planId, section).misses(change.update);
      if (missing !== undefined) this.violated(`${client.name} takes for saved in ${section} what does not stand: ${missing}`);
      this.vouched(change);
    }
  }
  /** The service has said that these stand. */
  vouched({ tokens, taken }: Written): void {
    for (const token of tokens) {
      const fate = this.tokens.get(token);
      if (fate) fate.acknowledged = true;
    }
    for (const token of taken) {
      const fate = this.tokens.get(token);
      if (fate) fate.takenForSure = true;
    }
  }

  /** Somebody was told that a change was refused: that must stand in the audit chain, as often as it was told. */
  refused(client: Client, section: string, code: string, isHostile: boolean): void {
    this.refusals += 1;
    const wroteNothing = !(client.papers.get(section)?.unsaved ?? []).some(({ byPerson }) => byPerson);
    if (!isHostile && wroteNothing) this.violated(`${client.name}, who wrote nothing, is refused in ${section}: ${code}`);
    if (!isHostile && code !== 'not-allowed') this.violated(`${client.name}, who does nothing wrong, is refused in ${section}: ${code}`);
    const key = `${client.planId} ${client.person.id} ${section} ${code}`;
    const told = (this.#refused.get(key) ?? 0) + 1;
    this.#refused.set(key, told);
    const entries = this.tables.plans.get(client.planId)?.entries ?? [];
    const recorded = entries.filter(({ entry }) => {
      const { action, outcome, actor, section: where, reason } = JSON.parse(entry) as { action: string; outcome: string; actor: { id: string }; section?: string; reason?: string };
      return action === 'edit' && outcome === 'refused' && actor.id === client.person.id && where === section && reason === code;
    }).length;
    if (recorded < told) this.violated(`${client.name} was refused in ${section} (${code}) ${told} times, of which ${recorded} are recorded`);
  }
}
