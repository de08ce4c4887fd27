/** The checker of fault runs is what the runs stand on: it must see every kind of wrong that it is there for, and nothing else. */
import { afterEach, describe, expect, test } from '@jest/globals';
import * as Y from 'yjs';
import { check, replicaOf, type Evidence, type StoredRow } from '../support/checker.ts';
import { Journal, type Act } from '../support/journal.ts';
import { beginParagraph, textOf, tokensOf, typeWord } from '../support/words.ts';

const docs: Y.Doc[] = [];
afterEach(() => { for (const doc of docs.splice(0)) doc.destroy(); });

/** Two people who typed three words and took one away again, with everything as it should be. */
function goodRun() {
  const rows: StoredRow[] = [];
  const doc = new Y.Doc();
  docs.push(doc);
  doc.clientID = 7;
  const journals = [new Journal('u0'), new Journal('u1')] as const;
  doc.on('update', (bytes: Uint8Array) => void rows.push({ position: rows.length + 1, sectionId: 'wishes', bytes }));
  const did = (journal: Journal, what: object): void => void journal.acts.push({ atMs: 1, fate: 'saved', savedAtMs: 2, position: rows.length, ...what } as Act);
  const line = new Y.XmlText('u0-000000');
  const paragraph = new Y.XmlElement('paragraph');
  paragraph.insert(0, [line]);
  doc.getXmlFragment('t:whatMatters').insert(0, [paragraph]);
  did(journals[0], { kind: 'word', token: 'u0-000000', client: 7, from: 0, after: 11 });
  for (const [journal, token] of [[journals[0], 'u0-000001'], [journals[1], 'u1-000000']] as const) {
    const from = Y.getState(doc.store, 7);
    line.insert(line.length, ` ${token} `);
    did(journal, { kind: 'word', token, client: 7, from, after: from + token.length + 2 });
  }
  line.delete(line.toString().indexOf('u0-000001'), 'u0-000001'.length);
  did(journals[0], { kind: 'removal', token: 'u0-000001' });
  const copy = new Y.Doc();
  docs.push(copy);
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  const replicas = [replicaOf('u0', doc, 'wishes'), replicaOf('u1', copy, 'wishes')];
  const evidence: Evidence = { sectionId: 'wishes', journals, rows, replicas, served: [{ node: 'A', content: replicas[0]?.content }], brokenChain: undefined };
  return { evidence, journals, rows, doc, copy, line };
}
const found = (evidence: Evidence): string[] => [...new Set(check(evidence).map(({ invariant }) => invariant))];

describe('the checker', () => {
  test('[FR2] HAZ-04 finds nothing where nothing is wrong', () => {
    expect(check(goodRun().evidence)).toEqual([]);
  });

  test('[FR2] HAZ-04 a word that was said to be saved and is missing, whoever typed it', () => {
    const { evidence, journals } = goodRun();
    journals[1].acts.push({ kind: 'word', token: 'u1-000001', client: 8, from: 0, after: 11, atMs: 1, fate: 'saved', savedAtMs: 2, position: 4 });
    expect(found(evidence)).toEqual(['I1', 'I9']);
    expect(check(evidence)[0]?.what).toBe('u1-000001 was saved and is missing');
  });

  test('[FR2] a word that was never said to be saved may be missing, and may be there', () => {
    const { evidence, journals } = goodRun();
    journals[1].acts.push({ kind: 'word', token: 'u1-000001', client: 8, from: 0, after: 11, atMs: 1, fate: 'unknown' });
    (journals[1].acts[0] as Act).fate = 'unknown';
    expect(check(evidence)).toEqual([]);
  });

  test('[FR2] HAZ-08 a word whose removal was said to be saved and that is back', () => {
    const { evidence, journals } = goodRun();
    journals[1].acts.push({ kind: 'removal', token: 'u1-000000', atMs: 1, fate: 'saved', savedAtMs: 2, position: 4 });
    expect(found(evidence)).toEqual(['I1']);
  });

  test('[FR2] a word that nobody typed, and one that is there twice', () => {
    const { evidence, journals, line, doc, copy } = goodRun();
    journals[1].acts.splice(0);
    expect(check(evidence)).toEqual([{ invariant: 'I2', what: 'u1-000000 was typed by nobody' }]);
    const again = goodRun();
    again.line.insert(0, 'u1-000000 ');
    const replicas = [replicaOf('u0', again.doc, 'wishes')];
    expect(found({ ...again.evidence, replicas, served: [] })).toEqual(['I2']);
    expect([line.length, doc.clientID, copy.clientID !== 0]).toEqual([line.toString().length, 7, true]);
  });

  test('[FR2] a copy that reads differently, one with another history, one that waits for ever, a node that answers something else', () => {
    const { evidence, copy } = goodRun();
    (((copy.getXmlFragment('t:whatMatters').get(0) as Y.XmlElement).get(0)) as Y.XmlText).insert(0, 'x');
    expect(check({ ...evidence, replicas: [replicaOf('u1', copy, 'wishes')] }).map(({ what }) => what)).toEqual(['u1 knows another history than the log', 'u1 reads differently from the log']);
    const gapped = goodRun();
    const other = new Y.Doc();
    docs.push(other);
    const updates: Uint8Array[] = [];
    other.on('update', (update: Uint8Array) => void updates.push(update));
    other.getMap('fields').set('religion', 1);
    other.getMap('fields').set('religion', 2);
    Y.applyUpdate(gapped.copy, updates[1] as Uint8Array);
    expect(check({ ...gapped.evidence, replicas: [replicaOf('u1', gapped.copy, 'wishes')] })).toEqual([{ invariant: 'I3', what: 'u1 holds something that waits for what never comes' }]);
    expect(check({ ...evidence, served: [{ node: 'B', content: {} }] })).toEqual([{ invariant: 'I3', what: 'node B answers something other than the log' }]);
  });

  test('[FR2] "saved" with a position at which the log did not hold the word yet', () => {
    const { evidence, journals } = goodRun();
    (journals[1].acts[0] as Act).position = 2;
    expect(check(evidence)).toEqual([{ invariant: 'I9', what: 'u1-000000 was said to be saved at 2, and the log has it at 3' }]);
  });

  test('[FR2] a row of the log twice, a position left out, a chain that does not hold', () => {
    const { evidence, rows } = goodRun();
    expect(found({ ...evidence, rows: [...rows, { ...(rows[1] as StoredRow), position: rows.length + 1 }] })).toEqual(['I14']);
    expect(found({ ...evidence, rows: [...rows.slice(0, -1), { ...(rows.at(-1) as StoredRow), position: 9 }] })).toEqual(['I14']);
    expect(check({ ...evidence, brokenChain: 'entry 3: changed' })).toEqual([{ invariant: 'I6', what: 'entry 3: changed' }]);
  });
});

describe('somebody who types', () => {
  test('[FR1] takes words of their own away again, but never one that somebody is waiting to read', () => {
    const doc = new Y.Doc();
    docs.push(doc);
    const journal = new Journal('u0');
    const save = (): void => { for (const act of journal.acts) act.fate = 'saved'; };
    // A chance that always says: take one away, and the first there is.
    const remove = (): number => 0;
    beginParagraph(doc, 'whatMatters', journal);
    for (let count = 0; count < 7; count += 1) typeWord(doc, 'whatMatters', journal, () => 0.9);
    save();
    journal.awaited.add('u0-000000');
    const removed = (): string[] => journal.acts.flatMap((act) => (act.kind === 'removal' ? [act.token] : []));
    typeWord(doc, 'whatMatters', journal, remove);
    expect(removed()).toEqual(['u0-000001']);
    journal.awaited.delete('u0-000000');
    typeWord(doc, 'whatMatters', journal, remove);
    expect(removed()).toEqual(['u0-000001', 'u0-000000']);
    expect(tokensOf(textOf(doc, 'whatMatters'))).not.toContain('u0-000000');
  });
});
