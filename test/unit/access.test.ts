/** Who may do what: the whole table, relationship by relationship, role by role. */
import { describe, expect, test } from '@jest/globals';
import { sections } from '../../shared/content/standard.ts';
import { house, may, saysDied, sectionAccess, type Permit } from '../../shared/domain/access.ts';
import {
  houseRules, needs, planRules, planStates, relationships, standings, stateRules, type HouseAction, type PlanAction, type Relationship, type SectionAction,
} from '../../shared/domain/accessTable.ts';
import { draftSections, signedSections } from '../../shared/domain/plan.ts';
import { plainFacts, type PlanFacts } from '../../shared/domain/planFacts.ts';
import { relationshipsOf } from '../../shared/domain/relationship.ts';
import { roles, type Actor, type Role } from '../../shared/domain/roles.ts';
import type { OrganisationId, PersonId, PlanId } from '../../shared/ids.ts';
import type { Result } from '../../shared/refusal.ts';

const here = 'org_here' as OrganisationId;
const elsewhere = 'org_elsewhere' as OrganisationId;
const plan = plainFacts('plan_access' as PlanId, [here]);
const actor = (role: Role, organisationId = here, seniorClinician = false): Actor => ({
  id: `person_${role}` as PersonId, name: role, role, jobTitle: role, organisationId, organisation: organisationId, seniorClinician, simulated: false,
});
const careTeam: readonly Role[] = ['gp', 'community-nurse', 'hospice-clinician', 'social-worker', 'care-home-nurse', 'coordinator'];
const emergency: readonly Role[] = ['gp', 'community-nurse', 'hospice-clinician'];
const mayPlan = (who: Actor, action: PlanAction, to: PlanFacts): Result<Permit> => may<PlanAction>(who, action, { kind: 'plan', plan: to });
const maySection = (who: Actor, action: SectionAction, to: PlanFacts, section: string): Result<Permit> => may<SectionAction>(who, action, { kind: 'section', plan: to, section });
const noPlan = { code: 'not-found', detail: 'There is no such plan for you.' };

/** Somebody of the role in the relationship, and the plan as it is then. */
function inRelationship(role: Role, relationship: Relationship): { who: Actor; plan: PlanFacts } {
  const byOrganisation = relationship === 'team' || relationship === 'oversight';
  const who = actor(role, byOrganisation ? here : elsewhere);
  const people = byOrganisation || relationship === 'urgent' || relationship === 'none' ? [] : [[who.id, relationship] as const];
  return { who, plan: { ...plan, people } };
}

/** What the members of a team may do, written out by hand: the table is held against it. */
const byTeam: Readonly<Record<PlanAction, readonly Role[]>> = {
  'see-plan': careTeam, 'read-draft': careTeam, 'read-version': careTeam, 'review-plan': careTeam, 'sign-plan': ['coordinator'], 'read-audit': careTeam,
  'see-who-looked': careTeam, 'read-urgent': [], 'change-team': [...emergency, 'coordinator'], 'change-inspection': [], 'correct-identity': ['gp', 'coordinator'],
  'take-offline': careTeam, 'export-version': careTeam, 'reveal-key-safe': ['gp', 'community-nurse', 'hospice-clinician', 'social-worker', 'coordinator'], 'answer-for-plan': careTeam, 'break-glass': [],
};
const byHouse: Readonly<Record<HouseAction, readonly Role[]>> = {
  'create-plan': [...emergency, 'coordinator'], 'see-caseload': [...careTeam, 'privacy-officer'], 'see-meetings': careTeam, 'create-meeting': ['coordinator', 'gp', 'hospice-clinician'],
  'look-up-urgently': ['urgent-care'], 'look-up-for-break-glass': emergency, 'see-privacy-alerts': ['privacy-officer'], 'see-colleagues': ['organisation-admin'], 'look-up-staff': [...emergency, 'coordinator'], 'look-up-inspectors': ['privacy-officer'], 'see-own-plans': ['patient', 'inspector'],
};
const actions = Object.keys(byTeam) as PlanAction[];

describe('the table', () => {
  test('[AC1] every action has a rule for every relationship and every state, and names only roles that can stand in the relationship', () => {
    for (const [action, row] of Object.entries(planRules)) {
      expect([action, Object.keys(row).toSorted()]).toEqual([action, relationships.toSorted()]);
      for (const each of relationships) for (const role of row[each]) expect([action, each, standings[each].held]).toEqual([action, each, expect.arrayContaining([role])]);
      expect(Object.keys(stateRules[action as PlanAction])).toEqual([...planStates]);
    }
    expect(Object.keys(needs).toSorted()).toEqual(actions.toSorted());
  });

  for (const action of actions) {
    test.each(roles)(`[AC1] ${action} by %s of the care team`, (role) => {
      const answer = mayPlan(actor(role), action, plan);
      const expected = careTeam.includes(role) ? byTeam[action].includes(role) : planRules[action].oversight.includes(role) || (action === 'read-urgent' && role === 'urgent-care') || (action === 'reveal-key-safe' && role === 'urgent-care');
      expect(answer.ok).toBe(expected);
      // Whose role has no place on a care team learns nothing of a plan of their organisation.
      if (!answer.ok) expect(answer.refusal.code).toBe(role === 'care-home-nurse' && action === 'reveal-key-safe' ? 'not-found' : careTeam.includes(role) || role === 'privacy-officer' ? 'not-allowed' : 'not-found');
    });

    test.each(roles)(`[AC2] ${action} by %s of an organisation without a relationship is answered as for no plan`, (role) => {
      const answer = mayPlan(actor(role, elsewhere), action, plan);
      const expected = planRules[action].none.includes(role) || planRules[action].urgent.includes(role);
      expect(answer.ok ? 'allowed' : answer.refusal).toEqual(expected ? 'allowed' : noPlan);
    });
  }

  test.each(roles)('[AC1] what concerns the house, by %s', (role) => {
    for (const action of Object.keys(byHouse) as HouseAction[]) expect([action, may<HouseAction>(actor(role), action, house).ok]).toEqual([action, byHouse[action].includes(role)]);
    expect(Object.keys(houseRules).toSorted()).toEqual(Object.keys(byHouse).toSorted());
  });

  test.each(relationships)('[AC9] %s counts for the roles that can hold it and for nobody else', (relationship) => {
    for (const role of roles) {
      const { who, plan: as } = inRelationship(role, relationship);
      const holds = standings[relationship].held.includes(role);
      if (relationship !== 'none') expect([role, relationshipsOf(who, as).includes(relationship)]).toEqual([role, holds]);
      if (!holds && !standings[relationship].held.includes(role) && relationshipsOf(who, as).includes('none')) expect(mayPlan(who, 'see-plan', as)).toEqual({ ok: false, refusal: noPlan });
    }
  });

  test('[AC9] one relationship that suffices is enough', () => {
    const nurse = actor('community-nurse', elsewhere);
    const both: PlanFacts = { ...plan, people: [[nurse.id, 'break-glass'], [nurse.id, 'member']] };
    expect(relationshipsOf(nurse, both)).toEqual(['break-glass', 'member']);
    expect(maySection(nurse, 'edit-section', both, 'wishes').ok).toBe(true);
    expect(mayPlan(nurse, 'break-glass', both)).toMatchObject({ ok: false, refusal: { code: 'not-allowed' } });
  });

  test.each(['privacy-officer', 'patient', 'organisation-admin', 'inspector'] as const)('[AC10] %s gets at no draft in any relationship', (role) => {
    for (const relationship of relationships) {
      const { who, plan: as } = inRelationship(role, relationship);
      expect(mayPlan(who, 'read-draft', as).ok).toBe(false);
      expect([...draftSections(who, as)]).toEqual([]);
      if (role === 'organisation-admin') for (const action of actions) expect(mayPlan(who, action, as)).toEqual({ ok: false, refusal: noPlan });
    }
  });

  test('[AC10] patient and inspector read what is signed, save what is kept for fewer than the care team', () => {
    for (const [role, relationship] of [['patient', 'own'], ['inspector', 'inspection']] as const) {
      const { who, plan: as } = inRelationship(role, relationship);
      expect([...signedSections(who, as)]).toEqual(sections.filter(({ restricted }) => !restricted).map(({ id }) => id));
      expect([...signedSections(who, plan)]).toEqual([]);
    }
  });

  test.each(roles)('[AC3] HAZ-05 the urgent view belongs to urgent care alone, wherever it works: %s', (role) => {
    expect(mayPlan(actor(role, elsewhere), 'read-urgent', plan).ok).toBe(role === 'urgent-care');
  });

  test('[AC3] HAZ-05 urgent care gets at no draft, even where its organisation is on the care team', () => {
    const paramedic = actor('urgent-care');
    expect(mayPlan(paramedic, 'read-draft', plan)).toEqual({ ok: false, refusal: noPlan });
    for (const section of sections) expect(sectionAccess(paramedic, plan, section)).toBe('none');
  });
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
    expect(mayPlan(actor('coordinator'), 'sign-plan', closed)).toMatchObject({ ok: false, refusal: { code: 'conflict' } });
  });

  // A plan that nobody can write in any more is taken offline by nobody.
  test.each(careTeam)('[OF1] a closed plan is not taken offline by %s', (role) => {
    expect(mayPlan(actor(role), 'take-offline', { ...plan, open: false })).toMatchObject({ ok: false, refusal: { code: 'not-allowed' } });
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
    expect([...signedSections(actor('coordinator'), plan)]).toEqual(sections.map(({ id }) => id));
    expect([...draftSections(actor('coordinator'), plan)]).toEqual(sections.map(({ id }) => id));
    const limited: PlanFacts = { ...plan, limits: [{ from: { role: 'coordinator' }, part: 'wishes' }] };
    expect(mayPlan(actor('coordinator'), 'sign-plan', limited)).toMatchObject({ ok: false, refusal: { code: 'not-allowed' } });
  });

  test('[AC5] the privacy officer reads no section, urgent care none of the hidden ones', () => {
    expect([...signedSections(actor('privacy-officer'), plan)]).toEqual([]);
    expect([...signedSections(actor('urgent-care'), plan)]).not.toContain('prognosis');
  });
});
