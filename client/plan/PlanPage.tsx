/** The page of one plan: who it is about, always in sight, and the plan itself, live. */
import type { ReactNode } from 'react';
import { EmergencyBanner } from '../breakGlass/EmergencyBanner.tsx';
import { NewSinceProvider } from '../history/NewSinceProvider.tsx';
import { CopyGuard } from '../offline/CopyGuard.tsx';
import { VisitTools } from '../offline/VisitTools.tsx';
import { PlanLinks } from '../plans/PlanFrame.tsx';
import { PageHeading } from '../ui/Page.tsx';
import { LiveBanner } from './LiveBanner.tsx';
import { PlanConnected } from './PlanConnected.tsx';
import { PlanColumns } from './PlanWorkspace.tsx';
import { useWorkspace } from './workspaceState.ts';

export function PlanPage({ planId }: { readonly planId: string }): ReactNode {
  return (
    <PlanConnected planId={planId}>
      <CopyGuard>
        <LiveBanner />
        <div className="accord-page accord-page--wide plan-page">
          <PageHeading title="Care plan" hidden />
          <Emergency />
          <Links />
          <VisitTools />
          <NewSinceProvider><PlanColumns /></NewSinceProvider>
        </div>
      </CopyGuard>
    </PlanConnected>
  );
}

function Emergency(): ReactNode {
  return <EmergencyBanner plan={useWorkspace().view} />;
}

function Links(): ReactNode {
  return <PlanLinks plan={useWorkspace().view} />;
}
