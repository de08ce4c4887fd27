/** What every page about one plan shares (besides the plan itself): the banner, and the way to the plan's other pages. */
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { PlanView } from '../../shared/wire/plans.ts';
import { usePlan, usePlanContent } from '../data/plans.ts';
import { Loaded } from '../ui/Loaded.tsx';
import { Page } from '../ui/Page.tsx';
import { EmergencyBanner } from '../breakGlass/EmergencyBanner.tsx';
import { BackToCaseload } from './BackToCaseload.tsx';
import { factsFromContent, factsFromSummary } from './facts.ts';
import { PatientBanner } from './PatientBanner.tsx';

interface PlanFrameProps {
  readonly planId: string;
  readonly title: string;
  readonly wide?: boolean;
  readonly withoutStrip?: boolean;
  readonly children: (plan: PlanView) => ReactNode;
}

export function PlanFrame({ planId, title, wide, withoutStrip, children }: PlanFrameProps): ReactNode {
  const plan = usePlan(planId);
  // The list of allergies is in the text only. Without it (a role that reads no drafts, say) the banner says what the summary knows.
  const reads = plan.data !== undefined && readsText(plan.data);
  const content = usePlanContent(planId, reads);
  if (plan.data === undefined) return <Page title={title}><Loaded query={plan} what="the plan" wayOut={<BackToCaseload />}>{() => null}</Loaded></Page>;
  const facts = !reads ? { disputed: [], withheld: true as const } : content.data ? factsFromContent(content.data) : factsFromSummary(plan.data.summary);
  return (
    <>
      <PatientBanner patient={plan.data.patient} facts={facts} status={plan.data.status} latestVersion={plan.data.latestVersion} {...(withoutStrip ? { withoutStrip } : {})} />
      <Page title={title} {...(wide ? { wide } : {})}>
        <EmergencyBanner plan={plan.data} />
        <PlanLinks plan={plan.data} />
        {!reads && <p className="accord-quiet">What the plan says is for its care team to read. You see who did what with it.</p>}
        <Loaded query={plan} what="the plan">{children}</Loaded>
      </Page>
    </>
  );
}

/** May this person read anything of what the plan says? */
const readsText = (plan: PlanView): boolean => plan.sections.some((section) => section.access !== 'none');

/** The pages of one plan that this person may open. */
export function PlanLinks({ plan }: { readonly plan: PlanView }): ReactNode {
  const at = `/plans/${plan.id}`;
  const newest = plan.latestVersion?.number;
  const reads = readsText(plan);
  return (
    <nav aria-label="This plan">
      <ul className="accord-links">
        {reads && <li><Link href={at}>Plan</Link></li>}
        {reads && <li><Link href={`${at}/versions`}>Signed versions</Link></li>}
        {reads && newest !== undefined && <li><Link href={`${at}/compare?from=${newest}&to=draft`}>Compare</Link></li>}
        {reads && plan.may.review !== false && plan.status !== 'closed' && <li><Link href={`${at}/sign-off`}>Review and sign</Link></li>}
        <li><Link href={`${at}/team`}>Care team</Link></li>
        {plan.may.readAudit && <li><Link href={`${at}/audit`}>Audit trail</Link></li>}
        {plan.may.readAudit && <li><Link href={`${at}/looked`}>Who has looked</Link></li>}
      </ul>
    </nav>
  );
}
