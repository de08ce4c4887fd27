/** What the person asked to have withheld, and what becomes of relationships when they take back their agreement. */
import { describe, expect, test } from '@jest/globals';
import { sections } from '../../shared/content/standard.ts';
import { may, sectionAccess } from '../../shared/domain/access.ts';
import { plainFacts, sameFacts, sameSight, type PlanFacts } from '../../shared/domain/planFacts.ts';
import { isApplied, isWithdrawn, limitsOf } from '../../shared/domain/sharing.ts';
import type { Actor, Role } from '../../shared/domain/roles.ts';
import type { OrganisationId, PersonId, PlanId } from '../../shared/ids.ts';

const [practice, hub, council] = ['org_practice', 'org_hub', 'org_council'] as OrganisationId[] as [OrganisationId, OrganisationId, OrganisationId];
const plan: PlanFacts = { ...plainFacts('plan_sharing' as PlanId, [practice, hub, council]), keepers: [practice, hub] };
const actor = (role: Role, organisationId: OrganisationId): Actor => ({
  id: `person_${role}` as PersonId, name: role, role, jobTitle: role, organisationId, organisation: organisationId, seniorClinician: false, simulated: false,
});
const sees = (who: Actor, of: PlanFacts): boolean => may(who, 'see-plan', { kind: 'plan', plan: of }).ok;

describe('limits', () => {
  test('[NK2] a row limits its role, its organisation, or both, in its part', () => {
    expect(limitsOf([
      { id: '1', role: 'social-worker', section: 'wishes' }, { id: '2', organisation: { id: 'org_council', name: 'Council' }, section: 'everything' },
      { id: '3', role: { code: 'gp', note: 'her brother' }, organisation: { id: 'org_practice', name: 'Practice' }, section: { code: 'home' } },
    ])).toEqual([
      { from: { role: 'social-worker' }, part: 'wishes' }, { from: { organisation: council }, part: 'everything' },
      { from: { role: 'gp' }, part: 'home' }, { from: { organisation: practice }, part: 'home' },
    ]);
  });

  test('[NK2] free text, half a row and a row that is struck out have no effect, and the screen can tell', () => {
    const rows = [{ id: '1', who: 'Custody staff', part: 'The whole plan' }, { id: '2', role: 'gp' }, { id: '3', section: 'wishes' }, { id: '4', role: 'gp', section: 'wishes', removed: true, reason: 'no longer' }, { id: '5', role: 'nobody', section: 'home' }];
    expect(limitsOf(rows)).toEqual([]);
    expect(rows.slice(0, 3).map(isApplied)).toEqual([false, false, false]);
    expect(limitsOf(undefined)).toEqual([]);
    expect(limitsOf('text')).toEqual([]);
  });

  test('[NK2] in dispute every side limits, also when one of them struck the row out', () => {
    const [one, other] = [{ role: 'gp', section: 'wishes' }, { role: 'social-worker', section: 'everything' }];
    expect(limitsOf([{ id: '1', disputed: [one, other] }])).toHaveLength(2);
    expect(limitsOf([{ id: '1', disputed: [{ ...one, removed: true, reason: 'x' }, one] }])).toEqual([{ from: { role: 'gp' }, part: 'wishes' }]);
    const by = { id: 'person_a', name: 'A', role: 'gp' };
    expect(limitsOf([{ id: '1', disputed: [{ value: one, by, at: 'now' }, { value: other, by, at: 'now' }] }])).toHaveLength(2);
  });

  test('[NK2] HAZ-18 whoever is limited has no such section, to read or to write; everything withheld is no plan', () => {
    const limited: PlanFacts = { ...plan, limits: limitsOf([{ id: '1', role: 'social-worker', section: 'wishes' }, { id: '2', organisation: { id: 'org_hub' }, section: 'everything' }]) };
    for (const section of sections) {
      const before = sectionAccess(actor('social-worker', council), plan, section);
      expect([section.id, sectionAccess(actor('social-worker', council), limited, section)]).toEqual([section.id, section.id === 'wishes' || section.id === 'sharing' ? 'none' : before]);
    }
    expect([sees(actor('coordinator', hub), plan), sees(actor('coordinator', hub), limited), sees(actor('gp', practice), limited)]).toEqual([true, false, true]);
    const answer = may(actor('coordinator', hub), 'see-plan', { kind: 'plan', plan: limited });
    expect(answer).toEqual({ ok: false, refusal: { code: 'not-found', detail: 'There is no such plan for you.' } });
  });

  test('[NK2] a limit holds for urgent care and in an emergency; oversight, inspection and the person are not limited', () => {
    const everything = (role: Role): PlanFacts => ({ ...plan, limits: [{ from: { role }, part: 'everything' }] });
    expect(may(actor('urgent-care', council), 'read-urgent', { kind: 'plan', plan: everything('urgent-care') }).ok).toBe(false);
    const far = actor('gp', 'org_far' as OrganisationId);
    expect(may(far, 'break-glass', { kind: 'plan', plan }).ok).toBe(true);
    expect(may(far, 'break-glass', { kind: 'plan', plan: everything('gp') }).ok).toBe(false);
    const within = { ...plan, people: [[far.id, 'break-glass']] } as PlanFacts;
    expect(may(far, 'view-section', { kind: 'section', plan: within, section: 'wishes' }).ok).toBe(true);
    expect(may(far, 'view-section', { kind: 'section', plan: { ...within, limits: [{ from: { role: 'gp' }, part: 'wishes' }] }, section: 'wishes' }).ok).toBe(false);
    expect(sees(actor('privacy-officer', hub), everything('privacy-officer'))).toBe(true);
  });
});

describe('agreement to share', () => {
  test('[NK3] HAZ-11 withdrawn or refused counts; disputed leaves what was signed, and where nothing was, one side is enough', () => {
    for (const value of ['withdrawn', 'declined', { code: 'withdrawn', note: 'on the telephone' }]) expect(isWithdrawn(value, null)).toBe(true);
    for (const value of ['own-consent', 'best-interests', 'not-yet-asked', undefined, null]) expect(isWithdrawn(value, 'withdrawn')).toBe(false);
    const disputed = { disputed: ['own-consent', 'withdrawn'] };
    expect([isWithdrawn(disputed, 'own-consent'), isWithdrawn(disputed, 'withdrawn'), isWithdrawn(disputed, null), isWithdrawn({ disputed: ['own-consent', 'best-interests'] }, null)]).toEqual([false, true, true, false]);
  });

  test('[NK3] HAZ-11 only the keepers keep the plan: not the others of the team, nobody by themselves, nobody in an emergency, not urgent care', () => {
    const nurse = actor('community-nurse', 'org_far' as OrganisationId);
    const after: PlanFacts = { ...plan, withdrawn: true, people: [[nurse.id, 'member'], [nurse.id, 'meeting'], [nurse.id, 'break-glass']] };
    expect(sees(nurse, { ...after, withdrawn: false })).toBe(true);
    expect([sees(actor('gp', practice), after), sees(actor('coordinator', hub), after), sees(actor('social-worker', council), after), sees(nurse, after)]).toEqual([true, true, false, false]);
    expect(may(actor('gp', 'org_other' as OrganisationId), 'break-glass', { kind: 'plan', plan: after }).ok).toBe(false);
    expect(may(actor('urgent-care', council), 'read-urgent', { kind: 'plan', plan: after }).ok).toBe(false);
    expect(sees(actor('privacy-officer', council), after)).toBe(true);
  });
});

test('[NK1] facts that let the same people see the same are told from others; a death changes what is written, not what is seen', () => {
  expect(sameFacts(plan, { ...plan })).toBe(true);
  const others: readonly Partial<PlanFacts>[] = [
    { open: false }, { team: [practice] }, { keepers: [hub] }, { people: [['person_a' as PersonId, 'member']] }, { limits: [{ from: { role: 'gp' }, part: 'home' }] }, { withdrawn: true },
  ];
  for (const other of others) expect([other, sameSight(plan, { ...plan, ...other })]).toEqual([other, false]);
  expect([sameFacts(plan, { ...plan, died: true }), sameSight(plan, { ...plan, died: true })]).toEqual([false, true]);
});
