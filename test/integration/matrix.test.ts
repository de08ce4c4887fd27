/**
 * The authorisation matrix: every cell of the table of access, tried over the doors that there are: HTTP, live editing (what is sent, what is taken),
 * and the events of meetings. Generated from the table; what is expected is told from the table alone (`test/support/matrixWorld.ts`).
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { io } from 'socket.io-client';
import { houseRules, meetingRules, places, planRules, type MeetingAction, type Place, type PlanAction } from '../../shared/domain/accessTable.ts';
import { sections } from '../../shared/content/standard.ts';
import type { Section } from '../../shared/content/kinds.ts';
import { londonDate } from '../../shared/domain/dates.ts';
import { roles, type Role } from '../../shared/domain/roles.ts';
import type { Acknowledgement } from '../../shared/wire/meetings.ts';
import { answers } from '../support/answers.ts';
import type { Answer } from '../support/app.ts';
import { sampleValue } from '../support/completePlan.ts';
import { eventually } from '../support/eventually.ts';
import { expectedOfPlan, expectedOfSection, groups, isPlain, makeMatrixWorld, states, uncovered, type Expected, type MatrixPerson, type MatrixPlan, type MatrixWorld } from '../support/matrixWorld.ts';
import { openSocket, updateOf } from '../support/provider.ts';

let world: MatrixWorld;
const counted: Record<string, number> = {};
const wrong: string[] = [];
/** Gives each thing that is made a name of its own. */
let changes = 0;
beforeAll(async () => { world = await makeMatrixWorld(); }, 120_000);
afterAll(async () => {
  process.stdout.write(`authorisation matrix: ${Object.values(counted).reduce((sum, count) => sum + count, 0)} cells tried (${Object.entries(counted).map(([door, count]) => `${door} ${count}`).join(', ')})\n`);
  await world.close();
}, 60_000);

function cell(door: string, name: string, got: string, expected: string): void {
  counted[door] = (counted[door] ?? 0) + 1;
  if (got !== expected) wrong.push(`${door}: ${name}: ${got} instead of ${expected}`);
}
/** Fails with the first cells that were answered otherwise than the table says. */
function allRight(door: string): void {
  expect(wrong.splice(0).slice(0, 20)).toEqual([]);
  expect(counted[door] ?? 0).toBeGreaterThan(0);
}
/** A few at once: one after the other takes minutes, all at once would take every connection. */
async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  await Promise.all(Array.from({ length: 6 }, async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  }));
}
const everybody = (): { role: Role; plan: MatrixPlan; who: MatrixPerson; name: string }[] =>
  world.plans.flatMap((plan) => roles.map((role) => ({ role, plan, who: world.person(role, plan.group), name: `${role} ${plan.group} ${plan.state}` })));

/** Values that cannot be accepted are told from a person who is not: the question of who may comes first. */
const got = ({ status, body }: Answer): string => (status < 400 || status === 422 || status === 429 ? 'yes' : String(body['code']));

const doors: Readonly<Partial<Record<PlanAction, (who: MatrixPerson, plan: MatrixPlan) => Promise<Answer>>>> = {
  'review-plan': ({ api }, { id }) => api.post(`/api/plans/${id}/reviews`),
  'sign-plan': ({ api }, { id }) => api.post(`/api/plans/${id}/versions`, { position: 1, contentHash: '0'.repeat(64), statement: 'Other words than those of the review' }),
  'read-audit': ({ api }, { id }) => api.get(`/api/plans/${id}/audit`),
  'read-urgent': ({ api }, { nhsNumber }) => api.get(`/api/urgent/${nhsNumber}`),
  'change-team': ({ api }, { id }) => api.post(`/api/plans/${id}/team`, { organisationId: 'org_nowhere', relationship: 'No such house' }),
  'correct-identity': ({ api }, { id }) => api.post(`/api/plans/${id}/identity`, { reason: 'too short' }),
  'change-inspection': ({ api }, { id }) => api.post(`/api/plans/${id}/people`, { personId: 'person_nobody-at-all', kind: 'inspection', relationship: 'Inspects', until: londonDate(new Date()) }),
  'reveal-key-safe': ({ api }, { id }) => api.post(`/api/plans/${id}/key-safe/reveal`),
  'take-offline': ({ api }, { id }) => api.post(`/api/plans/${id}/offline-copies`),
  'export-version': ({ api }, { id }) => api.post(`/api/plans/${id}/prints`, { what: 'signed-version', version: 1 }),
  'see-who-looked': ({ api }, { id }) => api.get(`/api/plans/${id}/looked`),
};
/** Actions that have no door of their own yet, or are tried elsewhere, each with where. */
const elsewhere: Readonly<Partial<Record<PlanAction, string>>> = {
  'see-plan': 'with its sections', 'read-draft': 'with its sections', 'read-version': 'with its sections', 'break-glass': 'below, last: it changes who may', 'answer-for-plan': '[ME5] [ME12] [ME14]',
};

/** Where the door knows more than the table: the urgent view is looked up by number, among open plans, by urgent care. */
function expectedAt(action: PlanAction, role: Role, plan: MatrixPlan): Expected {
  if (action !== 'read-urgent') return expectedOfPlan(role, action, plan);
  if (role !== 'urgent-care') return 'not-allowed';
  if (plan.state === 'withdrawn') return 'not-shared';
  return plan.state === 'closed' ? 'not-found' : expectedOfPlan(role, action, plan);
}

test('[AC11] every relationship has a group, and every action a door or a reason why it has none', () => {
  expect(uncovered).toEqual([]);
  const inSections = ['view-section', 'edit-section', 'read-signed-section'];
  for (const action of Object.keys(planRules)) expect([action, inSections.includes(action) || action in doors || action in elsewhere]).toEqual([action, true]);
  expect(world.plans).toHaveLength(groups.length * states.length);
});

test('[AC11] HTTP: every action on a plan, by every role in every relationship and state', async () => {
  await eachOf(everybody(), async ({ role, plan, who, name }) => {
    for (const [action, call] of Object.entries(doors) as [PlanAction, NonNullable<(typeof doors)[PlanAction]>][]) cell('HTTP', `${action} ${name}`, got(await call(who, plan)), expectedAt(action, role, plan));
  });
  allRight('HTTP');
}, 500_000);

test('[AC11] HTTP: every section of the draft, of its page, of what was signed, and of its history', async () => {
  const { sections: whole } = (await world.person('coordinator', 'team').api.get(`/api/plans/${world.plans[0]?.id}/content`)).body;
  const held = new Set(Object.keys(whole as object));
  expect(held.size).toBeGreaterThan(sections.length - 5);
  await eachOf(everybody(), async ({ role, plan, who, name }) => {
    const [content, page, version] = await Promise.all([who.api.get(`/api/plans/${plan.id}/content`), who.api.get(`/api/plans/${plan.id}`), who.api.get(`/api/plans/${plan.id}/versions/1`)]);
    for (const [action, answer] of [['read-draft', content], ['see-plan', page], ['read-version', version]] as const) cell('HTTP', `${action} ${name}`, got(answer), expectedAt(action, role, plan));
    const draft = (content.body['sections'] ?? {}) as Record<string, unknown>;
    const signed = ((version.body['content'] as { sections?: object } | undefined)?.sections ?? {}) as Record<string, unknown>;
    const access = new Map(((page.body['sections'] ?? []) as { id: string; access: string }[]).map(({ id, access: how }) => [id, how]));
    for (const section of sections) {
      const at = `${section.id} ${name}`;
      const view = expectedOfSection(role, 'view-section', plan, section);
      const edit = expectedOfSection(role, 'edit-section', plan, section);
      cell('draft', at, section.id in draft ? 'shown' : 'hidden', view === 'yes' && held.has(section.id) ? 'shown' : 'hidden');
      cell('page', at, access.get(section.id) ?? 'none', edit === 'yes' ? 'edit' : view === 'yes' ? 'view' : 'none');
      const reads = role !== 'urgent-care' && expectedOfSection(role, 'read-signed-section', plan, section) === 'yes';
      cell('version', at, section.id in signed ? 'shown' : 'hidden', reads && held.has(section.id) ? 'shown' : 'hidden');
    }
    if (plan.state !== 'limited') return;
    for (const section of sections) {
      const answer = await who.api.get(`/api/plans/${plan.id}/history?section=${section.id}&field=${section.fields[0]?.id}`);
      const expected = expectedOfPlan(role, 'read-draft', plan) === 'yes' ? expectedOfSection(role, 'view-section', plan, section) : expectedOfPlan(role, 'read-draft', plan);
      cell('history', `${section.id} ${name}`, got(answer), expected);
    }
  });
  allRight('history');
}, 500_000);

test('[AC11] live editing: what is sent of every section, and what is taken', async () => {
  await eachOf(everybody(), async ({ role, plan, who, name }) => {
    const reads = expectedOfPlan(role, 'read-draft', plan) === 'yes';
    for (const section of reads ? sections : sections.slice(0, 1)) {
      const view = expectedOfSection(role, 'view-section', plan, section);
      const edit = expectedOfSection(role, 'edit-section', plan, section);
      const { sent, taken } = await tryLive(who, plan, section, view === 'yes');
      cell('sync', `${section.id} ${name}`, sent, view === 'yes' ? 'sent' : '4404');
      if (view === 'yes') cell('update', `${section.id} ${name}`, taken, edit === 'yes' ? 'saved' : 'not-allowed');
    }
  });
  allRight('update');
}, 500_000);

test('[AC11] meetings: on an agenda of all the plans everybody sees those whose draft they may read, and only roles that meet come in', async () => {
  const [chair] = [world.person('coordinator', 'team')];
  const id = 'meeting_matrix-agenda';
  await world.app.db.query(`INSERT INTO meetings (id, title, starts_at, chair_id, created_by) VALUES ($1, 'Matrix', clock_timestamp() + interval '1 hour', $2, $2)`, [id, chair.actor.id]);
  await world.app.db.query(
    `INSERT INTO meeting_items (id, meeting_id, plan_id, agenda_group, agenda_order) SELECT 'item_' || md5(plan), $1, plan, 'rest', ordinality FROM unnest($2::text[]) WITH ORDINALITY AS each (plan, ordinality)`,
    [id, world.plans.map((plan) => plan.id)],
  );
  await world.app.db.query('INSERT INTO meeting_people (meeting_id, person_id, invited) VALUES ($1, $2, true)', [id, chair.actor.id]);
  for (const group of ['team', 'member'] as const) {
    for (const role of roles) {
      const { cookie } = world.person(role, group);
      const socket = io(`${world.app.url}/meetings`, { path: '/socket.io', transports: ['websocket'], extraHeaders: { cookie }, reconnection: false });
      const came = await new Promise<boolean>((resolve) => {
        socket.once('connect', () => resolve(true));
        socket.once('connect_error', () => resolve(false));
      });
      cell('event', `comes in ${role} ${group}`, String(came), String(houseRules['see-meetings'].includes(role)));
      const joined = came ? ((await socket.emitWithAck('join', { meetingId: id })) as Acknowledgement) : undefined;
      const seen = new Set(joined?.ok ? joined.state.agenda.map(({ planId }) => planId) : []);
      for (const plan of world.plans) {
        const mine = plan.group === 'team' ? group === 'team' : group !== 'team';
        const expected = mine && houseRules['see-meetings'].includes(role) && expectedOfPlan(role, 'read-draft', plan) === 'yes';
        cell('event', `agenda ${role} ${plan.group} ${plan.state}`, String(seen.has(plan.id)), String(expected));
      }
      socket.disconnect();
    }
  }
  allRight('event');
}, 300_000);

/** A planned meeting about one plan, in which somebody holds a place, and everything else is another's. */
async function meetingWith(who: MatrixPerson, place: Place, plan: MatrixPlan, another: string): Promise<{ meetingId: string; actionId: string }> {
  const [meetingId, actionId] = [`meeting_matrix-${(changes += 1)}`, `action_matrix-${changes}`];
  const is = (wanted: Place): string => (place === wanted ? who.actor.id : another);
  await world.app.db.query(`INSERT INTO meetings (id, title, starts_at, chair_id, created_by) VALUES ($1, 'Matrix', clock_timestamp() + interval '1 hour', $2, $3)`, [meetingId, is('chair'), is('maker')]);
  await world.app.db.query(`INSERT INTO meeting_items (id, meeting_id, plan_id, agenda_group, agenda_order) VALUES ('item_' || $1, $1, $2, 'rest', 1)`, [meetingId, plan.id]);
  await world.app.db.query('INSERT INTO meeting_people (meeting_id, person_id, invited) VALUES ($1, $2, $3), ($1, $4, true)', [meetingId, who.actor.id, place === 'invited', another]);
  await world.app.db.query(
    `INSERT INTO meeting_actions (id, meeting_id, item_id, plan_id, row_id, text, owner_id, due, priority, by, once) VALUES ($1, $2, 'item_' || $2, $3, 'row-gone', 'Matrix', $4, '2030-01-01', 'soon', $5, 'matrix-once')`,
    [actionId, meetingId, plan.id, is('owner'), is('recorder')]);
  return { meetingId, actionId };
}

test('[AC12] meetings: who sees one, runs it and finishes an action of it, by every role in every place, from inside and from outside the care team', async () => {
  const [plan] = world.plans.filter(({ group, state }) => group === 'team' && state === 'open');
  if (!plan) throw new Error('the matrix has no open plan');
  const another = (await world.app.person('bystander', 'coordinator', { organisationId: 'org_other' })).id;
  const all = (['team', 'none'] as const).flatMap((group) => places.flatMap((place) => roles.map((role) => ({ group, place, role, who: world.person(role, group) }))));
  await eachOf(all, async ({ group, place, role, who }) => {
    const name = `${role} ${place} ${group}`;
    const stood = [place, ...(group === 'team' && expectedOfPlan(role, 'read-draft', plan) === 'yes' ? (['reader'] as const) : [])];
    const allowed = (action: MeetingAction): boolean => stood.some((each) => !(each === 'reader' && group === 'none') && meetingRules[action][each].includes(role));
    const { meetingId, actionId } = await meetingWith(who, place, plan, another);
    const listed = (await who.api.get(`/api/meetings/${meetingId}`)).status;
    cell('meeting', `is read ${name}`, String(listed), allowed('see-meeting') ? '200' : '404');
    if (!houseRules['see-meetings'].includes(role)) return;
    const socket = io(`${world.app.url}/meetings`, { path: '/socket.io', transports: ['websocket'], extraHeaders: { cookie: who.cookie }, reconnection: false, forceNew: true });
    try {
      const order = async (event: string, more: object = {}): Promise<string> => {
        const answer = (await socket.timeout(20_000).emitWithAck(event, { meetingId, ...more })) as Acknowledgement;
        return answer.ok || answer.refusal.code === 'conflict' ? 'yes' : answer.refusal.code;
      };
      const joined = await order('join');
      cell('meeting', `join ${name}`, joined, allowed('see-meeting') ? 'yes' : 'not-found');
      cell('meeting', `start ${name}`, await order('start'), allowed('run-meeting') ? 'yes' : allowed('see-meeting') ? 'not-allowed' : 'not-found');
      if (group === 'none') return;
      await world.app.db.query(`UPDATE meetings SET status = 'running', started_at = clock_timestamp() WHERE id = $1 AND status = 'planned'`, [meetingId]);
      await world.app.db.query(`UPDATE meeting_items SET status = 'done' WHERE meeting_id = $1`, [meetingId]);
      // Its row is not in the plan: whoever may is told of the conflict.
      cell('meeting', `finish ${name}`, await order('finishAction', { actionId, done: true }), allowed('finish-action') ? 'yes' : 'not-allowed');
    } finally {
      socket.disconnect();
    }
  });
  allRight('meeting');
}, 300_000);

test('[AC11] [BG1] breaking the glass, by every role in every relationship and state', async () => {
  await eachOf(everybody(), async ({ role, plan, who, name }) => {
    const expected = expectedOfPlan(role, 'break-glass', plan);
    const readsAnyway = expected === 'not-allowed' && expectedOfPlan(role, 'read-draft', plan) === 'yes';
    const answer = await who.api.post(`/api/plans/${plan.id}/break-glass`, { reason: 'emergency', note: 'The matrix tries every cell of the table' });
    cell('break-glass', name, got(answer), readsAnyway ? 'conflict' : expected);
  });
  allRight('break-glass');
}, 120_000);

/** A change that everybody may make who may write the section; each in a row of its own, where it is a row. */
function change(section: Section): Readonly<Record<string, unknown>> {
  const id = `matrix-${(changes += 1)}`;
  if (section.id === 'sharing') return { sharingLimits: [{ id, section: 'home', because: 'It names nobody, so it does nothing' }] };
  const field = section.fields.find(isPlain);
  if (!field) throw new Error(`nothing of ${section.id} can be written`);
  const value = sampleValue(field, londonDate(new Date()));
  return { [field.id]: field.merge === 'G' ? (value as object[]).map((row) => ({ ...row, id })) : value };
}

async function tryLive(who: MatrixPerson, plan: MatrixPlan, section: Section, opens: boolean): Promise<{ sent: string; taken: string }> {
  const socket = openSocket(world.app.url.replace('http', 'ws'), `/sync/${plan.id}/${section.id}`, { cookie: who.cookie });
  try {
    if (!opens) return { sent: String(await socket.closed()), taken: '' };
    await socket.opened();
    socket.say({ kind: 'step1', stateVector: Uint8Array.of(0) });
    await eventually(() => expect(socket.frames.some((frame) => frame.kind === 'step2')).toBe(true), 20_000);
    // What is answered to the server's own question; then the change, and whether it stands.
    socket.say({ kind: 'step2', update: Uint8Array.of(0, 0) });
    socket.say({ kind: 'barrier', number: 1 });
    socket.say({ kind: 'update', update: updateOf(section.id, answers(change(section))) });
    socket.say({ kind: 'barrier', number: 2 });
    const taken = await eventually(() => {
      const refused = socket.notices.find((notice) => notice.kind === 'refused');
      const saved = socket.frames.some((frame) => frame.kind === 'barrier-answer' && frame.number === 2);
      if (!refused && !saved) throw new Error('not answered yet');
      return refused ? String((refused as { code?: unknown }).code) : 'saved';
    }, 20_000);
    return { sent: 'sent', taken };
  } catch (error) {
    return { sent: `failed: ${error instanceof Error ? error.message.slice(0, 80) : String(error)}`, taken: 'failed' };
  } finally {
    socket.end();
  }
}
