/** Opens one plan live for everything inside it: reads what this person may open, connects, and lets go when the plan is left. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { sections as allSections } from '../../shared/content/standard.ts';
import type { PlanView } from '../../shared/wire/plans.ts';
import { useOwner } from '../app/owner.ts';
import { ConnectionContext } from '../collab/hooks.ts';
import { PlanConnection } from '../collab/planConnection.ts';
import type { SectionAccess } from '../collab/planOptions.ts';
import { Subject } from '../collab/subject.ts';
import { browserSurroundings } from '../collab/surroundings.ts';
import { keys } from '../data/keys.ts';
import { usePlan } from '../data/plans.ts';
import { ApiProblem, isAway } from '../data/problem.ts';
import { CopyContext, heldCopy } from '../offline/copyHere.ts';
import type { HeldCopy } from '../offline/heldCopy.ts';
import { copiesHere } from '../offline/mark.ts';
import { useHeldView } from '../offline/useHeldView.ts';
import { useSession, type Session } from '../data/session.ts';
import { BackToCaseload } from '../plans/BackToCaseload.tsx';
import { Loaded, Skeleton } from '../ui/Loaded.tsx';
import { Page } from '../ui/Page.tsx';
// With the plan: it is needed when the network is gone.
import './LeftPlans.tsx';
import { openPlans } from './openPlans.ts';
import { LiveSummary } from './liveSummary.ts';
import { accessOf, askAccess, useFollowSession } from './planAccess.ts';
import { useProseEditorSoon } from './proseEditorLoad.ts';
import { WorkspaceContext, type Draft, type Workspace } from './workspaceState.ts';

// Named, so that nothing is written under another name should the browser's session have become another person's.
const address = (planId: string, personId: string): string => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/sync/${encodeURIComponent(planId)}?person=${encodeURIComponent(personId)}`;

export function PlanConnected({ planId, inMeeting = false, hideRestricted = false, children }: {
  readonly planId: string; readonly inMeeting?: boolean;
  /** For a screen that others can see: restricted sections are not even opened. */
  readonly hideRestricted?: boolean; readonly children: ReactNode;
}): ReactNode {
  const plan = usePlan(planId);
  const session = useOwner();
  // Without the service the page is as it was when the plan was taken offline, if it was.
  const held = useHeldView(planId, session?.person.id, !inMeeting && plan.data === undefined && isAway(plan.failureReason));
  const [asLeft] = useState(() => openPlans.find({ view: { id: planId }, personId: session?.person.id, hideRestricted })?.view);
  const view = plan.data ?? held ?? asLeft;
  if (view === undefined || session === undefined) return <Page title="Plan"><Loaded query={plan} what="the plan" wayOut={<BackToCaseload />}>{() => null}</Loaded></Page>;
  const gone = plan.error instanceof ApiProblem && plan.error.status === 404;
  return <Connected key={planId} view={view} session={session} gone={gone} inMeeting={inMeeting} hideRestricted={hideRestricted}>{children}</Connected>;
}

function Connected({ view, session, gone, inMeeting, hideRestricted, children }: {
  readonly view: PlanView; readonly session: Session; readonly gone: boolean; readonly inMeeting: boolean; readonly hideRestricted: boolean; readonly children: ReactNode;
}): ReactNode {
  const client = useQueryClient();
  const now = useSession();
  const personId = session.person.id;
  const planId = view.id;
  const [connection, setConnection] = useState<PlanConnection>();
  const [copy, setCopy] = useState<HeldCopy>();
  const access = JSON.stringify(accessOf(view, hideRestricted));
  const given = useRef(access);
  const latest = useRef({ view, copy });
  latest.current = { view, copy };

  // The connection lives as long as the plan is on screen, and on until its words are saved; changes of access reach it below.
  useEffect(() => {
    let leave = (): void => undefined;
    let left = false;
    const show = (opened: PlanConnection, held: HeldCopy | undefined): void => {
      setCopy(held);
      setConnection(opened);
      leave = () => openPlans.leave({ ...latest.current, personId, hideRestricted, connection: opened });
    };
    const begin = (held: HeldCopy | undefined): void => {
      if (left) return;
      const opened = new PlanConnection({
        url: address(planId, personId),
        sections: JSON.parse(given.current) as SectionAccess[],
        around: browserSurroundings,
        ...(held ? { copy: held } : {}),
        onAccessChanged: () => askAccess(client, opened, planId, hideRestricted, () => JSON.parse(given.current) as SectionAccess[]),
      });
      if ((held?.lengthy.length ?? 0) > 0) opened.keepCopy(held);
      openPlans.opened(opened);
      show(opened, held);
    };
    const before = openPlans.comeBack({ view: { id: planId }, personId, hideRestricted });
    if (before !== undefined) {
      show(before.connection, before.copy);
      if (before.connection.status.value.kind !== 'stopped') before.connection.setSections(JSON.parse(given.current) as SectionAccess[]);
    }
    // A meeting shows the plan as it is now or not at all. Where nothing is held nothing is waited for.
    else if (inMeeting || !copiesHere.value) begin(undefined);
    else void heldCopy(planId, personId).then(begin);
    return () => {
      left = true;
      leave();
    };
  }, [planId, personId, client, inMeeting, hideRestricted]);
  useEffect(() => connection?.live.listen(() => {
    // Back: the page itself may be older than the text.
    if (connection.live.value && copy !== undefined) for (const queryKey of [keys.session, keys.planView(view.id)]) void client.invalidateQueries({ queryKey, exact: true });
  }), [connection, copy, client, view.id]);

  useFollowSession(connection, personId);
  useEffect(() => {
    // What a plan opens to somebody else says nothing about the documents of the person who wrote here.
    if (connection === undefined || given.current === access || now.dataUpdatedAt === 0 || connection.status.value.kind === 'stopped') return;
    given.current = access;
    connection.setSections(JSON.parse(access) as SectionAccess[]);
  }, [connection, access, now.dataUpdatedAt]);
  useEffect(() => {
    if (!gone || connection === undefined) return;
    if (connection.status.value.kind !== 'stopped') connection.stop('not-found');
    // With the session what became of the copy is asked too.
    if (copy !== undefined) void client.invalidateQueries({ queryKey: keys.session, exact: true });
  }, [gone, connection, copy, client]);
  useEffect(() => connection?.notices.listen(() => {
    if (connection.notices.value?.kind === 'signed') void client.invalidateQueries({ queryKey: keys.plan(view.id) });
  }), [connection, client, view.id]);
  useProseEditorSoon();

  const [shared] = useState(() => ({
    open: new Subject<string | undefined>(undefined), wanted: new Subject<string | undefined>(fromHash()), drafts: new Subject<ReadonlyMap<string, Draft>>(new Map()),
  }));
  const readable = useMemo(() => {
    const open = new Set((JSON.parse(access) as SectionAccess[]).map((section) => section.id));
    return allSections.filter((section) => open.has(section.id));
  }, [access]);
  const [summary, setSummary] = useState<LiveSummary>();
  useEffect(() => {
    if (connection === undefined) return undefined;
    const live = new LiveSummary(view.id, readable, connection);
    setSummary(live);
    return () => live.stop();
  }, [connection, readable, view.id]);
  useEffect(() => {
    const follow = (): void => shared.wanted.set(fromHash());
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, [shared]);
  const workspace = useMemo<Workspace | undefined>(
    () => (summary === undefined ? undefined : { view, me: session.person, demo: session.demo, sections: readable, summary, inMeeting, ...shared }),
    [view, session, readable, summary, inMeeting, shared],
  );

  const copyHere = useMemo(() => ({ copy, setCopy }), [copy]);
  if (connection === undefined || workspace === undefined) return <Page title="Plan"><Skeleton what="the plan" /></Page>;
  return (
    <ConnectionContext.Provider value={connection}>
      <CopyContext.Provider value={copyHere}>
        <WorkspaceContext.Provider value={workspace}>{children}</WorkspaceContext.Provider>
      </CopyContext.Provider>
    </ConnectionContext.Provider>
  );
}

/** `#section.field` in the address names a field to go to. */
const fromHash = (): string | undefined => (/^#[\w-]+\.[\w-]+$/.test(location.hash) ? location.hash.slice(1) : undefined);
