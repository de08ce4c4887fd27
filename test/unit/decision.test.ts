/** What one plan's share of a commit comes to, as far as it can be told without a database. */
import { describe, expect, jest, test } from '@jest/globals';
import * as Y from 'yjs';
import type { Channel } from '../../server/collab/channel.ts';
import { decide, type Decision } from '../../server/collab/decision.ts';
import { OpenPlan, type Waiting } from '../../server/collab/openPlan.ts';
import type { PlanHead, PlanLog } from '../../server/collab/planLog.ts';
import { copyOf } from '../../server/collab/document.ts';
import { Room } from '../../server/collab/room.ts';
import { systemClock } from '../../server/config/system.ts';
import type { Field, Section } from '../../shared/content/kinds.ts';
import { fieldById, sectionById } from '../../shared/content/standard.ts';
import { putRow, readField, writeProse, writeValue } from '../../shared/crdt/sectionDocument.ts';
import type { PlanId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import { people, updateOf, type PersonName } from '../support/provider.ts';

const field = (id: string): Field => fieldById(id) as Field;
const head = (died: boolean): PlanHead => ({ id: 'plan_decision' as PlanId, open: true, team: [people.gp.organisationId, people.nurse.organisationId], keepers: [], people: [], limits: [], withdrawn: false, died, holdUntilMs: null, signedSharing: null, position: 0, auditSeq: 0, latestVersion: 0 });
const room = (sectionId: string): Room => new Room(sectionById(sectionId) as Section, { checkpoint: undefined, rows: [], owners: new Map() }, 0);
const update = (into: Room, name: PersonName, bytes: Uint8Array): Waiting => {
  const channel: Channel = { connection: name, sectionId: into.section.id, actor: people[name], session: undefined, asked: true, barred: false, send: () => undefined, close: () => undefined };
  return { kind: 'update', channel, room: into, update: bytes, from: 'update' };
};
const deciding = (died: boolean, items: readonly Waiting[]): Decision => decide(new OpenPlan(head(died), { store: {} as PlanLog, clock: systemClock, loaded: () => undefined }), items, head(died), '2026-06-01', 0);
/** What `change` does to a copy of the room's document, as an update. */
function changeOf({ staging, section }: Room, change: (doc: Y.Doc) => void): Uint8Array {
  const copy = copyOf(staging, section);
  const before = Y.encodeStateVector(copy);
  change(copy);
  return Y.encodeStateAsUpdate(copy, before);
}
const naming = updateOf('identity', (doc) => writeValue(doc, field('preferredName'), 'Peggy'));
const dying = updateOf('death', (doc) => writeValue(doc, field('dateOfDeath'), '2026-05-30'));

describe('a date of death', () => {
  test('[CO26] HAZ-12 what waits behind it in the same commit is refused, what came before it stands', () => {
    const [death, identity] = [room('death'), room('identity')];
    const before = update(identity, 'nurse', naming);
    const behind = update(identity, 'coordinator', updateOf('identity', (doc) => writeValue(doc, field('address'), '1 Elm Lane')));
    const decision = deciding(false, [before, update(death, 'gp', dying), behind]);
    expect(decision.accepted.map((each) => each.fields)).toEqual([['preferredName'], ['dateOfDeath']]);
    expect(decision.outcomes.map((outcome) => (outcome.kind === 'refused' ? outcome.refusal.code : outcome.kind))).toEqual(['not-allowed']);
    expect(decision.facts.died).toBe(true);
  });

  test('[CO26] HAZ-12 a mistaken one that is taken back frees what waits behind that', () => {
    const [death, identity] = [room('death'), room('identity')];
    const first = deciding(false, [update(death, 'gp', dying)]);
    expect(first.facts.died).toBe(true);
    const takenBack = changeOf(death, (doc) => writeValue(doc, field('dateOfDeath'), undefined));
    const second = deciding(true, [update(death, 'coordinator', takenBack), update(identity, 'nurse', naming)]);
    expect(second.accepted.map((each) => each.fields)).toEqual([['dateOfDeath'], ['preferredName']]);
    expect(second.facts.died).toBe(false);
    expect(readField(death.staging, field('dateOfDeath'))).toBeUndefined();
  });
});

describe('a limit to sharing', () => {
  const limiting = (from: object) => updateOf('sharing', (doc) => putRow(doc, field('sharingLimits'), { id: 'limit', section: 'home', because: 'Asked for', ...from }));
  const living = (value: string) => updateOf('home', (doc) => writeValue(doc, field('livingSituation'), value));

  test('[NK4] what waits behind it in the same commit, of somebody whom it limits, is refused; others write on', () => {
    const [sharing, home] = [room('sharing'), room('home')];
    const decision = deciding(false, [update(sharing, 'gp', limiting({ role: 'community-nurse' })), update(home, 'nurse', living('alone')), update(home, 'coordinator', living('with-family'))]);
    expect(decision.accepted.map((each) => each.fields)).toEqual([['sharingLimits'], ['livingSituation']]);
    expect(decision.facts.limits).toEqual([{ from: { role: 'community-nurse' }, part: 'home' }]);
    expect(decision.share.summary.set['sharingLimits']).toHaveLength(1);
  });

  test('[NK6] HAZ-11 withdrawal of agreement holds for what waits behind it', () => {
    const [consent, identity] = [room('consent'), room('identity')];
    const decision = deciding(false, [update(consent, 'gp', updateOf('consent', (doc) => writeValue(doc, field('consentShare'), 'withdrawn'))), update(identity, 'nurse', naming)]);
    expect([decision.accepted.length, decision.facts.withdrawn]).toEqual([1, true]);
  });
});

describe('a refused change', () => {
  test('[CO14] HAZ-01 is forgotten with everything that it did to the document it was tried on; what comes behind it is judged without it', () => {
    const resuscitation = room('resuscitation');
    const cpr = field('cprDecision');
    const apart = (name: PersonName, client: number, value: string): Waiting => update(resuscitation, name, updateOf('resuscitation', (doc) => writeValue(doc, cpr, value), client));
    const first = deciding(false, [apart('gp', 1, 'for-attempted-cpr'), apart('hospice', 2, 'not-for-attempted-cpr')]).accepted;
    for (const { actor: { id, name, role }, room: _room, ...row } of first) resuscitation.takeOwn({ ...row, sectionId: 'resuscitation', author: { id, name, role }, at: new Date(0) });
    resuscitation.caughtUp([cpr.id]);
    // Taken away without an answer in its place: refused, after it was tried on.
    const taken = changeOf(resuscitation, (doc) => doc.getArray('x:cprDecision').delete(0, 1));
    const second = deciding(false, [update(resuscitation, 'gp', taken)]);
    expect(second.outcomes.map((outcome) => (outcome.kind === 'refused' ? outcome.refusal.code : outcome.kind))).toEqual(['answer-needed']);
    expect(readField(resuscitation.staging, cpr)).toEqual({ disputed: expect.arrayContaining(['for-attempted-cpr', 'not-for-attempted-cpr']) });
  });
});

describe('a full section', () => {
  test('[GA16] pasting and taking away again and again does not fill it; what is really too much does', () => {
    const wishes = room('wishes');
    const text = (doc: Y.Doc): Y.XmlText => (doc.getXmlFragment('t:whatMatters').get(0) as Y.XmlElement).get(0) as Y.XmlText;
    let position = 0;
    /** Commits what `change` does, as the committer does. Answers whether it was accepted. */
    const say = (change: (doc: Y.Doc) => void): boolean => {
      const [accepted] = deciding(false, [update(wishes, 'nurse', changeOf(wishes, change))]).accepted;
      if (!accepted) return false;
      position += 1;
      const { id, name, role } = people.nurse;
      wishes.takeOwn({ position, sectionId: 'wishes', bytes: accepted.bytes, spans: accepted.spans, fields: accepted.fields, author: { id, name, role }, at: new Date(0) });
      wishes.caughtUp(undefined);
      return true;
    };
    say((doc) => {
      const paragraph = new Y.XmlElement('paragraph');
      paragraph.insert(0, [new Y.XmlText()]);
      doc.getXmlFragment('t:whatMatters').insert(0, [paragraph]);
    });
    const page = 'x'.repeat(15_000);
    let written = 0;
    while (written <= limits.sectionBytesMax) {
      expect(say((doc) => text(doc).insert(0, page))).toBe(true);
      expect(say((doc) => text(doc).delete(0, page.length))).toBe(true);
      written += page.length;
    }
    expect(say((doc) => text(doc).insert(0, 'one letter'))).toBe(true);
    expect(wishes.bytesBefore(limits.sectionBytesMax)).toBeLessThan(64 * 1024);
  });

  test('[GA16] what several people bring in the same commit counts together', () => {
    const wishes = room('wishes');
    jest.spyOn(wishes, 'bytesBefore').mockReturnValue(limits.sectionBytesMax - 5_000);
    const own = (name: PersonName, id: string): Waiting => update(wishes, name, updateOf('wishes', (doc) => writeProse(doc, field(id), [{ type: 'paragraph', text: 'x'.repeat(3_000) }])));
    const decision = deciding(false, [own('nurse', 'whatMatters'), own('gp', 'fearsAvoid')]);
    expect(decision.accepted.map(({ fields }) => fields)).toEqual([['whatMatters']]);
    expect(decision.outcomes).toEqual([expect.objectContaining({ kind: 'refused', refusal: expect.objectContaining({ code: 'over-limit', reason: 'This section is full.' }) })]);
  });
});

test('[CO33] HAZ-09 of two connections of one person each is held to who it took them for, the one that still has their old role too', () => {
  const identity = room('identity');
  const stale = update(identity, 'nurse', updateOf('identity', (doc) => writeValue(doc, field('address'), '1 Elm Lane')));
  const now = update(identity, 'nurse', naming) as Extract<Waiting, { kind: 'update' }>;
  const renewed = { ...now, channel: { ...now.channel, connection: 'other', actor: { ...people.nurse, role: 'gp' as const } } };
  expect(deciding(false, [stale, renewed]).share.writers.map(({ role }) => role)).toEqual(['community-nurse', 'gp']);
});
