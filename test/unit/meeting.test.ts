/** The meeting's state machine, its agenda and its quorum, without a database. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { changesNothing, mayRecord, take, type ItemStatus, type MeetingFacts, type Step, type Transition } from '../../shared/domain/meeting.ts';
import { may } from '../../shared/domain/access.ts';
import { meetingRules, places, type MeetingAction, type Place } from '../../shared/domain/accessTable.ts';
import type { MeetingCircle } from '../../shared/domain/meetingCircle.ts';
import { agendaOrder } from '../../shared/domain/meetingAgenda.ts';
import { quorumOf } from '../../shared/domain/meetingQuorum.ts';
import { plainFacts } from '../../shared/domain/planFacts.ts';
import { roles, type Actor, type Role } from '../../shared/domain/roles.ts';
import type { ItemId, MeetingId, OrganisationId, PersonId, PlanId } from '../../shared/ids.ts';
import type { Result } from '../../shared/refusal.ts';
import { clientEvents } from '../../shared/wire/meetings.ts';

const item = (name: string) => `item_${name}` as ItemId;
const person = (name: string) => `person_${name}` as PersonId;
const actor = (name: string, role: Role, at = 'elm'): Actor =>
  ({ id: person(name), name, role, jobTitle: '', organisationId: `org_${at}` as OrganisationId, organisation: at, seniorClinician: false, simulated: false });
const chair = actor('chair', 'gp');
const coordinator = actor('coordinator', 'coordinator');
const nurse = actor('nurse', 'community-nurse');

const planned: MeetingFacts = {
  id: 'meeting_one' as MeetingId, status: 'planned', chairId: chair.id, currentItemId: null,
  items: ['aaa', 'bbb', 'ccc'].map((name) => ({ id: item(name), status: 'waiting' as ItemStatus })),
};

/** What the meeting is after a transition, as the store writes it. */
const after = (meeting: MeetingFacts, transition: Transition): MeetingFacts => ({
  ...meeting,
  status: transition.status ?? meeting.status,
  chairId: transition.chairId ?? meeting.chairId,
  currentItemId: transition.currentItemId === undefined ? meeting.currentItemId : transition.currentItemId,
  items: meeting.items.map((found) => ({ ...found, status: transition.items.find(({ id }) => id === found.id)?.status ?? found.status })),
});
/** One step, as the service asks: who may run the meeting first, then where it may go. */
function asked(meeting: MeetingFacts, who: Actor, step: Step): Result<Transition> {
  const permit = may(who, 'run-meeting', { kind: 'meeting', meeting: { chairId: meeting.chairId, createdBy: coordinator.id, invited: [chair.id, coordinator.id, nurse.id], plans: [] } });
  return permit.ok ? take(meeting, permit.value, step) : permit;
}
function go(meeting: MeetingFacts, ...steps: readonly Step[]): MeetingFacts {
  return steps.reduce((now, step) => {
    const taken = asked(now, chair, step);
    if (!taken.ok) throw new Error(taken.refusal.detail);
    return after(now, taken.value);
  }, meeting);
}
const code = (meeting: MeetingFacts, who: Actor, step: Step) => {
  const taken = asked(meeting, who, step);
  return taken.ok ? 'ok' : taken.refusal.code;
};
const start: Step = { kind: 'start' };
const goTo = (name: string): Step => ({ kind: 'go-to', itemId: item(name) });
const defer = (name: string): Step => ({ kind: 'defer', itemId: item(name), because: 'Family arrives at two' });
const end: Step = { kind: 'end' };

describe('moving the meeting', () => {
  test('[ME1] only the chair and a coordinator move it; nobody else, whatever they ask', () => {
    for (const step of [start, goTo('aaa'), defer('aaa'), end, { kind: 'hand-over', to: nurse.id } as const]) expect(code(planned, nurse, step)).toBe('not-allowed');
    expect(code(planned, chair, start)).toBe('ok');
    expect(code(planned, coordinator, start)).toBe('ok');
  });

  test('[ME1] whoever was handed the chair runs the meeting, the former chair no longer does', () => {
    const handed = go(planned, { kind: 'hand-over', to: nurse.id });
    expect(code(handed, nurse, start)).toBe('ok');
    expect(code(handed, chair, start)).toBe('not-allowed');
  });

  test('[ME2] nothing is discussed before the start and nothing moves after the end', () => {
    for (const step of [goTo('aaa'), defer('aaa'), end]) expect(code(planned, chair, step)).toBe('conflict');
    const ended = go(planned, start, end);
    for (const step of [start, goTo('aaa'), defer('aaa'), end]) expect(code(ended, chair, step)).toBe('meeting-ended');
  });

  test('[ME3] going to a patient makes the one before done; going back is allowed; a deferred one can still be taken', () => {
    const third = go(planned, start, goTo('aaa'), goTo('bbb'), defer('ccc'), goTo('aaa'), goTo('ccc'));
    expect(third.currentItemId).toBe(item('ccc'));
    expect(third.items.map(({ status }) => status)).toEqual(['done', 'done', 'now']);
  });

  test('[ME3] deferring the patient in discussion leaves the meeting on nobody and stops the time', () => {
    const taken = asked(go(planned, start, goTo('aaa')), chair, defer('aaa'));
    expect(taken).toMatchObject({ ok: true, value: { currentItemId: null, closes: item('aaa') } });
  });

  test('[ME3] a patient of another meeting and a discussed one are refused by name', () => {
    expect(code(go(planned, start), chair, goTo('zzz'))).toBe('not-found');
    expect(code(go(planned, start, goTo('aaa'), goTo('bbb')), chair, defer('aaa'))).toBe('conflict');
  });

  test('[ME4] an order that is already carried out changes nothing', () => {
    for (const [meeting, step] of [[go(planned, start), start], [go(planned, start, goTo('aaa')), goTo('aaa')], [go(planned, start, defer('bbb')), defer('bbb')]] as const) {
      const taken = asked(meeting, chair, step);
      expect(taken.ok && changesNothing(taken.value)).toBe(true);
    }
  });

  test('[ME3] after any orders at most one patient is in discussion, and it is the one the meeting names', () => {
    const names = fc.constantFrom('aaa', 'bbb', 'ccc');
    const steps = fc.oneof(fc.constant(start), names.map(goTo), names.map(defer), fc.constant<Step>({ kind: 'hand-over', to: chair.id }), fc.constant(end));
    fc.assert(fc.property(fc.array(steps, { maxLength: 30 }), (orders) => {
      const last = orders.reduce((now, step) => {
        const taken = asked(now, chair, step);
        if (!taken.ok) return now;
        expect(taken.value.closes ?? now.currentItemId).toBe(now.currentItemId);
        return after(now, taken.value);
      }, planned);
      const nows = last.items.filter(({ status }) => status === 'now').map(({ id }) => id);
      expect(nows).toEqual(last.currentItemId === null ? [] : [last.currentItemId]);
      if (last.status !== 'running') expect(last.currentItemId).toBeNull();
    }));
  });
});

describe('recording', () => {
  const meeting = go(planned, start, goTo('aaa'), goTo('bbb'));
  const codeOf = (facts: MeetingFacts, name: string, present: boolean) => {
    const allowed = mayRecord(facts, item(name), present);
    return allowed.ok ? 'ok' : allowed.refusal.code;
  };
  test('[ME5] HAZ-03 an entry belongs to the patient it names: the one in discussion or one already discussed, never one still waiting', () => {
    expect(codeOf(meeting, 'bbb', true)).toBe('ok');
    expect(codeOf(meeting, 'aaa', true)).toBe('ok');
    expect(codeOf(meeting, 'ccc', true)).toBe('conflict');
    expect(codeOf(meeting, 'zzz', true)).toBe('not-found');
  });
  test('[ME5] only people in the room record, and only while the meeting runs', () => {
    expect(codeOf(meeting, 'bbb', false)).toBe('not-allowed');
    expect(codeOf(planned, 'aaa', true)).toBe('conflict');
    expect(codeOf(go(meeting, end), 'bbb', true)).toBe('meeting-ended');
  });
});

describe('agenda', () => {
  const plan = (familyName: string, rest: Partial<{ stage: string; died: boolean; isNew: boolean; givenName: string }> = {}) =>
    ({ familyName, givenName: rest.givenName ?? 'A', stage: rest.stage, died: rest.died ?? false, isNew: rest.isNew ?? false });

  test('[ME6] deaths, red, yellow, new, the rest; then by family name', () => {
    const ordered = agendaOrder([
      plan('Zole', { stage: 'green' }), plan('Ash', { stage: 'blue' }), plan('Moor', { isNew: true }), plan('Byrne', { stage: 'yellow' }), plan('Ember', { stage: 'red', isNew: true }),
      plan('Adair', { stage: 'red' }), plan('Quill', { stage: 'red', died: true }), plan('Frost', { stage: 'after-care' }), plan('ash', { stage: 'blue', givenName: 'B' }),
    ]);
    expect(ordered.map(({ plan: { familyName }, group }) => `${group} ${familyName}`)).toEqual([
      'death Frost', 'death Quill', 'red Adair', 'red Ember', 'yellow Byrne', 'new Moor', 'rest Ash', 'rest ash', 'rest Zole',
    ]);
  });
});

describe('quorum', () => {
  const somebody = (role: Role, seniorClinician = false, simulated = false) => ({ role, seniorClinician, simulated });
  const three = [somebody('gp', true), somebody('community-nurse'), somebody('coordinator')];

  test('[ME7] HAZ-26 a doctor, a community nurse and the coordinator; what is missing is named', () => {
    expect(quorumOf(three, ['green'])).toEqual({ met: true, missing: [] });
    expect(quorumOf([], [])).toEqual({ met: false, missing: ['a doctor', 'a community nurse', 'the coordinator'] });
    expect(quorumOf([somebody('hospice-clinician', true), ...three.slice(1)], ['blue']).met).toBe(true);
    expect(quorumOf([somebody('hospice-clinician'), ...three.slice(1)], ['blue']).missing).toEqual(['a doctor']);
  });
  test('[ME7] HAZ-26 the hospice as well when the patient is at stage C or D', () => {
    for (const stage of ['yellow', 'red']) {
      expect(quorumOf(three, ['green', stage]).missing).toEqual(['the hospice']);
      expect(quorumOf([...three, somebody('hospice-clinician')], [stage]).met).toBe(true);
    }
    expect(quorumOf(three, ['green', undefined, 'after-care']).met).toBe(true);
  });
  test('[ME7] HAZ-26 simulated colleagues never count', () => {
    expect(quorumOf(three.map((each) => ({ ...each, simulated: true })), []).missing).toHaveLength(3);
  });
});

describe('who may see a meeting', () => {
  const organisation = (name: string) => `org_${name}` as OrganisationId;
  const plan = (...team: string[]) => plainFacts('plan_one' as PlanId, team.map(organisation));
  const maySeeMeeting = (who: Actor, meeting: MeetingCircle): boolean => may(who, 'see-meeting', { kind: 'meeting', meeting }).ok;
  const circle = { chairId: chair.id, createdBy: coordinator.id, invited: [person('invited')], plans: [plan('elm', 'hospice')] };

  test('[ME8] chair, maker, the invited and whoever is on the care team of one of its patients; nobody else', () => {
    expect(maySeeMeeting(actor('x', 'community-nurse', 'elm'), circle)).toBe(true);
    expect(maySeeMeeting(actor('invited', 'social-worker', 'council'), circle)).toBe(true);
    expect(maySeeMeeting(actor('chair', 'gp', 'fern'), circle)).toBe(true);
    expect(maySeeMeeting(actor('x', 'social-worker', 'council'), circle)).toBe(false);
  });
  test('[ME8] urgent care and the privacy officer have no meetings, even when listed', () => {
    for (const role of ['urgent-care', 'privacy-officer'] as const) expect(maySeeMeeting(actor('invited', role, 'elm'), circle)).toBe(false);
  });

  /** Who may, written out by hand: the table is held against it. Whoever is owner or recorder is invited too, since by itself that is no place in a meeting. */
  const team: readonly Role[] = ['gp', 'community-nurse', 'hospice-clinician', 'social-worker', 'care-home-nurse', 'coordinator'];
  const expected: Readonly<Record<MeetingAction, Readonly<Record<Place, readonly Role[]>>>> = {
    'see-meeting': { chair: team, maker: team, invited: team, reader: team, owner: team, recorder: team, none: [] },
    'run-meeting': { chair: team, maker: ['coordinator'], invited: ['coordinator'], reader: ['coordinator'], owner: ['coordinator'], recorder: ['coordinator'], none: [] },
    'finish-action': { chair: team, maker: ['coordinator'], invited: ['coordinator'], reader: ['coordinator'], owner: team, recorder: team, none: [] },
  };
  test.each(places)('[AC12] [ME1] what may be done in a meeting in the place %s, by every role', (place) => {
    for (const role of roles) {
      const who = actor('who', role, place === 'reader' ? 'elm' : 'council');
      const is = (wanted: Place): PersonId => (place === wanted ? who.id : person('another'));
      const meeting: MeetingCircle = { chairId: is('chair'), createdBy: is('maker'), invited: place === 'none' || place === 'reader' ? [] : [is('invited'), is('owner'), is('recorder')], plans: [plan('elm')] };
      for (const action of Object.keys(meetingRules) as MeetingAction[]) {
        const answer = may(who, action, { kind: 'meeting', meeting, about: { ownerId: is('owner'), by: is('recorder') } });
        const code = expected[action][place].includes(role) ? 'ok' : expected['see-meeting'][place].includes(role) ? 'not-allowed' : 'not-found';
        expect([action, role, answer.ok ? 'ok' : answer.refusal.code]).toEqual([action, role, code]);
      }
    }
  });

  test('[AC12] whose an action is lets nobody into a meeting that they are not of', () => {
    const stranger = actor('stranger', 'gp', 'council');
    const about = { ownerId: stranger.id, by: stranger.id };
    expect(may(stranger, 'finish-action', { kind: 'meeting', meeting: circle, about })).toMatchObject({ ok: false, refusal: { code: 'not-found', detail: 'There is no such meeting for you.' } });
  });
});

describe('the wire', () => {
  test('[ME9] an order with a field that does not belong there, or without one that does, is refused', () => {
    const act = { meetingId: 'meeting_one', itemId: 'item_one', once: 'abcdefgh', text: 'Ring the pharmacy', ownerId: 'person_one', due: '2026-12-01', priority: 'soon' };
    expect(clientEvents.act.safeParse(act).success).toBe(true);
    expect(clientEvents.act.safeParse({ ...act, by: 'person_two' }).success).toBe(false);
    for (const key of Object.keys(act)) expect(clientEvents.act.safeParse(Object.fromEntries(Object.entries(act).filter(([name]) => name !== key))).success).toBe(false);
    expect(clientEvents.act.safeParse({ ...act, due: '2026-02-30' }).success).toBe(false);
    expect(clientEvents.decide.safeParse({ meetingId: 'm', itemId: 'i', once: 'abcdefgh', text: '   ' }).success).toBe(false);
  });
});
