/** What the process that runs the benchmark asks of the process that makes the load, and what comes back. */

/**
 * How a server is spoken to. `sections`: one socket a plan, every frame begins with its section (Accord and the relays). `named`: one
 * socket, one document a plan, every frame begins with the document's name, after a token (Hocuspocus). `plain`: y-websocket.
 */
export type Dialect = 'sections' | 'named' | 'plain';

export interface Target {
  readonly dialect: Dialect;
  readonly port: number;
  /** What comes before the plan's id in the address. */
  readonly path: string;
  /** Whether it answers when an edit is saved, or says so. */
  readonly answers: boolean;
}

/** Somebody who types: where, and what they may open. */
export interface Person {
  /** Sessions of people who do this in turn, one plan each: nobody has hundreds of plans open. */
  readonly cookies: readonly string[];
  /** Sections that they open, of those that the plan has. */
  readonly opens: readonly string[];
  readonly section: string;
  readonly field: string;
}

/** A care plan that every plan of the run begins as: base64 of each section's document, and of all of them in one. */
export interface Content {
  readonly sections: Readonly<Record<string, string>>;
  readonly whole: string;
}

interface Common {
  readonly target: Target;
  readonly plans: readonly string[];
  readonly people: readonly Person[];
}
/** People type at a steady rate; `warmMs` before anything is counted. */
export interface SteadyOrder extends Common {
  readonly kind: 'steady';
  readonly editsPerSecond: number;
  readonly warmMs: number;
  readonly measureMs: number;
}
/** Everybody types as fast as it is delivered, with at most `window` edits of their own under way. */
export interface SaturationOrder extends Common {
  readonly kind: 'saturation';
  readonly warmEdits: number;
  readonly edits: number;
  readonly window: number;
  readonly deadlineMs: number;
}
/** Everybody opens their plan at once. `again`: then loses the connection, comes back at once, and the return is what counts. */
export interface OpeningOrder extends Common {
  readonly kind: 'opening';
  readonly again: boolean;
  /** Bytes of text that each must have received, so that nobody counts as in who has nothing. */
  readonly bytesMin: number;
  readonly deadlineMs: number;
  /** Stay until told to `leave`. */
  readonly stay: boolean;
}
/** Puts the content into every plan, for servers that can only be filled by a client. */
export interface FillOrder extends Common {
  readonly kind: 'fill';
  readonly whole: string;
}
export interface LeaveOrder {
  readonly kind: 'leave';
}
export type Order = SteadyOrder | SaturationOrder | OpeningOrder | FillOrder | LeaveOrder;

export interface Spread {
  readonly p50: number;
  readonly p99: number;
  readonly count: number;
}
export interface Outcome {
  /** Edits sent, all in all. */
  readonly sent: number;
  /** Of these, how often one of them should have reached somebody else, and how often it did. */
  readonly owed: number;
  readonly delivered: number;
  /** While it was measured. */
  readonly deliveredMeasured: number;
  readonly seconds: number;
  readonly others: Spread | undefined;
  readonly saved: Spread | undefined;
  /** Edits that arrived twice or with something missing before them. */
  readonly disorder: number;
  /** Frames of presence that came while it was measured. */
  readonly presence: number;
  /** Connections that the server ended. */
  readonly closed: number;
  /** How busy the load's own process was, 0 to 1: near 1 it is the limit, not the server. */
  readonly busy: number;
}

export type FromGenerator =
  | { readonly kind: 'ready' }
  | { readonly kind: 'measuring' }
  | { readonly kind: 'measured' }
  | { readonly kind: 'done'; readonly outcome: Outcome }
  | { readonly kind: 'failed'; readonly why: string };
export type ToGenerator = { readonly kind: 'content'; readonly content: Content } | { readonly kind: 'order'; readonly order: Order };
