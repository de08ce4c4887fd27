/** A proxy before PostgreSQL that understands what passes: a test can act exactly when a change to a plan's log is about to be stored, stored, or known. */
import type { NetConnectOpts } from 'node:net';
import { Proxy, type Filter, type Link } from './proxy.ts';

/**
 * Moments in the life of a statement that adds rows to plan_log, in order. Found by what passes, whether it is one statement that commits
 * by itself or part of BEGIN … COMMIT; in the first form `before-insert` and `before-commit` are one moment, as are `after-insert` and `after-commit`.
 */
export type Moment =
  /** Something begins that may add rows: not passed on yet. */
  | 'before-transaction'
  /** The statement with the rows: not passed on yet. */
  | 'before-insert'
  /** The server has answered the statement; the answer is not passed on yet. */
  | 'after-insert'
  /** What makes it durable: not passed on yet. */
  | 'before-commit'
  /** What makes it durable has just been passed on; its outcome is unknown. */
  | 'commit-passed'
  /** It is durable; the answer is not passed on yet. */
  | 'after-commit';
export const moments: readonly Moment[] = ['before-transaction', 'before-insert', 'after-insert', 'before-commit', 'commit-passed', 'after-commit'];

const adds = /\bINSERT\s+INTO\s+plan_log\b/i;
/** The database's own function that adds rows, among other things: whether it does this time stands in what it is given. */
const mayAdd = /\baccord_append\s*\(/i;
const givenRows = '"rows":[[';
const begins = /^\s*(BEGIN|START\s+TRANSACTION)\b/i;
const commits = /(^|;)\s*(COMMIT|END)\s*;?\s*$/i;
const rollsBack = /^\s*ROLLBACK\b/i;

export interface PostgresProxy {
  readonly proxy: Proxy;
  /** Acts once, the next time that the moment comes; what waits there goes on when `act` is done. Resolves after that, or with false when cancelled. */
  at(moment: Moment, act: (link: Link) => void | Promise<void>): { readonly done: Promise<boolean>; cancel(): void };
  /** How many commits that added rows were answered so far. */
  readonly commits: () => number;
}

interface Armed {
  readonly act: (link: Link) => void | Promise<void>;
  readonly settle: (happened: boolean) => void;
}

/** Starts it before the server at `target`. */
export async function startPostgresProxy(target: NetConnectOpts): Promise<PostgresProxy> {
  const armed = new Map<Moment, Armed>();
  let committed = 0;
  const reached = async (moment: Moment, link: Link): Promise<void> => {
    if (moment === 'after-commit') committed += 1;
    const one = armed.get(moment);
    if (!one) return;
    armed.delete(moment);
    await one.act(link);
    one.settle(true);
  };
  const proxy = await Proxy.start({ target, filters: (link) => conversation((moment) => reached(moment, link)) });
  return {
    proxy,
    commits: () => committed,
    at: (moment, act) => {
      let settle: (happened: boolean) => void = () => undefined;
      const done = new Promise<boolean>((resolve) => { settle = resolve; });
      const one: Armed = { act, settle };
      armed.set(moment, one);
      return {
        done,
        cancel: () => {
          if (armed.get(moment) === one) armed.delete(moment);
          settle(false);
        },
      };
    },
  };
}

/** Both directions of one connection, followed message by message. */
function conversation(reached: (moment: Moment) => Promise<void>): { readonly up: Filter; readonly down: Filter } {
  const statements = new Map<string, string>();
  const portals = new Map<string, { readonly text: string; readonly writes: boolean }>();
  let inTransaction = false;
  /** Requests that end with an answer "ready", sent and answered. */
  let sent = 0;
  let answered = 0;
  let insertAt: number | undefined;
  let commitAt: number | undefined;
  let failed = false;
  let started = false;
  const fromClient = cutter(() => started);
  const fromServer = cutter(() => true);

  /** What a request that is about to be carried out means. */
  async function before({ text, writes }: { readonly text: string; readonly writes: boolean }): Promise<boolean> {
    const opens = begins.test(text);
    if (opens || (writes && !inTransaction)) await reached('before-transaction');
    if (opens) inTransaction = true;
    if (writes) {
      insertAt = sent + 1;
      failed = false;
      await reached('before-insert');
    }
    const ends = commits.test(text) && inTransaction;
    const decides = insertAt !== undefined && (ends || (writes && !inTransaction));
    if (decides) {
      commitAt = sent + 1;
      await reached('before-commit');
    }
    if (ends || rollsBack.test(text)) inTransaction = false;
    return decides;
  }

  const up: Filter = async (chunk, pass) => {
    let decided = false;
    for (const message of fromClient(chunk)) {
      if (!started) {
        // The opening has no type; a question about encryption comes before the real one.
        started = message.readInt32BE(4) >> 16 === 3;
        pass(message);
        continue;
      }
      const type = String.fromCharCode(message[0] ?? 0);
      const [first = '', second = ''] = strings(message.subarray(5));
      if (type === 'P') statements.set(first, second);
      if (type === 'B') {
        const text = statements.get(second) ?? '';
        portals.set(first, { text, writes: adds.test(text) || (mayAdd.test(text) && message.includes(givenRows)) });
      }
      const request = type === 'Q' ? { text: first, writes: adds.test(first) } : type === 'E' ? portals.get(first) : undefined;
      if (request && (await before(request))) decided = true;
      if (type === 'Q' || type === 'S') sent += 1;
      pass(message);
    }
    if (decided) await reached('commit-passed');
  };

  const down: Filter = async (chunk, pass) => {
    const messages = [...fromServer(chunk)];
    for (const message of messages) {
      const type = String.fromCharCode(message[0] ?? 0);
      if (type === 'E') failed = true;
      if (type !== 'Z') continue;
      // The first "ready" ends the opening, which nobody asked for with a request.
      if (sent > 0) answered += 1;
      if (insertAt !== undefined && answered === insertAt && !failed) await reached('after-insert');
      if (commitAt === undefined || answered !== commitAt) continue;
      if (!failed) await reached('after-commit');
      insertAt = undefined;
      commitAt = undefined;
    }
    for (const message of messages) pass(message);
  };
  return { up, down };
}

/** Cuts a stream into whole messages: a type, a length of four bytes that counts itself, and the rest; without a type until `typed`. */
function cutter(typed: () => boolean): (chunk: Buffer) => Generator<Buffer> {
  let rest = Buffer.alloc(0);
  return function* cut(chunk: Buffer) {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const head = typed() ? 1 : 0;
      if (rest.length < head + 4) return;
      const length = head + rest.readInt32BE(head);
      if (rest.length < length) return;
      const message = rest.subarray(0, length);
      rest = rest.subarray(length);
      yield message;
    }
  };
}

/** The first two texts of a message's body, each ended by a zero byte. */
function strings(body: Buffer): string[] {
  const end = body.indexOf(0);
  if (end < 0) return [];
  const next = body.indexOf(0, end + 1);
  return [body.toString('utf8', 0, end), next < 0 ? '' : body.toString('utf8', end + 1, next)];
}
