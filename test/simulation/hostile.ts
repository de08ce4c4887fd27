/** Somebody with a sign-in of their own who sends what no screen would send. Every such change holds the word that must never be seen anywhere. */
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { fieldsRoot, openRoots, rootName } from '../../shared/crdt/sectionDocument.ts';
import type { Client, Paper } from './client.ts';
import type { Dice } from './dice.ts';

const word = 'hostile';
type Attack = (client: Client, paper: Paper, dice: Dice) => Uint8Array | undefined;

/** What `change` does to a copy of what the client has, under a client id, as an update. */
function changed({ doc, section }: Paper, clientId: number, change: (doc: Y.Doc) => void): Uint8Array {
  const copy = new Y.Doc();
  openRoots(copy, section);
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  copy.clientID = clientId;
  const before = Y.encodeStateVector(copy);
  change(copy);
  const update = Y.encodeStateAsUpdate(copy, before);
  copy.destroy();
  return update;
}
/** Plain words, in whatever field of the section takes them. */
function scrawl({ section }: Paper): (doc: Y.Doc) => void {
  return (doc) => {
    const prose = section.fields.find(({ merge }) => merge === 'T');
    const plain = section.fields.find(({ merge, of }) => merge === 'L' && of.kind === 'text');
    if (prose) {
      const node = new Y.XmlElement('paragraph');
      node.insert(0, [new Y.XmlText(word)]);
      doc.getXmlFragment(rootName(prose)).insert(0, [node]);
    } else doc.getMap(fieldsRoot).set(plain?.id ?? word, word);
  };
}
/** A client id of somebody else that the log knows. */
const victimIn = ({ doc }: Paper, { world, person }: Client, dice: Dice): number | undefined => {
  const others = [...doc.store.clients.keys()].filter((id) => world.ownerOf(id) !== person.id).toSorted((a, b) => a - b);
  return others.length > 0 ? dice.pick(others) : undefined;
};

/** An update of one hole of five letters: whatever that person writes next would fall into it. */
const holeAt = (client: number, clock: number): Uint8Array => encoding.encode((encoder) => {
  for (const part of [1, 1, client, clock, 0, 5, 0]) encoding.writeVarUint(encoder, part);
});

const attacks: Readonly<Record<string, Attack>> = {
  'in somebody else’s name': (client, paper, dice) => {
    const victim = victimIn(paper, client, dice);
    return victim === undefined ? undefined : changed(paper, victim, scrawl(paper));
  },
  'a hole in somebody else’s name': (client, paper, dice) => {
    const victim = victimIn(paper, client, dice);
    return victim === undefined ? undefined : holeAt(victim, Y.getState(paper.doc.store, victim));
  },
  'on top of what was never sent': (client, paper) => {
    const copy = new Y.Doc();
    openRoots(copy, paper.section);
    copy.clientID = client.world.newClientId(client.person);
    scrawl(paper)(copy);
    const between = Y.encodeStateVector(copy);
    scrawl(paper)(copy);
    return Y.encodeStateAsUpdate(copy, between);
  },
  'in a field that does not exist': (client, paper) => changed(paper, client.world.newClientId(client.person), (doc) => doc.getMap(word).set(word, word)),
  'of a kind that no field has': (client, paper) => changed(paper, client.world.newClientId(client.person), (doc) => doc.getMap(fieldsRoot).set('anything', new Y.Map([[word, word]]))),
  'of what the field cannot hold': (client, paper) => {
    const field = paper.section.fields.find(({ merge, of }) => merge === 'T' || (merge === 'L' && of.kind === 'choice'));
    return field && changed(paper, client.world.newClientId(client.person), (doc) => {
      if (field.merge === 'L') doc.getMap(fieldsRoot).set(field.id, word);
      else doc.getXmlFragment(rootName(field)).insert(0, [new Y.XmlElement(word)]);
    });
  },
  'cut short': (client, paper) => {
    const update = changed(paper, client.world.newClientId(client.person), scrawl(paper));
    return update.slice(0, update.length - 2);
  },
  'with something behind it': (client, paper) => Uint8Array.from([...changed(paper, client.world.newClientId(client.person), scrawl(paper)), 1, 2, 3]),
  'taking away what is not there': () => Uint8Array.of(0, 1, 0x99, 0xf1, 0x04, 1, 0, 7),
};

/** Sends one of them, and sometimes honest work right before and behind it. Answers what it was. */
export function attack(client: Client, dice: Dice): string | undefined {
  const open = [...client.papers.keys()].filter((id) => client.channels.get(id)?.filled);
  if (open.length === 0) return undefined;
  const id = dice.pick(open);
  const paper = client.papers.get(id);
  const [name, make] = dice.pick(Object.entries(attacks));
  const update = paper && make(client, paper, dice);
  if (!update) return undefined;
  if (dice.chance(0.5)) client.edit(id);
  client.say(id, { kind: dice.chance(0.7) ? 'update' : 'step2', update });
  // What follows it on the same line falls with it, good or not; in another's name it may be stale, and then it says nothing and is none.
  if (!name.includes('name') && dice.chance(0.5)) client.say(id, { kind: 'update', update: changed(paper, client.world.newClientId(client.person), scrawl(paper)) });
  else if (dice.chance(0.5)) client.edit(id);
  client.askSaved(id);
  return `${name} in ${id}`;
}
