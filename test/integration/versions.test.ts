/** Review, sign-off and versions on a real database, with others writing and signing at the same moment. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { canonical } from '../../shared/domain/canonical.ts';
import { meaningOfSigning } from '../../shared/domain/signOff.ts';
import type { PlanId } from '../../shared/ids.ts';
import type { Result } from '../../shared/refusal.ts';
import type { AuditList, DifferenceItem, PlanView, Review, VersionItem, VersionView } from '../../shared/wire/plans.ts';
import { verifyEveryVersion } from '../../server/versions/verify.ts';
import { makePlanWorld, must, refusalOf, type Name, type PlanWorld } from '../support/planWorld.ts';

let world: PlanWorld;
let planId: PlanId;
beforeAll(async () => {
  world = await makePlanWorld();
  planId = await world.completePlan();
});
afterAll(() => world.close());

const review = async (plan: PlanId, who: Name = 'coordinator') => must(await world.call<Review>(who, 'post', `/api/plans/${plan}/reviews`));
const signAs = (plan: PlanId, read: Pick<Review, 'position' | 'contentHash'>, who: Name = 'coordinator', statement = meaningOfSigning): Promise<Result<VersionItem>> =>
  world.call<VersionItem>(who, 'post', `/api/plans/${plan}/versions`, { body: { position: read.position, contentHash: read.contentHash, statement } });
const audited = async (plan: PlanId, action: string) => (await world.get<AuditList>('coordinator', `/api/plans/${plan}/audit`)).items.filter((item) => item.action === action);

describe('a review', () => {
  test('[SG2] its hash is the SHA-256 of the canonical content that it shows to someone who reads everything', async () => {
    const { content, contentHash, position } = await review(planId);
    expect(createHash('sha256').update(canonical(content)).digest('hex')).toBe(contentHash);
    expect(content.position).toBe(position);
  });

  test('[SG3] a reader who may not see every section gets the same hash and no hidden section', async () => {
    await world.write(planId, 'gp', 'prognosis', { prognosis: 'weeks' });
    const [whole, part] = [await review(planId), await review(planId, 'socialWorker')];
    expect(part.contentHash).toBe(whole.contentHash);
    expect(Object.keys(whole.content.sections)).toContain('prognosis');
    expect(Object.keys(part.content.sections)).not.toContain('prognosis');
    expect(JSON.stringify(part.changes)).not.toContain('rognosis');
    expect(part.maySign).toBe(false);
    expect([whole.content.salt, part.content.salt]).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/), undefined]);
  });

  test('[SG3] who has no draft to read has nothing to review', async () => {
    expect(refusalOf(await world.call('privacyOfficer', 'post', `/api/plans/${planId}/reviews`))?.code).toBe('not-allowed');
    expect(refusalOf(await world.call('paramedic', 'post', `/api/plans/${planId}/reviews`))?.code).toBe('not-found');
  });
});

describe('the salt', () => {
  /** Every text of 32 hexadecimal digits that stands in an answer by itself. */
  const salts = (answer: unknown): string[] => [...JSON.stringify(answer).matchAll(/"([0-9a-f]{32})"/g)].map(([, found]) => found ?? '');

  test('[SG2] HAZ-18 is another at each position and in each plan, and reaches nobody from whom a section or a code is hidden', async () => {
    const [plan, other] = [await world.completePlan(), await world.completePlan()];
    const first = (await review(plan)).content.salt ?? '';
    expect((await review(plan)).content.salt).toBe(first);
    const signed = await world.sign(plan);
    expect((await world.get<VersionView>('coordinator', `/api/plans/${plan}/versions/1`)).content.salt).toBe(first);
    await world.write(plan, 'gp', 'prognosis', { prognosis: 'weeks' });
    const second = (await review(plan)).content.salt ?? '';
    expect(new Set([first, second, (await review(other)).content.salt]).size).toBe(3);
    const hidden = [
      await review(plan, 'socialWorker'), await world.get('socialWorker', `/api/plans/${plan}/content`), await world.get('socialWorker', `/api/plans/${plan}/versions/1`),
      await world.get('socialWorker', `/api/plans/${plan}/versions`), await world.get('coordinator', `/api/plans/${plan}/audit`),
    ];
    for (const answer of hidden) for (const salt of [first, second]) expect(salts(answer)).not.toContain(salt);
    expect(signed.contentHash).not.toBe(createHash('sha256').update(canonical({ planId: plan, position: signed.position, sections: (await world.deps.text.contentAt(world.base.db, plan, signed.position)).sections })).digest('hex'));
    await world.write(plan, 'nurse', 'keysafe', { keySafeLocation: 'Behind the water butt', keySafeCode: '2486' });
    expect((await review(plan)).content).not.toHaveProperty('salt');
    expect((await world.get<Review['content']>('coordinator', `/api/plans/${plan}/content`))).not.toHaveProperty('salt');
  });
});

describe('signing', () => {
  test('[SG7] a version holds what was read, chained and signed so that anyone with the public key can check it', async () => {
    const plan = await world.completePlan();
    const read = await review(plan);
    const first = must(await signAs(plan, read));
    expect(first).toMatchObject({ number: 1, position: read.position, contentHash: read.contentHash, previousHash: null, latest: true, statement: read.statement });
    expect(first.signedBy).toEqual({ id: 'person_coordinator', name: 'Someone coordinator', role: 'coordinator', organisation: 'The hub' });

    await world.write(plan, 'nurse', 'wishes', { whatMatters: [{ type: 'paragraph', text: 'The sea.' }] });
    const second = await world.sign(plan);
    expect(second).toMatchObject({ number: 2, previousHash: first.contentHash });

    const view = await world.get<VersionView>('coordinator', `/api/plans/${plan}/versions/2`);
    expect(createHash('sha256').update(canonical(view.content)).digest('hex')).toBe(view.contentHash);
    const [key] = await world.base.db.query<{ publicKey: string }>('SELECT public_key AS "publicKey" FROM signing_keys WHERE key_id = $1', [view.keyId]);
    const holds = (statement: string) => verify(null, Buffer.from(statement), createPublicKey(key?.publicKey ?? ''), Buffer.from(view.signature, 'base64'));
    expect(holds(view.signedStatement)).toBe(true);
    expect(holds(view.signedStatement.replace('"number":2', '"number":3'))).toBe(false);
    expect(JSON.parse(view.signedStatement)).toMatchObject({
      plan, number: 2, position: second.position, contentHash: view.contentHash, previousHash: first.contentHash, keyId: view.keyId, signedAt: view.signedAt, signer: { id: 'person_coordinator' },
    });
    const list = await world.get<{ items: VersionItem[] }>('gp', `/api/plans/${plan}/versions`).catch(() => undefined);
    expect(list).toBeUndefined();
    const items = (await world.get<{ items: VersionItem[] }>('nurse', `/api/plans/${plan}/versions`)).items;
    expect(items.map(({ number, latest }) => [number, latest])).toEqual([[2, true], [1, false]]);
  });

  test('[SG8] the private key lies in a file that only the service may read', async () => {
    const folder = path.join(world.deps.settings.dataDir, 'keys');
    await world.sign(await world.completePlan());
    expect(await readdir(folder)).toEqual(['signing.pem']);
    expect((await stat(path.join(folder, 'signing.pem'))).mode & 0o777).toBe(0o600);
  });

  test('[SG5] a plan that is not complete is not signed, and each problem names its section and field', async () => {
    const plan = (await world.newPlan()).id as PlanId;
    const read = await review(plan);
    const blocking = read.problems.filter(({ severity }) => severity === 'blocks').map(({ section, field }) => `${section}.${field}`);
    const refusal = refusalOf(await signAs(plan, read));
    expect(refusal?.code).toBe('incomplete');
    expect(refusal?.problems?.map(({ field }) => field)).toEqual(blocking);
    expect(blocking).toContain('resuscitation.cprDecision');
    expect((await audited(plan, 'sign-version')).map(({ outcome, reason }) => [outcome, reason])).toEqual([['refused', 'incomplete']]);
  });

  test('[SG6] HAZ-01 a disputed value stops the signature and is named', async () => {
    const plan = await world.completePlan();
    await world.dispute(plan, 'resuscitation', 'cprDecision', ['for-attempted-cpr', 'not-for-attempted-cpr']);
    const read = await review(plan);
    expect(read.disputed).toEqual([{ section: 'resuscitation', field: 'cprDecision', label: 'CPR recommendation' }]);
    const refusal = refusalOf(await signAs(plan, read));
    expect(refusal?.code).toBe('incomplete');
    expect(refusal?.problems?.map(({ field }) => field)).toContain('resuscitation.cprDecision');
  });

  test.each(['gp', 'nurse', 'socialWorker', 'careHomeNurse', 'privacyOfficer'] as const)('[SG9] HAZ-10 %s cannot sign', async (who) => {
    const plan = await world.completePlan();
    const read = await review(plan);
    const answer = await signAs(plan, read, who);
    expect(answer.ok).toBe(false);
    expect(await world.base.db.query('SELECT number FROM versions WHERE plan_id = $1', [plan])).toEqual([]);
  });

  test('[SG4] HAZ-06 text that arrived after the reading is never signed; the signer is told what changed', async () => {
    const plan = await world.completePlan();
    const read = await review(plan);
    await world.write(plan, 'nurse', 'wishes', { preferredPlaceOfCare: 'hospice' });
    const refusal = refusalOf(await signAs(plan, read));
    expect(refusal?.code).toBe('changed-since-read');
    expect(refusal?.more).toMatchObject({ position: read.position + 1 });
    const changes = refusal?.more?.['changes'] as DifferenceItem[];
    expect(changes.map(({ section, field }) => `${section}.${field}`)).toEqual(['wishes.preferredPlaceOfCare']);
    must(await signAs(plan, await review(plan)));
  });

  test('[SG4] HAZ-06 a hash of something else, or a position that is not there yet, is not signed', async () => {
    const plan = await world.completePlan();
    const read = await review(plan);
    expect(refusalOf(await signAs(plan, { ...read, contentHash: 'a'.repeat(64) }))?.code).toBe('changed-since-read');
    expect(refusalOf(await signAs(plan, { ...read, position: read.position + 1 }))).toMatchObject({ code: 'invalid', problems: [{ field: 'position' }] });
    expect(refusalOf(await signAs(plan, { ...read, position: read.position - 1 }))?.code).toBe('changed-since-read');
  });

  test.each([
    ['others', 'I have not read this plan.'], ['fewer', meaningOfSigning.slice(0, -1)], ['more', `${meaningOfSigning} `], ['a denial after them', `${meaningOfSigning} Not.`], ['other letters', meaningOfSigning.toUpperCase()],
  ])('[SG13] HAZ-06 words that the review did not show are not signed: %s', async (_name, words) => {
    const read = await review(planId);
    expect(read.statement).toBe(meaningOfSigning);
    expect(refusalOf(await signAs(planId, read, 'coordinator', words))).toMatchObject({ code: 'invalid', problems: [{ field: 'statement' }] });
    expect(await world.base.db.query('SELECT number FROM versions WHERE plan_id = $1', [planId])).toEqual([]);
  });

  test('[SG10] everyone with the plan open is told once the version stands', async () => {
    const plan = await world.completePlan();
    const version = await world.sign(plan);
    const told = world.announced.filter((each) => each.planId === plan).map(({ what }) => what);
    expect(told).toEqual([{ kind: 'signed', number: 1, position: version.position, by: 'Someone coordinator', at: version.signedAt }]);
  });

  test('[PL5] the plan says draft, then signed, then changed', async () => {
    const plan = await world.completePlan();
    const status = async () => (await world.get<PlanView>('nurse', `/api/plans/${plan}`)).status;
    expect(await status()).toBe('draft');
    await world.sign(plan);
    expect(await status()).toBe('signed');
    await world.write(plan, 'nurse', 'wishes', { preferredPlaceOfCare: 'hospice' });
    expect(await status()).toBe('changed');
  });
});

describe('at the same instant', () => {
  test('[SG11] two coordinators sign the same reading, fifty rounds: one version each round, the other is told whose', async () => {
    const plan = await world.completePlan();
    for (let round = 1; round <= 50; round += 1) {
      const [one, other] = await Promise.all([review(plan), review(plan, 'secondCoordinator')]);
      expect(one.contentHash).toBe(other.contentHash);
      const answers = await Promise.all([signAs(plan, one), signAs(plan, other, 'secondCoordinator')]);
      const winners = answers.filter((answer) => answer.ok).map((answer) => must(answer));
      expect(winners.map(({ number }) => number)).toEqual([round]);
      const refusal = answers.map(refusalOf).find((each) => each !== undefined);
      expect(refusal).toMatchObject({ code: 'changed-since-read', more: { changes: [], winner: { number: round, signedBy: winners[0]?.signedBy.name } } });
    }
    const rows = await world.base.db.query<{ number: number; position: number }>('SELECT number, position FROM versions WHERE plan_id = $1 ORDER BY number', [plan]);
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
    expect(new Set(rows.map(({ position }) => position)).size).toBe(50);
    expect((await world.get<AuditList>('coordinator', `/api/plans/${plan}/audit`)).chain.ok).toBe(true);
  }, 120_000);

  test('[SG12] HAZ-06 a change racing a signature is wholly in or wholly out, thirty rounds', async () => {
    const plan = await world.completePlan();
    const outcomes = { signedFirst: 0, writtenFirst: 0 };
    for (let round = 1; round <= 30; round += 1) {
      const read = await review(plan);
      const note = `round ${round}`;
      const write = () => world.write(plan, 'nurse', 'wishes', { preferredPlaceOfCare: { code: 'hospice', note } });
      const [answer, writtenAt] = await Promise.all(round % 2 ? [signAs(plan, read), write()] : [write(), signAs(plan, read)].reverse() as [Promise<Result<VersionItem>>, Promise<number>]);
      if (answer.ok) {
        outcomes.signedFirst += 1;
        expect(writtenAt).toBeGreaterThan(answer.value.position);
        const view = await world.get<VersionView>('coordinator', `/api/plans/${plan}/versions/${answer.value.number}`);
        expect(view.contentHash).toBe(read.contentHash);
        expect(JSON.stringify(view.content)).not.toContain(note);
      } else {
        outcomes.writtenFirst += 1;
        expect(answer.refusal.code).toBe('changed-since-read');
        expect(JSON.stringify(answer.refusal.more)).toContain(note);
      }
    }
    // Either order is right; that both were seen shows that they raced.
    expect(outcomes.signedFirst + outcomes.writtenFirst).toBe(30);
    expect(Math.min(outcomes.signedFirst, outcomes.writtenFirst)).toBeGreaterThan(0);
  }, 120_000);
});

describe('reading what was signed', () => {
  test('[VE1] a version keeps its text whatever is written later, and its reading is in the chain', async () => {
    const plan = await world.completePlan();
    await world.write(plan, 'nurse', 'wishes', { preferredPlaceOfCare: { code: 'hospice', note: 'as signed' } });
    await world.sign(plan);
    const before = await world.get<VersionView>('nurse', `/api/plans/${plan}/versions/1`);
    await world.write(plan, 'nurse', 'wishes', { preferredPlaceOfCare: { code: 'own-home', note: 'written later' } });
    const after = await world.get<VersionView>('nurse', `/api/plans/${plan}/versions/1`);
    expect(after).toEqual(before);
    expect(JSON.stringify(after)).toContain('as signed');
    expect((await audited(plan, 'read-version')).map(({ actor, ref }) => [actor.id, ref?.['version']])).toEqual([['person_nurse', 1], ['person_nurse', 1]]);
  });

  test('[VE2] sections that the reader may not see are left out and named, whether or not they hold anything', async () => {
    const plan = await world.completePlan();
    await world.write(plan, 'nurse', 'keysafe', { keySafeCode: '2486' });
    await world.sign(plan);
    const view = await world.get<VersionView>('careHomeNurse', `/api/plans/${plan}/versions/1`);
    expect(view.withheld.toSorted()).toEqual(['keysafe', 'prognosis']);
    expect(JSON.stringify(view.content)).not.toContain('2486');
    expect((await world.get<VersionView>('coordinator', `/api/plans/${plan}/versions/1`)).withheld).toEqual([]);
  });

  test('[VE3] two versions, or a version and the draft, compared in sentences; hidden sections stay hidden', async () => {
    const plan = await world.completePlan();
    await world.sign(plan);
    await world.write(plan, 'nurse', 'wishes', { preferredPlaceOfCare: 'hospice' });
    await world.write(plan, 'nurse', 'keysafe', { keySafeCode: '2486' });
    await world.sign(plan);
    await world.write(plan, 'nurse', 'wishes', { preferredPlaceOfCare: 'own-home' });
    const compare = async (who: Name, from: string, to: string) => (await world.get<{ differences: DifferenceItem[] }>(who, `/api/plans/${plan}/compare`, { from, to })).differences.map(({ field }) => field);
    expect((await compare('nurse', '1', '2')).toSorted()).toEqual(['keySafeCode', 'preferredPlaceOfCare']);
    expect(await compare('careHomeNurse', '1', '2')).toEqual(['preferredPlaceOfCare']);
    expect(await compare('nurse', '2', 'draft')).toEqual(['preferredPlaceOfCare']);
    expect(refusalOf(await world.call('nurse', 'get', `/api/plans/${plan}/compare`, { query: { from: '1', to: '9' } }))?.code).toBe('not-found');
  });

  test('[VE1] a version that does not exist is not found, whatever its number looks like', async () => {
    for (const number of ['9', '0', '01', '-1', '1e3', '99999999999', 'latest']) {
      expect(refusalOf(await world.call('nurse', 'get', `/api/plans/${planId}/versions/${number}`))?.code).toBe('not-found');
    }
  });
});

describe('checking every version', () => {
  const verdicts = async (database: PlanWorld) => {
    const found: string[] = [];
    for await (const { number, why } of verifyEveryVersion(database.base.db)) found.push(`${number} ${why ?? 'holds'}`);
    return found;
  };
  test.each([
    ['nothing was changed', 'SELECT 1', ['1 holds', '2 holds']],
    ['a word of the content was', `UPDATE versions SET content = replace(content, 'Words', 'Other') WHERE number = 1`, ['1 the content is not what its hash was taken of', '2 holds']],
    ['the content and its hash were', `UPDATE versions SET content = '{}', content_hash = encode(sha256('{}'), 'hex') WHERE number = 2`, ['1 holds', '2 the row says something else than its signed statement']],
    ['the signer was', `UPDATE versions SET signed_by = 'person_secondcoordinator' WHERE number = 2`, ['1 holds', '2 the row says something else than its signed statement']],
    ['the statement was', `UPDATE versions SET statement = replace(statement, '"number":1', '"number":7') WHERE number = 1`, ['1 the signature does not fit the statement', '2 holds']],
    ['the first one was taken away', 'DELETE FROM versions WHERE number = 1', ['2 the version before it is missing']],
  ])('[VE4] HAZ-27 says so when %s', async (_name, tampering, expected) => {
    const own = await makePlanWorld();
    try {
      const plan = await own.completePlan();
      await own.sign(plan);
      await own.sign(plan);
      await own.base.asAdministrator(`ALTER TABLE versions DISABLE TRIGGER never_changes; ${tampering}`);
      expect(await verdicts(own)).toEqual(expected);
    } finally {
      await own.close();
    }
  });
});
