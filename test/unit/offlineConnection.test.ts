/** A live plan that has a copy on the device: what it tells the copy, what it takes up from it, and how both meet on return. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as Y from 'yjs';
import type { Field } from '../../shared/content/kinds.ts';
import { fieldById } from '../../shared/content/standard.ts';
import { readField, writeValue } from '../../shared/crdt/sectionDocument.ts';
import type { HeldSection, LocalCopy, OwnWords } from '../../client/collab/localCopy.ts';
import { PlanConnection } from '../../client/collab/planConnection.ts';
import { writeField } from '../../client/collab/writing.ts';
import { eventually } from '../support/eventually.ts';
import { nodeSurroundings } from '../support/nodeSurroundings.ts';
import { CollabClientServer } from './collabClientServer.ts';

const field = (id: string): Field => {
  const found = fieldById(id);
  if (found === undefined) throw new Error(`No field ${id}.`);
  return found;
};
const [name, place] = [field('preferredName'), field('ppd1')];
const sections = [{ id: 'identity', mayEdit: true }, { id: 'place-of-death', mayEdit: true }, { id: 'home', mayEdit: false }];

/** Keeps in memory what it is told; `again` is the copy that the next start of the screen opens. */
class MemoryCopy implements LocalCopy {
  readonly #now = new Map<string, Uint8Array[]>();
  said: OwnWords = { unsent: [], refused: [] };
  pending = false;
  constructor(readonly sections: ReadonlyMap<string, HeldSection> = new Map(), readonly refused: OwnWords['refused'] = [], readonly unsent: OwnWords['unsent'] = []) {
    for (const [id, held] of sections) this.#now.set(id, [...held.updates]);
  }
  changed(section: string, update: Uint8Array): void {
    this.#now.set(section, [...(this.#now.get(section) ?? []), update]);
  }
  whole(section: string, state: Uint8Array): void {
    this.#now.set(section, [state]);
  }
  forget(section: string): void {
    this.#now.delete(section);
  }
  words(words: OwnWords): void {
    this.said = words;
  }
  holds(section: string, what: Field): unknown {
    const doc = new Y.Doc();
    for (const update of this.#now.get(section) ?? []) Y.applyUpdate(doc, update);
    const value = readField(doc, what);
    doc.destroy();
    return value;
  }
  again(): MemoryCopy {
    const unsent = (id: string): string[] => this.said.unsent.filter((text) => text.section === id).map((text) => text.field);
    return new MemoryCopy(new Map([...this.#now].map(([id, updates]) => [id, { updates, unsent: unsent(id) }])), this.said.refused, this.said.unsent);
  }
}

let server: CollabClientServer;
let around: ReturnType<typeof nodeSurroundings>;
const opened: PlanConnection[] = [];
function open(copy?: LocalCopy): PlanConnection {
  const connection = new PlanConnection({ url: server.url, sections, around, onAccessChanged: () => undefined, ...(copy ? { copy } : {}) });
  opened.push(connection);
  return connection;
}
const isSaved = async (connection: PlanConnection): Promise<void> => eventually(() => expect(connection.status.value.kind).toBe('saved'));
/** Takes a copy while live, loses the line, writes these, and closes the screen. */
async function writtenAway(values: readonly (readonly [string, Field, unknown])[]): Promise<MemoryCopy> {
  const ann = open();
  await isSaved(ann);
  const copy = new MemoryCopy();
  ann.keepCopy(copy);
  server.away = true;
  server.hangUp(1013);
  await eventually(() => expect(ann.status.value.kind).toBe('offline'));
  for (const [section, what, value] of values) expect(writeField(ann, section, what, value)).toBeUndefined();
  ann.destroy();
  return copy.again();
}

beforeEach(async () => {
  server = await CollabClientServer.start();
  around = nodeSurroundings();
});
afterEach(async () => {
  for (const connection of opened.splice(0)) connection.destroy();
  around.end();
  await server.stop();
});

describe('a copy on the device', () => {
  test('[OF7] holds the plan from the moment it is taken, then every change, by others too, and no words that were confirmed', async () => {
    const [ann, ben] = [open(), open()];
    await isSaved(ann);
    await isSaved(ben);
    writeField(ann, 'identity', name, 'Peg');
    await isSaved(ann);
    const copy = new MemoryCopy();
    ann.keepCopy(copy);
    expect(copy.holds('identity', name)).toBe('Peg');
    writeField(ben, 'place-of-death', place, 'hospice');
    await eventually(() => expect(copy.holds('place-of-death', place)).toBe('hospice'));
    writeField(ann, 'identity', name, 'Peggy');
    expect(copy.holds('identity', name)).toBe('Peggy');
    expect(copy.said.unsent).toMatchObject([{ section: 'identity', field: 'preferredName', value: 'Peggy' }]);
    await isSaved(ann);
    expect(copy.said).toEqual({ unsent: [], refused: [] });
    ann.keepCopy(undefined);
    writeField(ann, 'identity', name, 'Margaret');
    expect(copy.holds('identity', name)).toBe('Peggy');
  });

  test('[OF6] [OF7] HAZ-04 opens without the service: readable at once, not live, what was not sent counted and never called saved', async () => {
    const copy = await writtenAway([['identity', name, 'Peggy'], ['place-of-death', place, 'hospice']]);
    const ann = open(copy);
    expect([ann.value('identity', 'preferredName'), ann.value('place-of-death', 'ppd1')]).toEqual(['Peggy', 'hospice']);
    expect([...ann.loaded.value].toSorted()).toEqual(['home', 'identity', 'place-of-death']);
    expect(ann.status.value).toEqual({ kind: 'offline', changes: 2 });
    expect(ann.live.value).toBe(false);
    writeField(ann, 'identity', name, 'Peggy W');
    expect(copy.holds('identity', name)).toBe('Peggy W');
    expect(ann.status.value).toEqual({ kind: 'offline', changes: 2 });
  });

  test('[OF7] HAZ-09 on return it is sent under the ids under which it was written, once, and only then called saved', async () => {
    const copy = await writtenAway([['identity', name, 'Peggy']]);
    const ids = Object.keys(idsIn(copy, 'identity'));
    expect(ids).toHaveLength(1);
    const ann = open(copy);
    const kinds: string[] = [];
    ann.status.listen(() => kinds.push(`${ann.status.value.kind} ${String(readField(server.room('identity').doc, name))}`));
    writeField(ann, 'place-of-death', place, 'hospice');
    server.away = false;
    await isSaved(ann);
    expect(kinds.filter((kind) => kind.startsWith('saved'))).toEqual(['saved Peggy']);
    expect([...server.room('identity').doc.store.clients.keys()].map(String)).toEqual(ids);
    // Two tabs may open one copy: what is new never continues an id that another may continue too.
    expect([...server.room('place-of-death').doc.store.clients.keys()].map(String)).not.toEqual(ids);
    await eventually(() => expect(ann.live.value).toBe(true));
    expect(copy.said.unsent).toEqual([]);
  });

  test('[OF10] HAZ-04 what was written in a section that is closed by now is kept for copying from the start, before anything of the copy is written anew', async () => {
    const copy = await writtenAway([['identity', name, 'Peggy'], ['place-of-death', place, 'hospice']]);
    const connection = new PlanConnection({ url: server.url, sections: sections.filter(({ id }) => id !== 'place-of-death'), around, onAccessChanged: () => undefined, copy });
    opened.push(connection);
    expect(connection.kept.value).toEqual([expect.objectContaining({ section: 'place-of-death', field: 'ppd1', value: 'hospice' })]);
    expect(copy.said.refused).toEqual([expect.objectContaining({ section: 'place-of-death', field: 'ppd1', value: 'hospice' })]);
    expect(copy.said.unsent.map(({ section }) => section)).toEqual(['identity']);
  });

  test('[OF9] HAZ-15 HAZ-01 an exclusive value written by somebody else meanwhile is not overwritten: both stand as disputed', async () => {
    const copy = await writtenAway([['place-of-death', place, 'hospice']]);
    writeValue(server.room('place-of-death').doc, place, 'own-home');
    server.away = false;
    const ann = open(copy);
    await isSaved(ann);
    const both = { disputed: expect.arrayContaining(['hospice', 'own-home']) };
    expect(readField(server.room('place-of-death').doc, place)).toEqual(both);
    expect(ann.value('place-of-death', 'ppd1')).toEqual(both);
  });

  test('[OF10] HAZ-04 what is refused on return is not applied, leaves the copy, and is kept with the reason over reloads until it is dismissed', async () => {
    const copy = await writtenAway([['identity', name, 'Peggy'], ['place-of-death', place, 'hospice']]);
    server.refuse = { section: 'identity', reason: 'Your role may read this but not write it.' };
    server.away = false;
    const ann = open(copy);
    await eventually(() => expect(ann.kept.value).toMatchObject([{ field: 'preferredName', value: 'Peggy', why: 'Your role may read this but not write it.' }]));
    await eventually(() => expect(readField(server.room('place-of-death').doc, place)).toBe('hospice'));
    await eventually(() => expect(ann.live.value).toBe(true));
    expect(readField(server.room('identity').doc, name)).toBeUndefined();
    expect(copy.holds('identity', name)).toBeUndefined();
    await eventually(() => expect(copy.said).toMatchObject({ unsent: [], refused: [{ value: 'Peggy' }] }));
    ann.destroy();

    const reloaded = copy.again();
    const later = open(reloaded);
    expect(later.kept.value).toMatchObject([{ value: 'Peggy' }]);
    await isSaved(later);
    expect(readField(server.room('identity').doc, name)).toBeUndefined();
    later.dismissKept();
    expect(reloaded.said).toEqual({ unsent: [], refused: [] });
  });

  test('[OF10] HAZ-11 a section that is closed to the person leaves the copy; what was written in it is kept', async () => {
    const copy = await writtenAway([['identity', name, 'Peggy']]);
    const ann = open(copy);
    ann.setSections([{ id: 'place-of-death', mayEdit: true }, { id: 'home', mayEdit: false }]);
    expect(ann.doc('identity')).toBeUndefined();
    expect(copy.holds('identity', name)).toBeUndefined();
    expect(copy.said).toMatchObject({ unsent: [], refused: [{ section: 'identity', value: 'Peggy' }] });
  });

  test('[OF10] the words of a plan that is lost as a whole stay kept until they are dismissed', async () => {
    const copy = await writtenAway([['identity', name, 'Peggy']]);
    const ann = open(copy);
    ann.stop('not-found');
    expect(ann.kept.value).toMatchObject([{ value: 'Peggy' }]);
    expect(copy.said).toMatchObject({ unsent: [{ value: 'Peggy' }], refused: [] });
    ann.dismissKept();
    expect(copy.said).toEqual({ unsent: [], refused: [] });
  });
});

/** Client ids whose writing the copy holds. */
function idsIn(copy: MemoryCopy, section: string): Record<string, true> {
  const doc = new Y.Doc();
  for (const update of copy.sections.get(section)?.updates ?? []) Y.applyUpdate(doc, update);
  const ids = Object.fromEntries([...doc.store.clients.keys()].map((id) => [String(id), true as const]));
  doc.destroy();
  return ids;
}
