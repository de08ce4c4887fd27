/** One open plan, live: headings at the left, the plan in the middle, what is happening at the right. In a meeting only the middle. */
import './plan.scss';
import './planScreens.scss';
import '../history/history.scss';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { headings } from '../../shared/content/standard.ts';
import type { Section } from '../../shared/content/kinds.ts';
import { deathField, saysDied, standsStillAfterDeath, writtenAfterDeathWords } from '../../shared/domain/access.ts';
import { formatDate } from '../../shared/domain/dates.ts';
import { useSaveStatus, useStopped } from '../collab/hooks.ts';
import { WarningCallout } from '../ui/Callouts.tsx';
import { classes } from '../ui/classes.ts';
import { BackToCaseload } from '../plans/BackToCaseload.tsx';
import { NewSinceBar } from '../history/NewSinceBar.tsx';
import { signInAddress } from '../identity/back.ts';
import { goToHeading, HeadingList, headingElementId, sectionsOf, useHeadings } from './HeadingList.tsx';
import { KeptTexts } from './KeptTexts.tsx';
import { LiveBanner } from './LiveBanner.tsx';
import { MeetingHeadings } from './MeetingHeadings.tsx';
import { PlanConnected } from './PlanConnected.tsx';
import { saveWords } from './SaveIndicator.tsx';
import { SectionView } from './SectionView.tsx';
import { SidePanel } from './SidePanel.tsx';
import { useSummary, useWorkspace } from './workspaceState.ts';

/** The plan inside a meeting, or wherever else it is mounted by itself: with its banner, without the side panels. */
export function PlanWorkspace({ planId, inMeeting, projector = false }: {
  readonly planId: string; readonly inMeeting: true;
  /** For a screen that the whole room sees: larger, restricted sections left out. */
  readonly projector?: boolean;
}): ReactNode {
  return (
    <PlanConnected key={planId} planId={planId} inMeeting={inMeeting} hideRestricted={projector}>
      <LiveBanner />
      <div className={classes('accord-page accord-page--wide plan plan--meeting', projector && 'plan--projector')}>
        <MeetingHeadings />
        <PlanDocument />
      </div>
    </PlanConnected>
  );
}

/** The three columns of the plan page. */
export function PlanColumns(): ReactNode {
  return (
    <div className="plan plan--columns">
      <HeadingList />
      <div className="plan-middle">
        <JumpTo />
        <NewSinceBar />
        <PlanDocument />
      </div>
      <SidePanel />
    </div>
  );
}

function JumpTo(): ReactNode {
  const list = useHeadings();
  return (
    <label className="plan-jump">Go to{' '}
      <select className="nhsuk-select" value="" onChange={(event) => goToHeading(event.target.value)}>
        <option value="">a heading of the plan</option>
        {list.map(({ heading, needed, answered, disputed }) => (
          <option key={heading.id} value={heading.id}>{heading.title}{needed > answered ? ` (${needed - answered} needed)` : ''}{disputed ? ' (disputed)' : ''}</option>
        ))}
      </select>
    </label>
  );
}

/** Every heading, section and field this person may read, in the order of the content standard. */
export function PlanDocument(): ReactNode {
  const { sections } = useWorkspace();
  const frozen = useFrozen();
  return (
    <div className="plan-document">
      <Stopped />
      <KeptTexts />
      {frozen.notice}
      {headings.map((heading) => {
        const own = sectionsOf(heading.id, sections);
        if (own.length === 0) return null;
        return (
          <section key={heading.id} className="plan-heading" aria-labelledby={headingElementId(heading.id)}>
            <h2 id={headingElementId(heading.id)} tabIndex={-1}>{heading.title}</h2>
            {own.map((section) => <LiveSection key={section.id} section={section} titled={own.length > 1} frozen={frozen.why(section)} />)}
          </section>
        );
      })}
    </div>
  );
}

function LiveSection({ section, titled, frozen }: { readonly section: Section; readonly titled: boolean; readonly frozen: string | undefined }): ReactNode {
  const { view } = useWorkspace();
  const stopped = useStopped();
  const may = view.sections.some((one) => one.id === section.id && one.access === 'edit');
  return <SectionView section={section} titled={titled} frozen={frozen ?? (may && stopped ? 'Writing has stopped: see the top of the plan' : undefined)} mayEdit={may && frozen === undefined && !stopped} />;
}

/** After a death, and after closing, the plan stands still; what has to be written about a death may still be written. */
function useFrozen(): { readonly why: (section: Section) => string | undefined; readonly notice: ReactNode } {
  const { view } = useWorkspace();
  const { content } = useSummary();
  const stored = content.sections['death']?.[deathField];
  const diedWords = saysDied(stored) ? `Died ${typeof stored === 'string' ? formatDate(stored.slice(0, 10)) : '(the date is disputed)'}` : undefined;
  const closed = view.status === 'closed';
  return useMemo(() => {
    if (closed) return { why: (_: Section) => 'The plan is closed', notice: <WarningCallout title={diedWords ? `${diedWords}. The plan is closed.` : 'The plan is closed.'}><p>It can be read; nobody can write in it any more.</p></WarningCallout> };
    if (diedWords === undefined) return { why: (_: Section) => undefined, notice: null };
    return {
      why: (section: Section) => (standsStillAfterDeath(section) ? 'The person has died: this part stands as it was' : undefined),
      notice: <WarningCallout title={diedWords}><p>The plan stands as it was. Only {writtenAfterDeathWords} can still be written.</p></WarningCallout>,
    };
  }, [closed, diedWords]);
}

/** The connection has ended for good: says why, and what to do. */
function Stopped(): ReactNode {
  const { me } = useWorkspace();
  const status = useSaveStatus();
  const [here, setHere] = useState('/');
  useEffect(() => setHere(location.pathname + location.hash), []);
  if (status.kind !== 'stopped') return null;
  const unsaved = status.changes > 0 && <p>Your last changes are only on this screen. Copy them before you leave it.</p>;
  switch (status.why) {
    case 'sign-in':
    case 'other-person':
      return (
        <div className="accord-callout accord-callout--error" role="alert">
          <h2 className="accord-callout__title">{saveWords(status)}</h2>
          <p><a href={signInAddress(here)} target="_blank" rel="noopener">Sign in again</a> in a new tab as {me.name}, then come back to this one: what you wrote is sent then. Or copy it before you leave this page.</p>
        </div>
      );
    case 'not-found':
      return <div className="accord-callout accord-callout--error" role="alert"><h2 className="accord-callout__title">This plan is not open to you any more</h2>{unsaved}<BackToCaseload /></div>;
    default:
      return <div className="accord-callout accord-callout--error" role="alert"><h2 className="accord-callout__title">The server has stopped this connection</h2>{unsaved}<p>Reload the page to go on.</p></div>;
  }
}
