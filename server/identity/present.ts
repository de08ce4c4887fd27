/** Sessions and people as they are shown. */
import { mayHere, mayPlan } from '../../shared/domain/access.ts';
import { roleLabels } from '../../shared/domain/roles.ts';
import type { PlanId } from '../../shared/ids.ts';
import type { SessionItem, SessionView } from '../../shared/wire/session.ts';
import type { ListedSession, SessionRow } from './store.ts';

export function presentSession({ actor, method, endsAt, now, heldRoles }: SessionRow, demo: boolean): SessionView {
  const { id, name, role, jobTitle, organisation } = actor;
  // The urgent view is not about a plan that the person stands in any relation to, so any plan will do to ask.
  const anyPlan = { id: '' as PlanId, open: true, team: [], died: false };
  return {
    person: { id, name, role, roleLabel: roleLabels[role], jobTitle, organisation },
    may: {
      createPlan: mayHere(actor, 'create-plan').ok,
      createMeeting: mayHere(actor, 'create-meeting').ok,
      seeCaseload: mayHere(actor, 'see-caseload').ok,
      seeMeetings: mayHere(actor, 'see-meetings').ok,
      urgentView: mayPlan(actor, 'read-urgent', anyPlan).ok,
      readDrafts: mayPlan(actor, 'read-draft', { ...anyPlan, team: [actor.organisationId] }).ok,
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
