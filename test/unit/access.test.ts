/** Who may do what: the whole table, role by role. */
import { describe, expect, test } from '@jest/globals';
import { sections } from '../../shared/content/standard.ts';
import { mayHere, mayPlan, maySection, readableSections, saysDied, sectionAccess, type HouseAction, type PlanAction, type PlanFacts } from '../../shared/domain/access.ts';
import { roles, type Actor, type Role } from '../../shared/domain/roles.ts';
import type { OrganisationId, PersonId, PlanId } from '../../shared/ids.ts';

const here = 'org_here' as OrganisationId;
const elsewhere = 'org_elsewhere' as OrganisationId;
const plan: PlanFacts = { id: 'plan_access' as PlanId, open: true, team: [here], died: false };
const actor = (role: Role, organisationId = here, seniorClinician = false): Actor => ({
  id: `person_${role}` as PersonId, name: role, role, jobTitle: role, organisationId, organisation: organisationId, seniorClinician, simulated: false,
});
const careTeam: readonly Role[] = ['gp', 'community-nurse', 'hospice-clinician', 'social-worker', 'care-home-nurse', 'coordinator'];

const planTable: Readonly<Record<Exclude<PlanAction, 'read-urgent'>, readonly Role[]>> = {
  'see-plan': [...careTeam, 'privacy-officer'],
  'read-draft': careTeam,
  'read-version': careTeam,
  'review-plan': careTeam,
  'sign-plan': ['coordinator'],
  'read-audit': [...careTeam, 'privacy-officer'],
  'change-team': ['gp', 'community-nurse', 'hospice-clinician', 'coordinator'],
  'correct-identity': ['gp', 'coordinator'],
  'take-offline': careTeam,
};
// A plan that nobody can write in any more is taken offline by nobody.
describe('a closed plan', () => {
  test.each(careTeam)('[OF1] is not taken offline by %s', (role) => {
    expect(mayPlan(actor(role), 'take-offline', { ...plan, open: false })).toMatchObject({ ok: false, refusal: { code: 'not-allowed' } });
  });
});

const houseTable: Readonly<Record<HouseAction, readonly Role[]>> = {
  'create-plan': ['gp', 'community-nurse', 'hospice-clinician', 'coordinator'],
  'see-caseload': [...careTeam, 'privacy-officer'],
  'see-meetings': careTeam,
  'create-meeting': ['coordinator', 'gp', 'hospice-clinician'],
  'oversee-access': ['privacy-officer'],
};

describe('plans', () => {
  for (const [action, allowed] of Object.entries(planTable) as [PlanAction, readonly Role[]][]) {
    test.each(roles)(`[AC1] ${action} by %s of the care team`, (role) => {
      const answer = mayPlan(actor(role), action, plan);
      expect(answer.ok).toBe(allowed.includes(role));
      if (!answer.ok) expect(answer.refusal.code).toBe(role === 'urgent-care' ? 'not-found' : 'not-allowed');
    });

    test.each(roles)(`[AC2] ${action} by %s of an organisation without a relationship is answered as for no plan`, (role) => {
      const answer = mayPlan(actor(role, elsewhere), action, plan);
      expect(answer.ok ? 'allowed' : answer.refusal).toEqual({ code: 'not-found', detail: 'There is no such plan for you.' });
    });
  }

  test.each(roles)('[AC3] HAZ-05 the urgent view belongs to urgent care alone, wherever it works: %s', (role) => {
    expect(mayPlan(actor(role, elsewhere), 'read-urgent', plan).ok).toBe(role === 'urgent-care');
  });

  test('[AC3] HAZ-05 urgent care gets at no draft, even where its organisation is on the care team', () => {
    const paramedic = actor('urgent-care');
    expect(mayPlan(paramedic, 'read-draft', plan).ok).toBe(false);
    for (const section of sections) expect(sectionAccess(paramedic, plan, section)).toBe('none');
  });

  for (const [action, allowed] of Object.entries(houseTable) as [HouseAction, readonly Role[]][]) {
    test.each(roles)(`[AC1] ${action} by %s`, (role) => {
      expect(mayHere(actor(role), action).ok).toBe(allowed.includes(role));
    });
  }
});

describe('sections', () => {
  test.each(roles)('[AC4] HAZ-10 %s writes exactly the sections that name them as a writer and that they may read', (role) => {
    for (const section of sections) {
      const expected = careTeam.includes(role) && section.readers.includes(role) ? (section.writers.some((group) => group === role) ? 'edit' : 'view') : 'none';
      expect([section.id, sectionAccess(actor(role), plan, section)]).toEqual([section.id, expected]);
    }
  });

  test('[AC4] HAZ-10 the resuscitation recommendation is written by senior clinicians only', () => {
    expect(maySection(actor('hospice-clinician', here, true), 'edit-section', plan, 'resuscitation').ok).toBe(true);
    expect(maySection(actor('gp', here, true), 'edit-section', plan, 'resuscitation').ok).toBe(true);
    for (const role of roles) expect(maySection(actor(role), 'edit-section', plan, 'resuscitation').ok).toBe(false);
  });

  test('[AC5] a section hidden from a role is answered as for no section, and so is one that does not exist', () => {
    const hidden = maySection(actor('social-worker'), 'view-section', plan, 'prognosis');
    const none = maySection(actor('social-worker'), 'view-section', plan, 'no-such-section');
    expect(hidden).toEqual(none);
    expect(hidden.ok ? '' : hidden.refusal.code).toBe('not-found');
  });

  test('[AC6] nobody writes in a closed plan, readers still read it', () => {
    const closed: PlanFacts = { ...plan, open: false };
    for (const role of careTeam) {
      for (const section of sections) {
        expect(maySection(actor(role, here, true), 'edit-section', closed, section.id).ok).toBe(false);
        expect(maySection(actor(role), 'view-section', closed, section.id).ok).toBe(section.readers.includes(role));
      }
    }
  });

  test('[AC8] HAZ-12 once a date of death is recorded only register and stage, the death and the team’s review are written, by whoever writes them otherwise', () => {
    const after: PlanFacts = { ...plan, died: true };
    for (const role of careTeam) {
      for (const section of sections) {
        const who = actor(role, here, true);
        const writes = sectionAccess(who, plan, section) === 'edit' && (section.id === 'status' || section.heading === 'death' || section.heading === 'mdt');
        expect([section.id, sectionAccess(who, after, section)]).toEqual([section.id, writes ? 'edit' : sectionAccess(who, plan, section) === 'none' ? 'none' : 'view']);
      }
    }
    const answer = maySection(actor('gp'), 'edit-section', after, 'wishes');
    expect(answer.ok ? '' : answer.refusal).toEqual({ code: 'not-allowed', detail: 'A date of death is recorded: only “Register and stage”, “Team review and sign-off” and “Death and bereavement” can still be written.' });
    expect(maySection(actor('coordinator'), 'edit-section', after, 'death').ok).toBe(true);
  });

  test('[AC8] HAZ-12 a date of death counts however it is written, disputed too; one that was taken back does not', () => {
    for (const value of ['2026-11-02', '2026-11-02T04:20:00Z', { disputed: ['2026-11-01', '2026-11-02'] }]) expect(saysDied(value)).toBe(true);
    for (const value of [undefined, '', '  ']) expect(saysDied(value)).toBe(false);
  });

  test('[AC7] the coordinator reads every section: nobody signs what they cannot read', () => {
    expect(readableSections(actor('coordinator'))).toEqual(sections);
  });

  test('[AC5] the privacy officer reads no section, urgent care none of the hidden ones', () => {
    expect(readableSections(actor('privacy-officer'))).toEqual([]);
    expect(readableSections(actor('urgent-care')).map(({ id }) => id)).not.toContain('prognosis');
  });
});
