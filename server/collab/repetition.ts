/**
 * What an update repeats, held against what is known. Two copies of one browser's data write under one client id: the same places in history with
 * different words. Taken for a repetition, the later words would be told to be saved and be nowhere.
 */
import * as Y from 'yjs';
import type { Content } from './contentReading.ts';
import type { Struct } from './updateReading.ts';

/** Whether any of the pieces says something else than what stands in its place. What has been taken away can no longer be compared. */
export function repeatsOtherwise(doc: Y.Doc, structs: readonly Struct[]): boolean {
  return structs.some(({ id: { client, clock }, length, content }) => {
    const end = Math.min(clock + length, Y.getState(doc.store, client));
    if (end <= clock) return false;
    const known = doc.store.clients.get(client) ?? [];
    for (let index = Y.findIndexSS(known, clock); index < known.length; index += 1) {
      const stored = known[index] as Y.Item | Y.GC;
      const from = Math.max(stored.id.clock, clock);
      const to = Math.min(stored.id.clock + stored.length, end);
      if (from >= end) return false;
      if (stored instanceof Y.Item && !stored.deleted && !isSame(content, from - clock, stored.content, from - stored.id.clock, to - from)) return true;
    }
    return false;
  });
}

/** Whether `length` clocks of both contents, each from its own offset, are the same. */
function isSame(content: Content, at: number, stored: Y.Item['content'], storedAt: number, length: number): boolean {
  switch (content.kind) {
    case 'gc': case 'skip': case 'deleted':
      return true;
    case 'text':
      return stored instanceof Y.ContentString && sameText(content.text.slice(at, at + length), stored.str.slice(storedAt, storedAt + length));
    case 'values':
      return stored instanceof Y.ContentAny && JSON.stringify(content.values.slice(at, at + length)) === JSON.stringify(stored.arr.slice(storedAt, storedAt + length));
    case 'mark':
      return stored instanceof Y.ContentFormat && stored.key === content.mark && JSON.stringify(stored.value) === content.value;
    case 'type': {
      if (!(stored instanceof Y.ContentType)) return false;
      const { type } = stored;
      if (content.type === 'array') return type instanceof Y.Array;
      return content.type === 'text' ? type instanceof Y.XmlText : type instanceof Y.XmlElement && type.nodeName === content.name;
    }
  }
}

/** A character that the library had to cut in two stands as two replacement characters. */
function sameText(said: string, stored: string): boolean {
  if (said === stored) return true;
  return stored.includes('\ufffd') && said.length === stored.length && [...Array(said.length).keys()].every((index) => said[index] === stored[index] || stored[index] === '\ufffd');
}
