/** Reading the trail narrowed, as FHIR, as the person whose plan it is, and as the privacy officer; and what an operator may do to names. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { whoHasLooked } from '../../server/audit/looked.ts';
import { eraseName, erasedName } from '../../server/audit/operator.ts';
import { unusualOf } from '../../server/audit/oversight.ts';
import type { AuditEntry } from '../../shared/domain/audit.ts';
import { londonDate, startOfDay } from '../../shared/domain/dates.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import type { OrganisationId, PersonId, PlanId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import type { AuditEventBundle, LookedList, OversightView } from '../../shared/wire/audit.ts';
import type { AuditList } from '../../shared/wire/plans.ts';
import { makeAuditWorld, unguarded, type AuditWorld } from '../support/auditWorld.ts';
import { makePlanWorld, refusalOf, type Name } from '../support/planWorld.ts';

let world: AuditWorld;
beforeAll(async () => {
  world = await makeAuditWorld();
  await world.write(world.plan, 'coordinator', 'prognosis', { prognosis: 'weeks' });
  await world.get('nurse', `/api/plans/${world.plan}/versions/1`);
  await world.call('socialWorker', 'post', `/api/plans/${world.plan}/team`, { body: { organisationId: 'org_surgery', relationship: 'Practice' } });
});
afterAll(() => world.close());

const trail = (query: Record<string, string>, who: Name = 'nurse') => world.get<AuditList>(who, `/api/plans/${world.plan}/audit`, query);

describe('a trail that is narrowed', () => {
  test('[AU14] to a person, a kind, a section or days tells exactly those entries, newest first, and still speaks of the whole chain', async () => {
    const all = await trail({});
    expect(all.items.map(({ seq }) => seq)).toEqual(Array.from({ length: all.chain.entries }, (_, index) => all.chain.entries - index));
    const own = (query: Record<string, string>) => trail(query).then(({ items, chain }) => {
      expect(chain).toEqual(all.chain);
      return items.map(({ seq }) => seq);
    });
    const where = (fits: (item: AuditList['items'][number]) => boolean) => all.items.filter(fits).map(({ seq }) => seq);
    expect(await own({ person: world.people.nurse.id })).toEqual(where(({ actor }) => actor.id === world.people.nurse.id));
    expect(await own({ kind: 'signed' })).toEqual(where(({ action }) => action === 'sign-version'));
    expect(await own({ kind: 'looked' })).toEqual(where(({ action, outcome }) => outcome === 'done' && ['open-plan', 'review-plan', 'read-version'].includes(action)));
    expect(await own({ kind: 'refused' })).toEqual(where(({ outcome }) => outcome === 'refused'));
    expect(await own({ section: 'wishes' })).toEqual(where(({ section }) => section === 'wishes'));
    expect(await own({ section: 'wishes', person: world.people.gp.id })).toEqual([]);
    const today = londonDate(new Date());
    expect(await own({ from: today, to: today })).toEqual(where(({ at }) => londonDate(new Date(at)) === today));
    expect(await own({ to: '2020-01-01' })).toEqual([]);
    expect(all.people.map(({ name }) => name)).toEqual(['Someone coordinator', 'Someone nurse', 'Someone socialWorker']);
    expect(all.sealed).toEqual({ entries: expect.any(Number), at: expect.any(String) });
  });

  test('[AU14] [AU6] to a section that the reader may not read tells nothing, as for one that does not exist', async () => {
    expect((await trail({ section: 'prognosis' }, 'nurse')).items).not.toEqual([]);
    for (const section of ['prognosis', 'no-such-section']) expect((await trail({ section }, 'socialWorker')).items).toEqual([]);
  });

  test.each([{ from: '2026-02-30' }, { to: 'yesterday' }])('[AU14] %j is refused with the field named', async (query) => {
    expect(refusalOf(await world.call('nurse', 'get', `/api/plans/${world.plan}/audit`, { query }))).toMatchObject({ code: 'invalid', problems: [{ field: Object.keys(query)[0] }] });
  });

  test('[PT5] a London day begins an hour earlier in summer', () => {
    expect(startOfDay('2026-07-01').toISOString()).toBe('2026-06-30T23:00:00.000Z');
    expect(startOfDay('2026-12-01').toISOString()).toBe('2026-12-01T00:00:00.000Z');
  });
});

describe('the export as FHIR', () => {
  interface Event { readonly [member: string]: unknown; readonly id: string; readonly recorded: string; readonly agent: readonly Record<string, unknown>[]; readonly entity: readonly Record<string, unknown>[] }
  const events = async (query: Record<string, string> = {}, who: Name = 'coordinator') =>
    (await world.get<AuditEventBundle>(who, `/api/plans/${world.plan}/audit/fhir`, query)).entry.map(({ resource }) => resource as unknown as Event);

  test('[AU15] is a collection of AuditEvents, one for each entry, with who, role, organisation, purpose, patient and plan', async () => {
    const all = await trail({});
    const bundle = await world.get<AuditEventBundle>('coordinator', `/api/plans/${world.plan}/audit/fhir`);
    expect(bundle).toMatchObject({ resourceType: 'Bundle', type: 'collection' });
    expect(bundle.entry.map(({ resource }) => resource.id)).toEqual(all.items.map(({ hash }) => hash));
    expect(new Set(bundle.entry.map(({ fullUrl }) => fullUrl)).size).toBe(all.items.length);
    for (const { fullUrl, resource } of bundle.entry) {
      expect(resource.id).toMatch(/^[A-Za-z0-9\-.]{1,64}$/);
      expect(fullUrl).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
    const read = (await events({ kind: 'looked', person: world.people.nurse.id }))[0];
    expect(read).toMatchObject({
      resourceType: 'AuditEvent', type: { system: 'http://terminology.hl7.org/CodeSystem/audit-event-type', code: 'rest' }, subtype: [{ system: 'http://hl7.org/fhir/restful-interaction', code: 'read' }],
      action: 'R', outcome: '0', outcomeDesc: 'read version 1',
      purposeOfEvent: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'TREAT' }] }],
      contained: [{ resourceType: 'PractitionerRole', id: 'actor', practitioner: { identifier: { value: world.people.nurse.id } }, organization: { identifier: { value: 'org_hub' }, display: 'The hub' }, code: [{ text: 'Community nurse' }] }],
      agent: [{ type: { coding: [{ code: 'IRCP' }] }, who: { reference: '#actor' }, requestor: true }, { type: { coding: [{ system: 'http://dicom.nema.org/resources/ontology/DCM', code: '110153' }] }, requestor: false }],
      source: { observer: { display: 'Accord' }, type: [{ code: '4' }] },
      entity: [{ what: { type: 'Patient', identifier: { system: 'https://fhir.nhs.uk/Id/nhs-number', value: expect.stringMatching(/^999\d{7}$/) } } }, { what: { type: 'CarePlan', identifier: { value: world.plan } } }],
    });
  });

  test('[AU15] tells writing, signing and refusals apart, and every event has what R4 asks for', async () => {
    expect((await events({ kind: 'signed' }))[0]).toMatchObject({ action: 'C', agent: [{ type: { coding: [{ code: 'AUT' }] } }, { type: { coding: [{ code: '110152' }] } }] });
    expect((await events({ kind: 'wrote' }))[0]).toMatchObject({ action: 'U', subtype: [{ code: 'update' }] });
    expect((await events({ kind: 'refused' }))[0]).toMatchObject({ outcome: '4', outcomeDesc: expect.stringContaining('was refused') });
    for (const event of await events()) {
      expect(event.recorded).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(event.agent.length).toBeGreaterThan(0);
      for (const { requestor } of event.agent) expect(typeof requestor).toBe('boolean');
      expect(event['source']).toHaveProperty('observer');
      for (const { detail } of event.entity) for (const one of (detail ?? []) as { type: string; valueString: string }[]) expect([one.type !== '', one.valueString !== '']).toEqual([true, true]);
    }
  });

  test('[AU15] [AU9] holds neither the hash of what was written nor a section that the reader may not know of, is recorded, and is for who may read the trail', async () => {
    expect(JSON.stringify(await events({}, 'socialWorker'))).not.toMatch(/rognosis|"rows"/);
    expect(refusalOf(await world.call('paramedic', 'get', `/api/plans/${world.plan}/audit/fhir`))?.code).toBe('not-found');
    const rows = await world.base.db.query<{ count: number }>(`SELECT count(*) AS count FROM audit_entries WHERE stream LIKE 'access:%' AND entry LIKE '{"action":"export-audit"%'`);
    expect(rows[0]?.count).toBeGreaterThan(3);
  });
});

describe('who has looked', () => {
  const looked = (who: Name = 'nurse') => world.get<LookedList>(who, `/api/plans/${world.plan}/looked`);

  test('[AU16] tells each day’s readers by role and organisation, what they saw, when and why; not by name unless the house says so', async () => {
    const list = await looked();
    expect(list.days).toHaveLength(1);
    const nurse = list.days[0]?.people.find(({ role }) => role === 'Community nurse');
    expect(nurse).toEqual({ role: 'Community nurse', organisation: 'The hub', why: 'looking after the person', times: [expect.any(String)], did: ['read version 1'], refused: false });
    expect(JSON.stringify(list.days)).not.toMatch(/Someone|person_/);
    const open = await makePlanWorld({ namesForPatients: true });
    try {
      const plan = (await open.newPlan()).id as PlanId;
      await open.get('nurse', `/api/plans/${plan}`);
      expect((await open.get<LookedList>('nurse', `/api/plans/${plan}/looked`)).days[0]?.people).toEqual([expect.objectContaining({ name: 'Someone nurse', did: ['opened the plan'] })]);
    } finally {
      await open.close();
    }
  });

  test('[AU16] tells those who were shown nothing apart, and puts a reader’s looks of a day together', async () => {
    const plan = (await world.newPlan()).id as PlanId;
    for (let times = 0; times < 3; times += 1) await world.call('nurse', 'get', `/api/plans/${plan}/versions`);
    await world.get('nurse', `/api/plans/${plan}`);
    await world.call('outsider', 'get', `/api/plans/${plan}`);
    const people = (await world.get<LookedList>('coordinator', `/api/plans/${plan}/looked`)).days[0]?.people ?? [];
    expect(people.map(({ role, refused, did, times }) => [role, refused, did.length, times.length])).toEqual([['Coordinator', true, 1, 1], ['Community nurse', false, 1, 1]]);
  });

  test('[AU16] the person whose plan it is reads it by a right of their own, and nobody else with that role', async () => {
    const patient = (slug: string): Actor => ({ ...world.people.nurse, id: `person_${slug}` as PersonId, role: 'patient', organisationId: 'org_hub' as OrganisationId });
    for (const slug of ['ada', 'another']) await world.base.db.query(`INSERT INTO people (id, name, role, job_title, organisation_id) VALUES ($1, $1, 'patient', '', 'org_hub')`, [`person_${slug}`]);
    await world.base.db.query(`INSERT INTO plan_people (id, plan_id, person_id, kind, relationship, given_by) VALUES ('tie_ada', $1, 'person_ada', 'own', 'Their own plan', $2)`, [world.plan, world.people.coordinator.id]);
    const own = await whoHasLooked(world.deps, patient('ada'), world.plan);
    expect(own.ok && own.value.days[0]?.people.some(({ did }) => did.includes('read version 1'))).toBe(true);
    expect(refusalOf(await whoHasLooked(world.deps, patient('another'), world.plan))?.code).toBe('not-found');
  });

  test('[AS5] [AU17] who is in a plan by nothing but an emergency is told as such, to the person and to the privacy officer', async () => {
    await world.base.db.query(`INSERT INTO plan_people (id, plan_id, person_id, kind, relationship, until, given_by) VALUES ('tie_gp', $1, $2, 'break-glass', 'Access in an emergency', now() + interval '1 hour', $2)`, [world.plan, world.people.gp.id]);
    await world.get('gp', `/api/plans/${world.plan}/versions/1`);
    const list = await looked();
    expect(list.days[0]?.people.find(({ role, refused }) => role === 'GP' && !refused)).toMatchObject({ why: 'emergency access, reviewed afterwards', did: ['read version 1'] });
    await world.standing.seal();
    expect((await world.get<OversightView>('privacyOfficer', '/api/oversight')).unusual[0]).toMatchObject({ kind: 'break-glass', sentence: 'Someone gp used emergency access.', plans: [{ id: world.plan }] });
  });

  test('[AU16] is for who may read the trail, and its reading is recorded', async () => {
    for (const who of ['paramedic', 'outsider'] as const) expect(refusalOf(await world.call(who, 'get', `/api/plans/${world.plan}/looked`))?.code).toBe('not-found');
    await looked('privacyOfficer');
    const rows = await world.base.db.query(`SELECT FROM audit_entries WHERE stream LIKE 'access:%' AND entry LIKE '{"action":"read-looked"%' AND strpos(entry, '${world.people.privacyOfficer.id}') > 0`);
    expect(rows).toHaveLength(1);
  });

  test('[AU18] a print is in the plan’s trail before it is printed, and only of what may be read', async () => {
    expect((await world.call('nurse', 'post', `/api/plans/${world.plan}/prints`, { body: { what: 'signed-version', version: 2 } })).ok).toBe(true);
    expect((await trail({ kind: 'looked' })).items[0]).toMatchObject({ action: 'print', sentence: 'Someone nurse printed version 2 of the plan.' });
    expect(refusalOf(await world.call('privacyOfficer', 'post', `/api/plans/${world.plan}/prints`, { body: { what: 'signed-version', version: 2 } }))?.code).toBe('not-allowed');
    expect((await world.call('privacyOfficer', 'post', `/api/plans/${world.plan}/prints`, { body: { what: 'who-has-looked' } })).ok).toBe(true);
    // Nobody writes into the chain that something was printed which there is not.
    const printed = async () => (await trail({ kind: 'looked' })).items.filter(({ action, outcome }) => action === 'print' && outcome === 'done').length;
    const before = await printed();
    expect(refusalOf(await world.call('nurse', 'post', `/api/plans/${world.plan}/prints`, { body: { what: 'signed-version', version: 999 } }))?.code).toBe('not-found');
    expect(refusalOf(await world.call('nurse', 'post', `/api/plans/${world.plan}/prints`, { body: { what: 'signed-version' } }))).toMatchObject({ code: 'invalid', problems: [{ field: 'version' }] });
    expect(await printed()).toBe(before);
  });
});

describe('oversight', () => {
  const view = (who: Name = 'privacyOfficer') => world.get<OversightView>(who, '/api/oversight');

  test('[AU17] HAZ-27 tells the privacy officer alone whether the chains hold, when they were sealed and walked, and names a break', async () => {
    expect(refusalOf(await world.call('coordinator', 'get', '/api/oversight'))?.code).toBe('not-allowed');
    await world.standing.seal();
    await world.standing.walk('whole');
    expect((await view()).log).toMatchObject({ breaks: 0, found: [], lastSeal: expect.any(String), lastWalk: expect.any(String), lastWholeWalk: expect.any(String), sealedEntries: expect.any(Number), witnesses: [] });
    await world.base.asAdministrator(`${unguarded} UPDATE audit_entries SET hash = sha256('x') WHERE stream = 'plan:${world.plan}' AND seq = 2`);
    await world.standing.walk('whole');
    const { log } = await view();
    expect(log.breaks).toBeGreaterThan(0);
    expect(log.found).toContainEqual({ where: `plan:${world.plan}`, why: 'does not hold at entry 2: the entry is not what its hash was taken of' });
    await world.base.asAdministrator(`${unguarded} UPDATE audit_entries SET hash = sha256('\\x00'::bytea || convert_to(entry, 'UTF8')) WHERE stream = 'plan:${world.plan}' AND seq = 2; ALTER TABLE audit_entries ENABLE ALWAYS TRIGGER never_changes`);
    await world.standing.walk('whole');
    expect((await view()).log.breaks).toBe(0);
  });

  test('[AU17] shows refused attempts and readings in urgent care, and only what concerns the officer’s organisation', async () => {
    const number = (await world.base.db.query<{ number: string }>('SELECT nhs_number AS number FROM plans WHERE id = $1', [world.plan]))[0]?.number ?? '';
    await world.call('paramedic', 'get', `/api/urgent/${number}`);
    await world.call('outsider', 'get', `/api/plans/${world.plan}`);
    const elsewhere = (await world.newPlan('outsider')).id as PlanId;
    await world.call('gp', 'get', `/api/plans/${elsewhere}`);
    await world.standing.seal();
    const { unusual } = await view();
    expect(unusual).toContainEqual(expect.objectContaining({ kind: 'outside-team', sentence: 'Someone paramedic read 1 plan in urgent care.', plans: [{ id: world.plan, name: expect.stringMatching(/^[A-Z]+, /) }] }));
    expect(unusual).toContainEqual(expect.objectContaining({ kind: 'refused', person: expect.objectContaining({ name: 'Someone outsider', organisation: 'The elsewhere' }) }));
    // What a stranger was refused on a stranger's plan is not for this officer.
    expect(unusual.filter(({ person, kind }) => person.name === 'Someone gp' && kind === 'refused')).toEqual([]);
    expect(JSON.stringify(unusual)).not.toContain(elsewhere);
  });

  test('[AU17] many plans means more than usual within one hour, whenever it began', () => {
    const reading = (minute: number, plan: string, extra: Partial<AuditEntry> = {}): AuditEntry => ({
      v: 1, stream: `plan:${plan}`, seq: 1, at: new Date(Date.UTC(2026, 5, 1, 9, minute)).toISOString(), actor: { id: 'person_x', role: 'gp', org: 'org_a' }, action: 'open-plan', plan, outcome: 'done', prev: null, ...extra,
    });
    const most = limits.plansAnHourUsual;
    const plans = new Map(Array.from({ length: 60 }, (_, index) => [`plan_${index}`, { patient: { familyName: 'Testwell', givenName: String(index) }, team: ['org_a'] }]));
    const kinds = (entries: readonly AuditEntry[]) => unusualOf(entries, plans, { organisationId: 'org_a' as OrganisationId }, (id) => id).map(({ kind, count }) => [kind, count]);
    expect(kinds(Array.from({ length: most }, (_, index) => reading(index, `plan_${index}`)))).toEqual([]);
    expect(kinds(Array.from({ length: most + 1 }, (_, index) => reading(index, `plan_${index}`)))).toEqual([['many-plans', most + 1]]);
    // The same plan many times is one plan; spread over two hours it is no more than usual.
    expect(kinds(Array.from({ length: 50 }, (_, index) => reading(index, 'plan_1')))).toEqual([]);
    expect(kinds(Array.from({ length: 40 }, (_, index) => reading(index * 3.1, `plan_${index}`)))).toEqual([]);
    expect(kinds([reading(1, 'plan_1', { purpose: 'break-glass', actor: { id: 'person_x', role: 'gp', org: 'org_b' } })])).toEqual([['break-glass', 1]]);
    expect(kinds([reading(1, 'plan_1', { actor: { id: 'person_x', role: 'gp', org: 'org_b' }, purpose: 'direct-care' })])).toEqual([['outside-team', 1]]);
    // An emergency that was refused was none; one's own plan, and what somebody was let in to check, is nothing unusual.
    expect(kinds([reading(1, 'plan_1', { action: 'break-glass', outcome: 'refused', purpose: 'direct-care' })])).toEqual([['refused', 1]]);
    for (const purpose of ['own-record', 'oversight'] as const) expect(kinds([reading(1, 'plan_1', { actor: { id: 'person_x', role: 'patient', org: 'org_b' }, purpose })])).toEqual([]);
  });
});

describe('a name that is erased', () => {
  const random = (bytes: number): Uint8Array => randomBytes(bytes);

  test('[AU13] is gone from every trail, ends its sessions, is recorded with its reason, and every chain still holds', async () => {
    const person = world.people.nurse.id;
    await world.base.db.query(`INSERT INTO sessions (token_hash, person_id, expires_at) VALUES ('\\x01', $1, now() + interval '1 hour')`, [person]);
    expect(await eraseName(world.deps.db, random, person, 'asked')).toEqual({ ok: true, value: undefined });
    expect((await trail({ kind: 'looked', person }, 'coordinator')).items[0]?.sentence).toBe(`${erasedName} printed version 2 of the plan.`);
    expect(JSON.stringify(await trail({}, 'coordinator'))).not.toContain('Someone nurse');
    expect(await world.base.db.query('SELECT FROM sessions WHERE person_id = $1 AND ended_at IS NULL', [person])).toEqual([]);
    const [row] = await world.base.db.query<{ entry: string }>(`SELECT entry FROM audit_entries WHERE stream LIKE 'access:org_hub:%' AND entry LIKE '{"action":"erase-name"%'`);
    expect(JSON.parse(row?.entry ?? '{}')).toMatchObject({ actor: { id: 'system', org: 'org_hub' }, reason: 'asked', outcome: 'done', ref: { person } });
    await world.standing.seal();
    expect(await world.found()).toEqual([]);
  });

  test('[AU13] is erased once, and nobody is erased who does not exist', async () => {
    expect(refusalOf(await eraseName(world.deps.db, random, world.people.nurse.id, 'asked'))?.code).toBe('conflict');
    expect(refusalOf(await eraseName(world.deps.db, random, 'person_nobody' as PersonId, 'left'))?.code).toBe('not-found');
  });
});
