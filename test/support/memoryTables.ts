/**
 * The tables that live editing rests on, as a model in memory: plans with their heads, logs, leases, copies, versions and audit chains, and the
 * people who write. Each method is one statement: it happens at once and whole, or throws and nothing of it happened.
 */
import { createHash } from 'node:crypto';
import { asEntry } from '../../server/audit/chain.ts';
import { by } from '../../server/audit/entries.ts';
import { entryHash } from '../../server/audit/hash.ts';
import { hashOfRows } from '../../server/audit/rows.ts';
import type { Appended, Checkpoint, LogRow, PlanHead, Share, SignOff } from '../../server/collab/planLog.ts';
import type { PlanAuditEntry } from '../../server/ports.ts';
import { spellEntry } from '../../shared/domain/audit.ts';
import type { PersonTie } from '../../shared/domain/planFacts.ts';
import { isWithdrawn, limitsOf } from '../../shared/domain/sharing.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import type { OrganisationId, PersonId, PlanId } from '../../shared/ids.ts';
import { Locks, type Holder } from './memoryLocks.ts';

/** A row of the log; one without a section marks a sign-off. */
export interface KeptRow extends Omit<LogRow, 'sectionId' | 'author'> {
  readonly sectionId: string | undefined;
  readonly authorId: PersonId;
}
export interface KeptEntry {
  readonly seq: number;
  readonly entry: string;
  readonly hash: Buffer;
}
export interface KeptVersion extends SignOff {
  readonly contentHash: string;
}
export interface KeptPlan {
  readonly id: PlanId;
  closed: boolean;
  team: readonly OrganisationId[];
  /** People with a relationship of their own, from and until when, in milliseconds since 1970. */
  people: readonly { readonly tie: PersonTie; readonly sinceMs: number; readonly untilMs: number }[];
  /** The answer about sharing that was signed last. */
  signedSharing: unknown;
  summary: Readonly<Record<string, unknown>>;
  position: number;
  /** Where the plan last began to read differently. */
  contentPosition: number;
  auditHash: Buffer | null;
  readonly rows: KeptRow[];
  readonly leases: Map<string, PersonId>;
  readonly copies: Map<string, Checkpoint & { readonly hash: string }>;
  readonly entries: KeptEntry[];
  readonly versions: KeptVersion[];
}
/** A share that fits its plan, ready to become true. */
export interface Prepared {
  readonly plan: KeptPlan;
  readonly share: Share;
  readonly at: Date;
}

const leaseKey = (sectionId: string, client: number): string => `${sectionId} ${client}`;
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export class MemoryTables {
  readonly people = new Map<PersonId, Actor>();
  readonly plans = new Map<PlanId, KeptPlan>();
  readonly locks = new Locks();
  /** Called when a share fits and is about to be written, before anything of it is. */
  onFit: (plan: KeptPlan, share: Share) => void = () => undefined;
  /** Called when rows have come to stand. */
  onRows: (plan: KeptPlan, rows: readonly KeptRow[]) => void = () => undefined;
  #lastMs = 0;

  constructor(private readonly now: () => Date) {}

  addPlan(id: PlanId, team: readonly OrganisationId[]): KeptPlan {
    const plan: KeptPlan = {
      id, closed: false, team: team.toSorted(), people: [], signedSharing: null, summary: {}, position: 0, contentPosition: 0, auditHash: null,
      rows: [], leases: new Map(), copies: new Map(), entries: [], versions: [],
    };
    this.plans.set(id, plan);
    return plan;
  }

  /** The time, which never goes back. */
  moment(): Date {
    this.#lastMs = Math.max(this.#lastMs, this.now().getTime());
    return new Date(this.#lastMs);
  }

  headOf(plan: KeptPlan): PlanHead {
    const died = plan.summary['dateOfDeath'];
    const nowMs = this.moment().getTime();
    const changes = plan.people.flatMap(({ sinceMs, untilMs }) => [sinceMs, untilMs]).filter((ms) => ms > nowMs && Number.isFinite(ms));
    return {
      id: plan.id, position: plan.position, auditSeq: plan.entries.length, open: !plan.closed, died: died !== undefined && died !== null && died !== '',
      latestVersion: plan.versions.at(-1)?.number ?? 0, team: [...plan.team], keepers: plan.team.slice(0, 1),
      people: plan.people.filter(({ sinceMs, untilMs }) => sinceMs <= nowMs && untilMs > nowMs).map(({ tie }) => tie),
      limits: limitsOf(plan.summary['sharingLimits']), withdrawn: isWithdrawn(plan.summary['consentShare'], plan.signedSharing), signedSharing: plan.signedSharing,
      holdUntilMs: changes.length > 0 ? Math.min(...changes) : null,
    };
  }
  heads(planIds: readonly PlanId[]): PlanHead[] {
    return planIds.flatMap((id) => {
      const plan = this.plans.get(id);
      return plan ? [this.headOf(plan)] : [];
    });
  }

  /** Updates of each section after a position of its own and up to a common one, in order. */
  rowsAfterEach(planId: PlanId, after: ReadonlyMap<string, number>, upTo: number): LogRow[] {
    return (this.plans.get(planId)?.rows ?? []).flatMap(({ sectionId, authorId, ...row }) => {
      const from = sectionId === undefined ? undefined : after.get(sectionId);
      if (sectionId === undefined || from === undefined || row.position <= from || row.position > upTo) return [];
      const author = this.people.get(authorId);
      return [{ ...row, sectionId, author: { id: authorId, name: author?.name ?? 'Accord', role: author?.role ?? 'system' } }];
    });
  }

  leases(planId: PlanId, sectionId: string): Map<number, string> {
    const own = [...(this.plans.get(planId)?.leases ?? [])].map(([key, person]) => [key.split(' '), person] as const);
    return new Map(own.filter(([[section]]) => section === sectionId).map(([[, client], person]) => [Number(client), person]));
  }

  /** Copies that are what was stored; a damaged one is passed over. */
  copies(planId: PlanId, sectionIds: readonly string[]): Map<string, Checkpoint> {
    const plan = this.plans.get(planId);
    return new Map(sectionIds.flatMap((id): [string, Checkpoint][] => {
      const copy = plan?.copies.get(id);
      return copy && hashOf(copy.bytes) === copy.hash ? [[id, { position: copy.position, bytes: copy.bytes, stateVector: copy.stateVector }]] : [];
    }));
  }
  keepCopy(planId: PlanId, sectionId: string, { position, bytes, stateVector }: Checkpoint): void {
    const plan = this.plans.get(planId);
    if (!plan) throw new Error('a copy of a plan that does not exist');
    const kept = plan.copies.get(sectionId);
    if (kept && kept.position >= position && hashOf(kept.bytes) === kept.hash) return;
    plan.copies.set(sectionId, { position, bytes: Uint8Array.from(bytes), stateVector: Uint8Array.from(stateVector), hash: hashOf(bytes) });
  }

  latestSignOff(planId: PlanId): SignOff | undefined {
    const latest = this.plans.get(planId)?.versions.at(-1);
    return latest && { number: latest.number, position: latest.position, by: latest.by, at: latest.at };
  }

  /** The shares that can be written now by somebody who holds what `holder` holds. Throws when a client id would have two owners. */
  prepare(shares: readonly Share[], holder: Holder | undefined): Prepared[] {
    const at = this.moment();
    const fitting = shares.flatMap((share): Prepared[] => {
      const plan = this.plans.get(share.head.id);
      return plan && this.#fits(plan, share, holder) ? [{ plan, share, at }] : [];
    });
    for (const { plan, share } of fitting) {
      const taken = new Set(plan.leases.keys());
      for (const { sectionId, client } of share.leases) {
        const key = leaseKey(sectionId, client);
        if (taken.has(key)) throw Object.assign(new Error(`the client id ${client} belongs to somebody already`), { code: '23505' });
        taken.add(key);
      }
    }
    for (const { plan, share } of fitting) this.onFit(plan, share);
    return fitting;
  }

  #fits(plan: KeptPlan, { head, writers }: Share, holder: Holder | undefined): boolean {
    const now = this.headOf(plan);
    const locked = this.locks.holderOf(plan.id);
    return (locked === undefined || locked === holder)
      && now.position === head.position && now.auditSeq === head.auditSeq && now.open === head.open && now.died === head.died && now.team.join(' ') === head.team.join(' ')
      && (head.holdUntilMs === null || this.moment().getTime() < head.holdUntilMs)
      && writers.every(({ id, role, organisationId, seniorClinician }) => {
        const person = this.people.get(id);
        return person !== undefined && person.role === role && person.organisationId === organisationId && person.seniorClinician === seniorClinician;
      });
  }

  /** Makes it true. */
  write(prepared: readonly Prepared[]): Map<PlanId, Appended> {
    return new Map(prepared.map(({ plan, share, at }) => {
      const rows = share.rows.map((row): KeptRow => ({ ...row, bytes: Uint8Array.from(row.bytes), at }));
      plan.rows.push(...rows);
      plan.position = rows.at(-1)?.position ?? plan.position;
      plan.contentPosition = rows.findLast(({ fields }) => fields.length > 0)?.position ?? plan.contentPosition;
      for (const { sectionId, client, personId } of share.leases) plan.leases.set(leaseKey(sectionId, client), personId);
      const { set, removed, disputed } = share.summary;
      const kept = Object.entries(plan.summary).filter(([key]) => !removed.includes(key));
      plan.summary = { ...Object.fromEntries(kept), ...set, disputed: { ...(plan.summary['disputed'] as object | undefined), ...disputed } };
      this.record(plan, share.audit, at);
      this.onRows(plan, rows);
      return [plan.id, { auditSeq: plan.entries.length, at }];
    }));
  }

  /** The row that a sign-off leaves in the log, and its entry. */
  mark(plan: KeptPlan, signer: Actor, version: number, at: Date): void {
    const position = plan.position + 1;
    plan.rows.push({ position, sectionId: undefined, bytes: new Uint8Array(), spans: [], fields: [], authorId: signer.id, at });
    plan.position = position;
    const rows = hashOfRows([{ position, section: null, author: signer.id, bytes: null }]);
    this.record(plan, [{ ...by(signer), action: 'sign-version', outcome: 'done', ref: { version, from: position, to: position, rows } }], at);
  }

  /** Adds to the plan's audit chain. */
  record(plan: KeptPlan, entries: readonly PlanAuditEntry[], at = this.moment()): void {
    for (const each of entries) {
      const seq = plan.entries.length + 1;
      const entry = spellEntry(asEntry(plan.id, each, seq, at.toISOString(), plan.auditHash?.toString('hex') ?? null));
      plan.auditHash = entryHash(entry);
      plan.entries.push({ seq, entry, hash: plan.auditHash });
    }
  }
}
