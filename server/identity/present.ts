/** Sessions and people as they are shown. */
import { house, may } from '../../shared/domain/access.ts';
import { plainFacts } from '../../shared/domain/planFacts.ts';
import { roleLabels } from '../../shared/domain/roles.ts';
import type { PlanId } from '../../shared/ids.ts';
import type { SessionItem, SessionView } from '../../shared/wire/session.ts';
import type { ListedSession, SessionRow } from './store.ts';

export function presentSession({ actor, method, endsAt, now, heldRoles }: SessionRow, demo: boolean): SessionView {
  const { id, name, role, jobTitle, organisation } = actor;
  return {
    person: { id, name, role, roleLabel: roleLabels[role], jobTitle, organisation },
    may: {
      createPlan: may(actor, 'create-plan', house).ok,
      createMeeting: may(actor, 'create-meeting', house).ok,
      seeCaseload: may(actor, 'see-caseload', house).ok,
      seeMeetings: may(actor, 'see-meetings', house).ok,
      breakGlass: may(actor, 'look-up-for-break-glass', house).ok,
      seeColleagues: may(actor, 'see-colleagues', house).ok,
      seeOwnPlans: may(actor, 'see-own-plans', house).ok,
      privacyAlerts: may(actor, 'see-privacy-alerts', house).ok,
      urgentView: may(actor, 'look-up-urgently', house).ok,
      readDrafts: may(actor, 'read-draft', { kind: 'plan', plan: plainFacts('' as PlanId, [actor.organisationId]) }).ok,
    },
    demo,
    session: { method, endsAt: endsAt.toISOString(), now: now.toISOString(), roles: heldRoles.length },
  };
}

export const presentListed = ({ id, here, agent, role, organisation, startedAt, activeAt, endsAt, locked }: ListedSession): SessionItem => ({
  id, here, device: deviceOf(agent), role: `${roleLabels[role]}, ${organisation}`,
  startedAt: startedAt.toISOString(), activeAt: activeAt.toISOString(), endsAt: endsAt.toISOString(), locked,
});

// In this order: nearly every browser also names the ones that came before it.
const browsers = [['Edg', 'Edge'], ['OPR/', 'Opera'], ['SamsungBrowser', 'Samsung Internet'], ['Firefox', 'Firefox'], ['FxiOS', 'Firefox'], ['CriOS', 'Chrome'], ['Chrome', 'Chrome'], ['Safari', 'Safari']] as const;
const systems = [['Windows', 'Windows'], ['Android', 'Android'], ['iPhone', 'an iPhone'], ['iPad', 'an iPad'], ['Mac OS', 'a Mac'], ['CrOS', 'a Chromebook'], ['Linux', 'Linux']] as const;

/** "Chrome on Windows", as far as the browser says. */
export function deviceOf(agent: string): string {
  const named = (list: readonly (readonly [string, string])[]) => list.find(([mark]) => agent.includes(mark))?.[1];
  return `${named(browsers) ?? 'A program'} on ${named(systems) ?? 'an unknown device'}`;
}
