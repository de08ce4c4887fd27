/** Every page and its address. Each page is its own file to load; the editor comes only with the plan and the meeting. */
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useRef, type ComponentType, type ReactNode } from 'react';
import { Redirect, Route, Switch, useLocation, useSearch } from 'wouter';
import type { LockedBy } from '../../shared/wire/session.ts';
import { useSubject } from '../collab/hooks.ts';
import { openHere } from '../collab/openHere.ts';
import { keys } from '../data/keys.ts';
import { lockOf, useSession, type Session } from '../data/session.ts';
import { copiesHere } from '../offline/mark.ts';
import { openPlans } from '../plan/openPlans.ts';
import { signedInAgain, signInAddress } from '../identity/back.ts';
// Not loaded when it is needed: a screen must be able to lock whatever the network does.
import { LockScreen } from '../identity/LockScreen.tsx';
import { Loaded, Skeleton } from '../ui/Loaded.tsx';
import { pageChanged } from '../ui/Page.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { Layout } from './Layout.tsx';
import { NotFoundPage } from './NotFoundPage.tsx';
import { OwnerContext, standing } from './owner.ts';

// Without it nothing else may fail: plans held here are looked after at the next start.
const OfflineWatch = lazy(() => import('../offline/OfflineWatch.tsx').then((loaded) => ({ default: loaded.OfflineWatch }), () => ({ default: () => null })));
// Comes with the plan itself: a plan can only be left that was open.
const LeftPlans = lazy(async () => ({ default: (await import('../plan/LeftPlans.tsx')).LeftPlans }));
const SomebodyElse = lazy(async () => ({ default: (await import('./SomebodyElse.tsx')).SomebodyElse }));
const SignInPage = lazy(async () => ({ default: (await import('../identity/SignInPage.tsx')).SignInPage }));
const CaseloadPage = lazy(async () => ({ default: (await import('../plans/CaseloadPage.tsx')).CaseloadPage }));
const ChooseRolePage = lazy(async () => ({ default: (await import('../identity/RolePages.tsx')).ChooseRolePage }));
const ChangeRolePage = lazy(async () => ({ default: (await import('../identity/RolePages.tsx')).ChangeRolePage }));
const NoRolePage = lazy(async () => ({ default: (await import('../identity/RolePages.tsx')).NoRolePage }));
const SessionsPage = lazy(async () => ({ default: (await import('../identity/SessionsPage.tsx')).SessionsPage }));
const SignedInAgainPage = lazy(async () => ({ default: (await import('../identity/SignedInAgainPage.tsx')).SignedInAgainPage }));
const NewPlanPage = lazy(async () => ({ default: (await import('../plans/NewPlanPage.tsx')).NewPlanPage }));
const TeamPage = lazy(async () => ({ default: (await import('../plans/TeamPage.tsx')).TeamPage }));
const IdentityPage = lazy(async () => ({ default: (await import('../plans/IdentityPage.tsx')).IdentityPage }));
const PlanPage = lazy(async () => ({ default: (await import('../plan/PlanPage.tsx')).PlanPage }));
const VersionsPage = lazy(async () => ({ default: (await import('../versions/VersionsPage.tsx')).VersionsPage }));
const VersionPage = lazy(async () => ({ default: (await import('../versions/VersionPage.tsx')).VersionPage }));
const ComparePage = lazy(async () => ({ default: (await import('../versions/ComparePage.tsx')).ComparePage }));
const SignOffPage = lazy(async () => ({ default: (await import('../versions/SignOffPage.tsx')).SignOffPage }));
const AuditPage = lazy(async () => ({ default: (await import('../audit/AuditPage.tsx')).AuditPage }));
const LookedPage = lazy(async () => ({ default: (await import('../audit/LookedPage.tsx')).LookedPage }));
const OversightPage = lazy(async () => ({ default: (await import('../audit/OversightPage.tsx')).OversightPage }));
const UrgentPage = lazy(async () => ({ default: (await import('../versions/UrgentPage.tsx')).UrgentPage }));
const BreakGlassPage = lazy(async () => ({ default: (await import('../breakGlass/BreakGlassPage.tsx')).BreakGlassPage }));
const PrivacyPage = lazy(async () => ({ default: (await import('../breakGlass/PrivacyPage.tsx')).PrivacyPage }));
const OwnPlansPage = lazy(async () => ({ default: (await import('../plans/OwnPlansPage.tsx')).OwnPlansPage }));
const ColleaguesPage = lazy(async () => ({ default: (await import('../identity/ColleaguesPage.tsx')).ColleaguesPage }));
const MeetingsPage = lazy(async () => ({ default: (await import('../meetings/MeetingsPage.tsx')).MeetingsPage }));
const NewMeetingPage = lazy(async () => ({ default: (await import('../meetings/NewMeetingPage.tsx')).NewMeetingPage }));
const MeetingPage = lazy(async () => ({ default: (await import('../meetings/MeetingPage.tsx')).MeetingPage }));
const MinutesPage = lazy(async () => ({ default: (await import('../meetings/MinutesPage.tsx')).MinutesPage }));

export function App(): ReactNode {
  useMoves();
  useLeaveWarning();
  return (
    <Layout>
      <Watch />
      <ErrorBoundary>
        <Suspense fallback={loadingPage}>
          <Switch>
            <Route path="/sign-in"><SignInPage /></Route>
            <Route path="/choose-role"><ChooseRolePage /></Route>
            <Route path="/no-role"><NoRolePage /></Route>
            <Route path={signedInAgain}><SignedInAgainPage /></Route>
            <Route><SignedIn /></Route>
          </Switch>
        </Suspense>
      </ErrorBoundary>
    </Layout>
  );
}

const loadingPage = <div className="accord-page"><Skeleton what="the page" /></div>;

/** A page by itself: should it not load, or break, what stands beside it stays on the screen. */
function Guarded({ path, children }: { readonly path: string; readonly children: ReactNode }): ReactNode {
  return <ErrorBoundary path={path}><Suspense fallback={loadingPage}>{children}</Suspense></ErrorBoundary>;
}

function Watch(): ReactNode {
  const session = useSession();
  const holds = useSubject(copiesHere);
  return holds ? <Suspense fallback={null}><OfflineWatch session={session.data} askedAt={session.dataUpdatedAt} /></Suspense> : null;
}

/** Pages for people who are signed in; anybody else is sent to sign in and comes back here. */
function SignedIn(): ReactNode {
  const session = useSession();
  const [path] = useLocation();
  const search = useSearch();
  const texts = useSubject(openHere.texts);
  const owner = useRef<Session>(undefined);
  const withheld = useRef(false);
  useAskAgain();
  const lock = useLock(session);
  const stands = standing(owner.current, session.data, texts.length);
  // Whoever comes to a locked screen next reads nothing of what is behind it, until its own person is back.
  if (lock) withheld.current = true;
  else if (session.isSuccess && stands.kind === 'pages' && session.data !== null) withheld.current = false;
  if (lock && owner.current === undefined) return <LockScreen lock={lock} onlyHere={0} />;
  if (stands.kind === 'unknown') {
    return <div className="accord-page"><Loaded query={session} what="who you are">{() => null}</Loaded></div>;
  }
  const here = path + (search ? `?${search}` : '') + location.hash;
  if (stands.kind === 'sign-in') return <Redirect to={signInAddress(here)} replace />;
  owner.current = stands.owner;
  const ended = !lock && withheld.current && session.data === null;
  const hidden = stands.kind === 'somebody-else' || lock !== undefined || ended;
  return (
    <OwnerContext.Provider value={stands.owner}>
      {lock && <LockScreen lock={lock} onlyHere={lock.person.id === stands.owner.person.id ? texts.length : 0} />}
      {ended && <SomebodyElse owner={stands.owner} now={null} texts={texts} withheld here={here} />}
      {!lock && stands.kind === 'somebody-else' && <SomebodyElse owner={stands.owner} now={stands.now} texts={texts} withheld={withheld.current} here={here} />}
      {/* Out of sight, but kept behind a lock, and while it holds words that are nowhere else. */}
      {(!hidden || lock !== undefined || texts.length > 0) && <div key={stands.owner.person.id} inert={hidden} style={{ display: hidden ? 'none' : 'contents' }}><Left /><Guarded path={path}><Pages session={stands.owner} /></Guarded></div>}
    </OwnerContext.Provider>
  );
}

/** Whose lock is on the screen. Stays while the service is asked again: without an answer before it, asking forgets the error that said so. */
function useLock({ error, data, isFetching }: ReturnType<typeof useSession>): LockedBy | undefined {
  const before = useRef<LockedBy>(undefined);
  before.current = lockOf(error) ?? (data === undefined && isFetching ? before.current : undefined);
  return before.current;
}

/** Asks who is signed in whenever the person comes back to this tab: another tab may have changed it. */
function useAskAgain(): void {
  const client = useQueryClient();
  useEffect(() => {
    const ask = (): void => {
      if (document.visibilityState === 'visible') void client.invalidateQueries({ queryKey: keys.session, exact: true });
    };
    document.addEventListener('visibilitychange', ask);
    window.addEventListener('focus', ask);
    return () => {
      document.removeEventListener('visibilitychange', ask);
      window.removeEventListener('focus', ask);
    };
  }, [client]);
}

/** Warns before any page is closed while words would be lost with it, of plans that were left too. */
function useLeaveWarning(): void {
  useEffect(() => {
    const leaving = (event: BeforeUnloadEvent): void => {
      if (openHere.notHeld > 0) event.preventDefault();
    };
    window.addEventListener('beforeunload', leaving);
    return () => window.removeEventListener('beforeunload', leaving);
  }, []);
}

function Left(): ReactNode {
  return useSubject(openPlans.left).length > 0 && <Suspense fallback={null}><LeftPlans /></Suspense>;
}

function Pages({ session }: { readonly session: Session }): ReactNode {
  // What a plan says is not for everybody who may see that there is one: they read its trail.
  const { readDrafts, seeCaseload } = session.may;
  const onlyTrails = seeCaseload && !readDrafts;
  const planText = onlyTrails ? trailInstead : planRoute;
  return (
    <Switch>
      <Route path="/">{startOf(session)}</Route>
      <Route path="/plans/new"><NewPlanPage /></Route>
      {planText('/plans/:planId', PlanPage)}
      {planRoute('/plans/:planId/team', TeamPage)}
      {planText('/plans/:planId/identity', IdentityPage)}
      {planText('/plans/:planId/versions', VersionsPage)}
      {onlyTrails
        ? trailInstead('/plans/:planId/versions/:number')
        : <Route path="/plans/:planId/versions/:number">{({ planId, number }) => <VersionPage key={planId} planId={planId} number={number} />}</Route>}
      {planText('/plans/:planId/compare', ComparePage)}
      {planText('/plans/:planId/sign-off', SignOffPage)}
      {planRoute('/plans/:planId/audit', AuditPage)}
      {planRoute('/plans/:planId/looked', LookedPage)}
      {session.may.privacyAlerts && <Route path="/oversight"><OversightPage /></Route>}
      <Route path="/urgent"><UrgentPage /></Route>
      <Route path="/account/sessions"><SessionsPage /></Route>
      <Route path="/account/role"><ChangeRolePage /></Route>
      <Route path="/break-glass"><BreakGlassPage /></Route>
      <Route path="/privacy"><PrivacyPage /></Route>
      <Route path="/meetings"><MeetingsPage /></Route>
      <Route path="/meetings/new"><NewMeetingPage /></Route>
      <Route path="/meetings/:meetingId">{({ meetingId }) => <MeetingPage key={meetingId} meetingId={meetingId} />}</Route>
      <Route path="/meetings/:meetingId/minutes">{({ meetingId }) => <MinutesPage key={meetingId} meetingId={meetingId} />}</Route>
      <Route><NotFoundPage /></Route>
    </Switch>
  );
}

const trailInstead = (path: '/plans/:planId' | `/plans/:planId/${string}`): ReactNode => (
  <Route path={path as '/plans/:planId'}>{({ planId }) => <Redirect to={`/plans/${planId}/audit`} replace />}</Route>
);

/** Where somebody starts: what their role is here for. */
function startOf({ may }: Session): ReactNode {
  if (may.seeOwnPlans) return <OwnPlansPage />;
  if (may.seeColleagues) return <ColleaguesPage />;
  return may.seeCaseload || !may.urgentView ? <CaseloadPage /> : <Redirect to="/urgent" replace />;
}

// The key makes a change of person a fresh page: nothing typed for one can land on another.
const planRoute = (path: '/plans/:planId' | `/plans/:planId/${string}`, Show: ComponentType<{ readonly planId: string }>): ReactNode => (
  <Route path={path as '/plans/:planId'}>{({ planId }) => <Show key={planId} planId={planId} />}</Route>
);

/** After a change of page: start at the top, and let the new heading take focus. */
function useMoves(): void {
  const [path] = useLocation();
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    pageChanged();
    if (!location.hash) window.scrollTo(0, 0);
  }, [path]);
}
