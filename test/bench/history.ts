/** A long history: what twelve people wrote into one field over months, a character at a time, with as much taken away again as people do. */
import * as Y from 'yjs';
import type { Content } from './orders.ts';
import { clientOf, documentOf, proseIn } from './typing.ts';
import { copyTemplate, staff, type World } from './world.ts';

/** Where it is written. */
export const historySection = 'wishes';
const historyField = 'whatMatters';
const authors = 12;
/** Characters in a row before somebody goes on elsewhere. */
const runMax = 14;
/** Text never grows beyond what the field may hold; from here on as much goes as comes. */
const lengthMax = 15_000;
const letters = 'etaoinshrdlu etaoins ';

/** Client id, and the clocks of what a row brought: from, and after. */
type Span = readonly [client: number, from: number, after: number];

export interface HistoryRow {
  readonly update: Uint8Array;
  readonly spans: readonly Span[];
  readonly author: string;
}
export interface History {
  readonly rows: readonly HistoryRow[];
  /** The section's document in the end. */
  readonly state: Uint8Array;
  /** The plan's document in the end, for servers that keep a plan in one. */
  readonly whole: Uint8Array;
}

/** Writes the history on top of the template's text. The same seed gives the same history. */
export function writeHistory(content: Content, edits: number): History {
  const doc = documentOf(content, historySection);
  const text = proseIn(doc, historyField);
  if (!text) throw new Error('the template has no text to go on from');
  const rows: HistoryRow[] = [];
  const chance = chances(20_261_125);
  let current: HistoryRow | undefined;
  let author = 0;
  doc.on('update', (update: Uint8Array) => { current = { update, spans: spansOf(update), author: (staff[author] as (typeof staff)[number]).id }; });
  while (rows.length < edits) {
    author = Math.floor(chance() * authors);
    // A browser tab a visit would be more ids still; this is what one long-open tab each gives.
    doc.clientID = clientOf(1000 + author);
    let at = 1 + Math.floor(chance() * (text.length - 1));
    const takesAway = text.length > 200 && chance() < (text.length > lengthMax ? 0.6 : 0.35);
    for (let run = 1 + Math.floor(chance() * runMax); run > 0 && rows.length < edits; run -= 1) {
      if (takesAway && at < text.length - 1) text.delete(at, 1);
      else {
        text.insert(at, letters[Math.floor(chance() * letters.length)] as string);
        at += 1;
      }
      rows.push(current as HistoryRow);
    }
  }
  const state = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  const whole = new Y.Doc();
  Y.applyUpdate(whole, Buffer.from(content.whole, 'base64'));
  Y.applyUpdate(whole, state);
  return { rows, state, whole: Y.encodeStateAsUpdate(whole) };
}

const spansOf = (update: Uint8Array): Span[] => {
  const { from, to } = Y.parseUpdateMeta(update);
  return [...from].map(([client, first]) => [client, first, to.get(client) ?? first] as const);
};

/** Numbers from 0 to 1 that look like chance and are the same each time. */
function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const rowsAtATime = 5_000;

/**
 * Puts the history into Accord's log, on plans that are copies of the template: rows, leases and heads as the engine writes them. Audit
 * entries are left out: nothing that is measured reads them.
 */
export async function insertHistory(world: World, { rows }: History, plans: readonly string[]): Promise<void> {
  const [first = '', ...others] = plans;
  await copyTemplate(world, [first]);
  const [head] = await world.query<{ position: string }>('accord', 'SELECT position FROM plans WHERE id = $1', [first]);
  const start = Number(head?.position);
  for (let at = 0; at < rows.length; at += rowsAtATime) {
    const some = rows.slice(at, at + rowsAtATime);
    await world.query('accord', `INSERT INTO plan_log (plan_id, position, kind, section_id, bytes, spans, author_id)
      SELECT $1, $2::bigint + row.n, 'update', $3, row.bytes, row.spans::jsonb, row.author FROM unnest($4::bytea[], $5::text[], $6::text[]) WITH ORDINALITY AS row (bytes, spans, author, n)`,
    [first, start + at, historySection, some.map(({ update }) => Buffer.from(update)), some.map(({ spans }) => JSON.stringify(spans)), some.map(({ author }) => author)]);
  }
  const owners = new Map(rows.flatMap(({ spans, author }) => spans.map(([client]) => [client, author] as const)));
  await world.query('accord', 'INSERT INTO client_leases (plan_id, section_id, client_id, person_id) SELECT $1, $2, * FROM unnest($3::bigint[], $4::text[])',
    [first, historySection, [...owners.keys()], [...owners.values()]]);
  await world.query('accord', 'UPDATE plans SET position = position + $2, content_position = position + $2, content_at = now() WHERE id = $1', [first, rows.length]);
  if (others.length > 0) await copyTemplate(world, others, first);
}

