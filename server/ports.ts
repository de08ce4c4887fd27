/** What the features ask of the world outside. Wiring in app.ts hands in the real thing; tests may hand in another that passes the same contract suite. */
import type { Logger } from 'pino';
import type * as Y from 'yjs';
import type { Actor } from '../shared/domain/roles.ts';
import type { Purpose } from '../shared/domain/audit.ts';
import type { PersonId, PlanId } from '../shared/ids.ts';
import type { PlanContent } from '../shared/content/planContent.ts';
import type { Result } from '../shared/refusal.ts';

export interface Clock {
  now(): Date;
  /** Calls back once after `ms`; the handle cancels it. */
  after(ms: number, work: () => void): { cancel(): void };
}

export type Random = (bytes: number) => Uint8Array;

export interface Queryable {
  /** Runs one statement with `$1…` parameters and answers its rows. A statement with a name of its own is read by the server once a connection. */
  query<Row extends object = Record<string, unknown>>(sql: string, values?: readonly unknown[], name?: string): Promise<Row[]>;
}
/** Statements inside one transaction. */
export interface Tx extends Queryable {
  readonly inTransaction: true;
}
export interface Database extends Queryable {
  /** Commits when `work` resolves, rolls back when it throws. Lock, statement and idle limits are set on every connection. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Hints between nodes. Losing one costs freshness, never a word. */
export interface Bus {
  publish(channel: string, message: Uint8Array): void;
  /** Resolves once messages will arrive; answers how to stop. */
  subscribe(channel: string, heard: (message: Uint8Array) => void): Promise<() => Promise<void>>;
  /** Called after the connection came back, when messages may have been missed. */
  onReconnect(heard: () => void): void;
  /** Expiring facts shared by all nodes: presence. */
  put(key: string, member: string, value: Uint8Array, expiryMs: number): Promise<void>;
  remove(key: string, member: string): Promise<void>;
  list(key: string): Promise<ReadonlyMap<string, Uint8Array>>;
  /** False while hints cannot be sent. */
  readonly connected: boolean;
  /** True where there is no other node: then nobody needs telling. */
  readonly alone?: true;
  close(): Promise<void>;
}

/** What was done to a plan, for its audit chain. Ids only: never a name, never what was written. */
export interface PlanAuditEntry {
  readonly action: string;
  readonly actor: PersonId | 'system';
  readonly role?: string;
  readonly organisation?: string;
  readonly section?: string;
  readonly outcome: 'done' | 'refused';
  readonly reason?: string;
  /** Told by the role when left out; only a right that is taken in an emergency says it. */
  readonly purpose?: Purpose;
  /** Further facts as strings and whole numbers: log positions, hashes, version numbers. */
  readonly ref?: Readonly<Record<string, string | number>>;
}

/** What was done that concerns no single plan: a list, a search, a sign-in, the reading of a trail. Ids and counts only: never what was searched for. */
export interface AccessEntry extends Omit<PlanAuditEntry, 'actor' | 'section'> {
  /** 'unknown' where nobody could be told to be who they said. */
  readonly actor: PersonId | 'system' | 'unknown';
  /** The plan whose trail was read, say. */
  readonly plan?: PlanId;
}
export interface AccessOptions {
  /** Nobody waits for it: it is kept with others for a quarter of a second at most, and tried again when storage is away. */
  readonly soon?: true;
  /** The same again by the same person counts as the same one for this long, in milliseconds: a list that a screen fetches by itself. */
  readonly sameForMs?: number;
  /** What else makes it the same: the words that were searched for, say. Kept in memory as a hash and never recorded. */
  readonly sameAs?: string;
}
/** Adds to the access chains of the actor's organisation. Resolves once it stands there; what rejects must not be shown. Lives in server/audit/access.ts. */
export type RecordAccess = (entry: AccessEntry, options?: AccessOptions) => Promise<void>;

/**
 * Adds entries to the plan's hash chain inside `tx`. Locks the plan's head row itself (FOR UPDATE), so chain order is commit order.
 * Lives in server/audit/chain.ts.
 */
export type AppendPlanAudit = (tx: Tx, planId: PlanId, entries: readonly PlanAuditEntry[]) => Promise<void>;

/** Work that must happen in the same transaction as a logged change; `position` is the one the change got. */
export type AlsoInTransaction = (tx: Tx, position: number) => Promise<void>;

/** The one way for the service itself (commands, practice colleagues' set-up, seeding) to change or read a plan's text. Lives in server/collab/planText.ts. */
export interface PlanText {
  /**
   * Changes one section as `actor`, through the same gate, log and commit as a person's keystrokes.
   * `change` works on a copy of the current section document. Refused as any edit would be, unless `as: 'service'`,
   * which may also write fields of merge class A.
   */
  write(order: {
    readonly planId: PlanId;
    readonly sectionId: string;
    readonly actor: Actor;
    readonly as: 'person' | 'service';
    readonly change: (doc: Y.Doc) => void;
    readonly also?: AlsoInTransaction;
  }): Promise<Result<{ readonly position: number }>>;
  /** The first log rows of a plan that is being made in `tx`; one section each, in order. Answers the head position. */
  begin(tx: Tx, planId: PlanId, author: Actor, sections: ReadonlyMap<string, (doc: Y.Doc) => void>): Promise<number>;
  /** The whole plan as JSON, read from the log up to `position` (the head when left out), every section included. */
  contentAt(db: Queryable, planId: PlanId, position?: number): Promise<PlanContent>;
  /** Tells every node that something other than text happened to the plan: a sign-off at `position`, a change of access. */
  announce(planId: PlanId, what: PlanNotice): void;
}

export type PlanNotice =
  | { readonly kind: 'signed'; readonly number: number; readonly position: number; readonly by: string; readonly at: string }
  | { readonly kind: 'access-changed' };

/** The identity provider, and the file that says which of its roles are which here. */
export interface ProviderSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly rolesFile: string;
  /** False for the place where the file is looked for when nobody named one. */
  readonly rolesFileNamed: boolean;
}

export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string;
  readonly databaseUrl: string | undefined;
  readonly redisUrl: string | undefined;
  readonly dataDir: string;
  readonly demo: boolean;
  /** Undefined where people sign in as somebody of the demonstration. */
  readonly provider?: ProviderSettings | undefined;
  readonly logLevel: string;
  readonly nodeId: string;
  /** Where the copies of the audit log's checkpoints lie: rightly on another volume than the database. */
  readonly checkpointsDir: string;
  /** Houses that are asked to co-sign our checkpoints: address and C2SP verifier key. */
  readonly witnesses: readonly WitnessSetting[];
  /** Verifier keys of the logs that we co-sign for others. */
  readonly witnessFor: readonly string[];
  /** Whether patients are told the names of those who looked at their plan, or roles and organisations only. */
  readonly namesForPatients: boolean;
  /** Addresses, as "10.0.0.0/8", of proxies that may say for whom they speak; nobody when left out. */
  readonly trustedProxies?: readonly string[];
  /** Opens `/metrics` to whoever says it; when left out, `/metrics` answers programs on this computer only. */
  readonly metricsToken?: string | undefined;
}
export interface WitnessSetting {
  readonly key: string;
  /** Origin of the house's PUBLIC_URL. */
  readonly address: string;
}

/** Everything a feature's routes may need. */
export interface Deps {
  readonly settings: Settings;
  readonly db: Database;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly text: PlanText;
  readonly recordAccess: RecordAccess;
}
