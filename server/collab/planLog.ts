/**
 * What live editing asks of storage. In the service it is PostgreSQL (`postgresLog.ts`); the simulation has a model of it that passes the
 * same contract suite. Nothing here is ever changed or taken away again, except a copy of a section, which the log can always make anew.
 */
import type { PlanFacts } from '../../shared/domain/planFacts.ts';
import type { OrganisationId, PersonId, PlanId } from '../../shared/ids.ts';
import type { PlanAuditEntry, Tx } from '../ports.ts';
import type { Span } from './gate.ts';

/** Who wrote a row, as others see it. */
export interface RowAuthor {
  readonly id: string;
  readonly name: string;
  readonly role: string;
}

/** One accepted update, as the log holds it. */
export interface LogRow {
  readonly position: number;
  readonly sectionId: string;
  readonly bytes: Uint8Array;
  readonly spans: readonly Span[];
  /** Ids of the fields that read differently since; empty when the plan reads as before. */
  readonly fields: readonly string[];
  readonly author: RowAuthor;
  readonly at: Date;
}

/** What decides about access, with where the plan's log and its audit chain stand. Everything that happens to a plan moves `auditSeq`. */
export interface PlanHead extends PlanFacts {
  readonly position: number;
  readonly auditSeq: number;
  /** Until when, in milliseconds since 1970, the facts hold unless something happens to the plan; null when the clock alone never changes them. */
  readonly holdUntilMs: number | null;
  /** The answer about sharing in the latest signed version, as stored; null or undefined when there is none. */
  readonly signedSharing: unknown;
  /** Number of the latest signed version, 0 before the first. */
  readonly latestVersion: number;
}

/** A section as it stood at a position: one Yjs update that holds everything up to there. */
export interface Checkpoint {
  readonly position: number;
  readonly bytes: Uint8Array;
  /** The state vector of `bytes`: a long copy is not read through to learn how far it reaches. */
  readonly stateVector: Uint8Array;
}

/** What is stored of one section: the latest copy, if there is one, the rows after it up to the head, and to whom each client id belongs. */
export interface StoredSection {
  readonly checkpoint: Checkpoint | undefined;
  readonly rows: readonly LogRow[];
  readonly owners: ReadonlyMap<number, string>;
}
export interface StoredPlan {
  readonly head: PlanHead;
  readonly sections: ReadonlyMap<string, StoredSection>;
}

export interface SignOff {
  readonly number: number;
  readonly position: number;
  readonly by: string;
  readonly at: Date;
}

export interface NewRow {
  readonly position: number;
  readonly sectionId: string;
  readonly bytes: Uint8Array;
  readonly spans: readonly Span[];
  readonly fields: readonly string[];
  readonly authorId: PersonId;
}
export interface NewLease {
  readonly sectionId: string;
  readonly client: number;
  readonly personId: PersonId;
}
/** What the head keeps for lists, changed by the rows it comes with. */
export interface SummaryChange {
  /** Fields to keep in the plan's summary. */
  readonly set: Readonly<Record<string, unknown>>;
  /** Fields to take out of it. */
  readonly removed: readonly string[];
  /** Section id → ids of its fields that are contradicted now, for the sections that were written. */
  readonly disputed: Readonly<Record<string, readonly string[]>>;
}
/** Somebody in whose name the share writes, as the decision knew them. */
export interface Writer {
  readonly id: PersonId;
  readonly role: string;
  readonly organisationId: OrganisationId;
  readonly seniorClinician: boolean;
}

/** One plan's share of a commit: what was decided on the head as it was then. */
export interface Share {
  readonly head: PlanHead;
  /** Dense from `head.position + 1`. */
  readonly rows: readonly NewRow[];
  /** Client ids that nobody had before. */
  readonly leases: readonly NewLease[];
  readonly summary: SummaryChange;
  readonly audit: readonly PlanAuditEntry[];
  readonly writers: readonly Writer[];
}
/** A share that stands. */
export interface Appended {
  readonly auditSeq: number;
  /** The database's time of the rows. */
  readonly at: Date;
}

/** A plan whose head nobody else can move until the work is done. */
export interface HeldPlan {
  readonly head: PlanHead;
  readonly tx: Tx;
  rows(sectionIds: readonly string[], after: number, upTo: number): Promise<readonly LogRow[]>;
  /** Writes the share, decided on `head`. Throws `NotAsDecided` when a writer is not who the decision took them for. */
  append(share: Share): Promise<Appended>;
}

/** What was decided no longer fits who somebody is; to be decided anew. */
export class NotAsDecided extends Error {
  constructor() {
    super('somebody in whose name this would be written has another role or organisation now');
  }
}

export interface PlanLog {
  /** Heads of these plans as they are now; unknown ids are left out. */
  heads(planIds: readonly PlanId[]): Promise<readonly PlanHead[]>;
  /** These sections of a plan, up to its head; `undefined` when there is no such plan. A copy that is damaged is passed over. */
  sections(planId: PlanId, sectionIds: readonly string[]): Promise<StoredPlan | undefined>;
  /** Updates of these sections after one position and up to another, in order. */
  rows(planId: PlanId, sectionIds: readonly string[], after: number, upTo: number): Promise<readonly LogRow[]>;
  /** The latest version of a plan. */
  latestSignOff(planId: PlanId): Promise<SignOff | undefined>;
  /**
   * In one commit: every share whose plan still is exactly as its `head` says, whose writers are who the share says, and that nobody holds.
   * What is missing from the answer was not written at all. When it throws, whether anything stands is unknown.
   */
  append(shares: readonly Share[]): Promise<ReadonlyMap<PlanId, Appended>>;
  /** Waits for whoever holds the plan (a bounded time), then holds it while `work` runs, and commits. `undefined` when there is no such plan. */
  hold<T>(planId: PlanId, work: (held: HeldPlan) => Promise<T>): Promise<T | undefined>;
  /** Keeps a copy of a section, unless a later one is kept. */
  keepCheckpoint(planId: PlanId, sectionId: string, checkpoint: Checkpoint): Promise<void>;
}
