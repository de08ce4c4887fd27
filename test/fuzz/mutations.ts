/** What can be done to a real update on its way: bytes that change, two updates cut together, and forgeries of its single pieces. */
import * as encoding from 'lib0/encoding';
import type { Id } from '../../server/collab/updateReading.ts';
import type { Chance } from './random.ts';
import { raw, takeApart, text, type as madeType, values, write, type Draft, type Piece } from './update.ts';

/** What a forger can know of the document. */
export interface Surroundings {
  readonly roots: readonly string[];
  readonly fields: readonly string[];
  /** Client ids that exist, each with its clock. */
  readonly clients: readonly (readonly [client: number, clock: number])[];
  /** Another real update of the same section. */
  readonly other: Uint8Array;
}

export interface Mutation {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export function mutate(update: Uint8Array, around: Surroundings, chance: Chance): Mutation {
  if (chance.maybe(0.35)) return mutateBytes(update, around.other, chance);
  const draft = takeApart(update);
  if (!draft) return mutateBytes(update, around.other, chance);
  const names: string[] = [];
  for (let rounds = chance.maybe(0.75) ? 1 : 2; rounds > 0; rounds -= 1) {
    const [name, forge] = chance.pick(forgeries);
    forge(draft, around, chance);
    names.push(name);
  }
  return { name: names.join('+'), bytes: write(draft) };
}

function mutateBytes(update: Uint8Array, other: Uint8Array, chance: Chance): Mutation {
  const at = chance.below(update.length);
  const kind = chance.pick(['flip', 'flip', 'set', 'insert', 'remove', 'truncate', 'splice', 'repeat', 'append'] as const);
  return { name: kind, bytes: changeBytes(kind, update, at, other, chance) };
}

function changeBytes(kind: 'flip' | 'set' | 'insert' | 'remove' | 'truncate' | 'splice' | 'repeat' | 'append', update: Uint8Array, at: number, other: Uint8Array, chance: Chance): Uint8Array {
  switch (kind) {
    case 'flip': case 'set': {
      const bytes = update.slice();
      for (let count = chance.between(1, 3); count > 0; count -= 1) {
        const where = chance.below(bytes.length);
        bytes[where] = kind === 'flip' ? (bytes[where] as number) ^ (1 << chance.below(8)) : chance.below(256);
      }
      return bytes;
    }
    case 'insert': return Uint8Array.of(...update.subarray(0, at), chance.pick([0, 1, 127, 128, 255, chance.below(256)]), ...update.subarray(at));
    case 'remove': return Uint8Array.of(...update.subarray(0, at), ...update.subarray(at + chance.between(1, 3)));
    case 'truncate': return update.slice(0, at);
    case 'splice': return Uint8Array.of(...update.subarray(0, at), ...other.subarray(chance.below(other.length)));
    case 'repeat': return Uint8Array.of(...update.subarray(0, at), ...update.subarray(chance.below(at + 1)));
    case 'append': return Uint8Array.of(...update, chance.below(256));
  }
}

type Forgery = (draft: Draft, around: Surroundings, chance: Chance) => void;

const someId = ({ clients }: Surroundings, chance: Chance): Id => {
  if (clients.length === 0 || chance.maybe(0.05)) return { client: chance.next(), clock: chance.below(5) };
  const [client, clock] = chance.pick(clients);
  return { client, clock: chance.maybe(0.1) ? clock + chance.below(3) : chance.below(Math.max(1, clock)) };
};
const onPiece = (change: (piece: Piece, around: Surroundings, chance: Chance, draft: Draft) => void): Forgery => (draft, around, chance) => {
  if (draft.pieces.length > 0) change(chance.pick(draft.pieces), around, chance, draft);
};
const own = (draft: Draft, chance: Chance): Id => {
  const last = draft.pieces.at(-1);
  return last ? { client: last.client, clock: last.clock + last.length } : { client: chance.next(), clock: 0 };
};

const letters = ['x', '\u202E', '\uFFFD', 'a\u0000b', '\u2066', '😀', 'e' + '\u0301'.repeat(30), 'x'.repeat(3_000), '\u200D', '\r\n'];
const oddValues: readonly unknown[] = [
  'x', '', 12, -1.5, true, null, undefined, [], {}, [[[[[[[[[[1]]]]]]]]]], { value: 'x' }, { value: 'for-attempted-cpr' }, { value: { value: 1 } }, { notDiscussed: 'so tired' },
  { removed: true }, { removed: true, reason: 'no longer' }, { number: '1' }, { id: 'r1' }, JSON.parse('{"__proto__":{"a":1}}'), { constructor: 1 }, { prototype: 2 },
  Uint8Array.of(1, 2), 2n ** 60n, 'a\u202Eb', 'x'.repeat(2_001), Object.fromEntries(Array.from({ length: 1_200 }, (_, index) => [`k${index}`, 1])), { ['k'.repeat(200)]: 1 },
];
const nodeNames = ['paragraph', 'bulletList', 'orderedList', 'listItem', 'hardBreak', 'script', 'image', '', '__proto__'];

function otherContent(piece: Piece, chance: Chance): void {
  const [ref, body] = chance.pick<readonly [number, Piece['body']]>([
    [8, values([chance.pick(oddValues)])], [8, values([chance.pick(oddValues), chance.pick(oddValues)])], [8, values([])], [4, text(chance.pick(letters))], [4, text('')],
    [4, raw(3, 0xed, 0xa0, 0xbd)], [7, madeType(chance.below(8), chance.pick(nodeNames))], [7, madeType(3, chance.pick(nodeNames))], [7, madeType(6)],
    [6, mark(chance.pick(['bold', 'italic', 'link', '__proto__']), chance.pick(['{}', 'true', 'null', '{"href":"javascript:0"}', '"\\ud800"', '{']))],
    [3, raw(2, 1, 2)], [5, text('{"image":"x"}')], [9, (encoder) => { encoding.writeVarString(encoder, 'guid'); encoding.writeAny(encoder, {}); }],
    [2, raw(1, 1, 49)], [1, undefined], [0, undefined], [10, undefined], [11, raw(1)],
  ]);
  piece.ref = ref;
  piece.body = body;
}
const mark = (name: string, value: string) => (encoder: encoding.Encoder): void => { encoding.writeVarString(encoder, name); encoding.writeVarString(encoder, value); };

const forgeries: readonly (readonly [name: string, forge: Forgery])[] = [
  ['foreign-id', (draft, { clients }, chance) => {
    if (clients.length === 0) return;
    const [client, clock] = chance.pick(clients);
    for (const piece of draft.pieces) { piece.client = client; piece.clock = clock; }
  }],
  ['new-id', (draft, _around, chance) => { const client = chance.next(); for (const piece of draft.pieces) { piece.client = client; piece.clock = 0; } }],
  ['hijack', (draft, { clients }, chance) => {
    if (clients.length === 0) return;
    const [client, clock] = chance.pick(clients);
    draft.pieces.push({ client, clock, ref: chance.pick([0, 1]), length: 1_000, parent: 'fields', key: null });
  }],
  ['clock', onPiece((piece, _around, chance, draft) => {
    const by = chance.pick([1, -1, 10 ** 9, 2 ** 31, 2 ** 40]);
    for (const each of draft.pieces) if (each.client === piece.client) each.clock = Math.max(0, each.clock + by);
  })],
  ['drop', (draft, _around, chance) => { if (draft.pieces.length > 0) draft.pieces.splice(chance.below(draft.pieces.length), 1); }],
  ['again', onPiece((piece, _around, _chance, draft) => { draft.pieces.push({ ...piece }); })],
  ['swap', (draft, _around, chance) => { draft.pieces.push(...draft.pieces.splice(chance.below(draft.pieces.length + 1), 1)); }],
  ['hole', (draft, around, chance) => { draft.pieces.push({ ...own(draft, chance), ref: chance.pick([0, 1, 10]), length: chance.pick([1, 0, 5, 10 ** 6, 2 ** 31, 2 ** 52]), parent: chance.pick(around.roots), key: null }); }],
  ['length', onPiece((piece, _around, chance) => { piece.length = chance.pick([0, 1, 1_000, 2 ** 32]); })],
  ['origin', onPiece((piece, around, chance) => { piece.origin = chance.maybe(0.8) ? someId(around, chance) : undefined; })],
  ['right-origin', onPiece((piece, around, chance) => { piece.rightOrigin = chance.maybe(0.8) ? someId(around, chance) : undefined; })],
  ['own-origin', onPiece((piece, _around, chance, draft) => { const { client, clock } = chance.pick(draft.pieces); piece[chance.pick(['origin', 'rightOrigin'] as const)] = { client, clock: clock + chance.below(2) }; })],
  ['parent', onPiece((piece, around, chance) => {
    piece.origin = undefined;
    piece.rightOrigin = undefined;
    piece.parent = chance.pick<string | Id>([chance.pick(around.roots), someId(around, chance), someId(around, chance), 'elsewhere', '__proto__', '']);
    piece.key = chance.pick([null, null, chance.pick(around.fields), 'r1', 'r2', '__proto__', 'constructor', 'start', 'k'.repeat(300)]);
  })],
  ['key', onPiece((piece, around, chance) => { piece.key = chance.pick([null, chance.pick(around.fields), 'r3', '__proto__', 'onclick', 'a b']); })],
  ['content', onPiece((piece, _around, chance) => otherContent(piece, chance))],
  ['extra', (draft, around, chance) => {
    const id = own(draft, chance);
    const piece: Piece = { ...id, ref: 8, length: 1, key: null };
    if (chance.maybe(0.5)) piece.origin = draft.pieces.length > 0 && chance.maybe(0.5) ? { client: id.client, clock: Math.max(0, id.clock - 1) } : someId(around, chance);
    else { piece.parent = chance.maybe(0.6) ? chance.pick(around.roots) : someId(around, chance); piece.key = chance.maybe(0.5) ? chance.pick([...around.fields, 'r1', 'r5']) : null; }
    otherContent(piece, chance);
    draft.pieces.push(piece);
  }],
  ['delete', (draft, around, chance) => { for (let count = chance.between(1, 3); count > 0; count -= 1) draft.deletions.push({ ...someId(around, chance), length: chance.pick([1, 1, 2, 5, 40, 0, 10 ** 6]) }); }],
  ['delete-own', onPiece((piece, _around, chance, draft) => { draft.deletions.push({ client: piece.client, clock: piece.clock + chance.below(2), length: chance.between(1, Math.max(1, piece.length)) }); })],
  ['undelete', (draft, _around, chance) => { if (draft.deletions.length > 0) draft.deletions.splice(chance.below(draft.deletions.length), 1); }],
  ['join', (draft, { other }) => {
    const more = takeApart(other);
    if (more) { draft.pieces.push(...more.pieces); draft.deletions.push(...more.deletions); }
  }],
  ['many', (draft, around, chance) => {
    const { client, clock } = own(draft, chance);
    const count = chance.pick([10, 10, 10, 100, 2_100]);
    for (let index = 0; index < count; index += 1) draft.pieces.push({ client, clock: clock + index, ref: 8, length: 1, parent: 'fields', key: chance.pick(around.fields), body: values(['x']) });
  }],
];
