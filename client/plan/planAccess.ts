/** What somebody may open of a plan, and asking for it again, also when no page shows the plan any more. */
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { sections } from '../../shared/content/standard.ts';
import type { PlanView } from '../../shared/wire/plans.ts';
import type { PlanConnection } from '../collab/planConnection.ts';
import type { SectionAccess } from '../collab/planOptions.ts';
import { keys } from '../data/keys.ts';
import { askPlan } from '../data/plans.ts';
import { ApiProblem } from '../data/problem.ts';
import { useSession } from '../data/session.ts';

const restricted: ReadonlySet<string> = new Set(sections.filter((section) => section.restricted).map((section) => section.id));

export const accessOf = (view: PlanView, hideRestricted: boolean): readonly SectionAccess[] =>
  view.sections.flatMap(({ id, access }) => (access === 'none' || (hideRestricted && restricted.has(id)) ? [] : [{ id, mayEdit: access === 'edit' }]));

/** Asks what is open now and goes on with that; without an answer the socket still comes back, and the server decides again. */
export function askAccess(client: QueryClient, connection: PlanConnection, planId: string, hideRestricted: boolean, before: () => readonly SectionAccess[]): void {
  const goOn = (sections: readonly SectionAccess[]): void => {
    // What a plan opens to somebody else says nothing about the documents of the person who wrote here.
    if (connection.status.value.kind !== 'stopped') connection.setSections(sections);
  };
  askPlan(client, planId).then((view) => goOn(accessOf(view, hideRestricted)), (error: unknown) => {
    if (error instanceof ApiProblem && error.status === 404) connection.stop('not-found');
    else goOn(before());
  });
}

/** A session that ended: who is signed in now decides whether a plan goes on, each time that is known anew. */
export function useFollowSession(connection: PlanConnection | undefined, personId: string): void {
  const client = useQueryClient();
  const now = useSession();
  useEffect(() => connection?.status.listen(() => {
    const { value } = connection.status;
    if (value.kind === 'stopped' && value.why === 'sign-in') void client.invalidateQueries({ queryKey: keys.session, exact: true });
  }), [connection, client]);
  useEffect(() => {
    if (now.data === undefined || now.dataUpdatedAt === 0) return;
    if (now.data?.person.id === personId) connection?.signedInAgain();
    else connection?.stop(now.data === null ? 'sign-in' : 'other-person');
  }, [connection, now.data, now.dataUpdatedAt, personId]);
}
