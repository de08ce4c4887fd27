/** What a meeting talks about, one step away, and the plan opened there: who the person is stands in the banner already. The document keeps its order. */
import { useEffect, useRef, useSyncExternalStore, type ReactNode } from 'react';
import type { HeadingId, Section } from '../../shared/content/kinds.ts';
import { headings } from '../../shared/content/standard.ts';
import { useConnection } from '../collab/hooks.ts';
import { goToHeading, headingElementId, useHeadings } from './HeadingList.tsx';
import { useWorkspace } from './workspaceState.ts';

/** In the order of the document. */
export const talkedAbout: readonly { readonly heading: HeadingId; readonly label: string }[] = [
  { heading: 'clinical', label: 'Diagnoses' }, { heading: 'status', label: 'Stage' }, { heading: 'wishes', label: 'What matters' },
  { heading: 'emergency', label: 'Resuscitation' }, { heading: 'medicines', label: 'Medicines' }, { heading: 'mdt', label: 'Team review' },
];
const firstTalkedAbout: HeadingId = 'clinical';

export function MeetingHeadings(): ReactNode {
  const list = useHeadings();
  useStartWhereMeetingsDo();
  return (
    <nav className="plan-talk" aria-label="What meetings talk about">
      <ul>
        {talkedAbout.map(({ heading, label }) => list.some((one) => one.heading.id === heading) && (
          <li key={heading}><a href={`#${headingElementId(heading)}`} onClick={(event) => { event.preventDefault(); goToHeading(heading); }}>{label}</a></li>
        ))}
      </ul>
      <select className="nhsuk-select" aria-label="Go to any heading of the plan" value="" onChange={(event) => goToHeading(event.target.value)}>
        <option value="">All headings</option>
        {list.map(({ heading, needed, answered, disputed }) => (
          <option key={heading.id} value={heading.id}>{heading.title}{needed > answered ? ` (${needed - answered} needed)` : ''}{disputed ? ' (disputed)' : ''}</option>
        ))}
      </select>
    </nav>
  );
}

/** Sections that stand above where meetings begin, and those where they do: the place is not known before all of them are drawn. */
export function drawnBefore(sections: readonly Section[]): readonly string[] {
  const last = headings.findIndex(({ id }) => id === firstTalkedAbout);
  const upToThere = new Set(headings.slice(0, last + 1).map(({ id }) => id));
  return sections.filter(({ heading }) => upToThere.has(heading)).map(({ id }) => id);
}

/** The banner with all its answers stays in sight from this width on; below it, the top of the plan is where they are. */
const bannerStays = '(min-width: 68.75rem)';

/** Once, as soon as the place is known; never away from where somebody has gone or writes. */
function useStartWhereMeetingsDo(): void {
  const { sections, summary, open, wanted } = useWorkspace();
  const { loaded } = useConnection();
  const ids = drawnBefore(sections);
  const known = useSyncExternalStore(
    (heard) => {
      const stops = [summary.subject.listen(heard), loaded.listen(heard)];
      return () => stops.forEach((stop) => stop());
    },
    () => ids.every((id) => loaded.value.has(id) && summary.subject.value.completeness.has(id)),
  );
  const done = useRef(false);
  useEffect(() => {
    if (!known || done.current) return undefined;
    done.current = true;
    if (!window.matchMedia(bannerStays).matches || location.hash !== '') return undefined;
    let frame = requestAnimationFrame(() => {
      // Two frames: the sections are drawn in the first, have their places in the second.
      frame = requestAnimationFrame(() => {
        if (window.scrollY > 0 || open.value !== undefined || wanted.value !== undefined) return;
        document.getElementById(headingElementId(firstTalkedAbout))?.scrollIntoView({ block: 'start' });
      });
    });
    return () => cancelAnimationFrame(frame);
  }, [known, open, wanted]);
}
