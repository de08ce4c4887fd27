/** The list of headings: how complete each is, who is in it, whether something in it is disputed. */
import { useEffect, useState, type ReactNode } from 'react';
import { headings } from '../../shared/content/standard.ts';
import type { Heading, Section } from '../../shared/content/kinds.ts';
import { usePresence } from '../collab/hooks.ts';
import type { Present } from '../collab/presence.ts';
import { classes } from '../ui/classes.ts';
import type { PlanSummary } from './liveSummary.ts';
import { useSummary, useWorkspace } from './workspaceState.ts';

export const headingElementId = (heading: string): string => `heading-${heading}`;
export const sectionsOf = (heading: string, sections: readonly Section[]): readonly Section[] => sections.filter((section) => section.heading === heading);

interface HeadingState {
  readonly heading: Heading;
  readonly needed: number;
  readonly answered: number;
  readonly disputed: boolean;
  readonly people: readonly Present[];
}

export function useHeadings(): readonly HeadingState[] {
  const { sections } = useWorkspace();
  const summary = useSummary();
  const people = usePresence();
  return headings.flatMap((heading) => {
    const own = sectionsOf(heading.id, sections);
    return own.length === 0 ? [] : [stateOf(heading, own, summary, people)];
  });
}

function stateOf(heading: Heading, own: readonly Section[], summary: PlanSummary, people: readonly Present[]): HeadingState {
  let needed = 0;
  let answered = 0;
  for (const section of own) {
    const part = summary.completeness.get(section.id);
    needed += part?.needed ?? 0;
    answered += part?.answered ?? 0;
  }
  return {
    heading, needed, answered,
    disputed: own.some((section) => section.fields.some((field) => summary.disputed.has(field.id))),
    people: people.filter((person) => person.places.some((place) => own.some((section) => section.id === place.section))),
  };
}

export const goToHeading = (id: string): void => {
  const element = document.getElementById(headingElementId(id));
  element?.scrollIntoView({ block: 'start' });
  element?.focus({ preventScroll: true });
};

export function HeadingList(): ReactNode {
  const list = useHeadings();
  const current = useCurrentHeading(list.map((one) => one.heading.id));
  return (
    <nav className="plan-headings" aria-label="Headings of the plan">
      <ol>
        {list.map(({ heading, needed, answered, disputed, people }) => (
          <li key={heading.id}>
            <a href={`#${headingElementId(heading.id)}`} aria-current={current === heading.id ? 'true' : undefined} className={classes('plan-headings__link', disputed && 'plan-headings__link--disputed')}
              onClick={(event) => { event.preventDefault(); goToHeading(heading.id); }}>
              <span className="plan-headings__title">{heading.title}</span>
              {disputed && <span className="plan-headings__disputed">Disputed</span>}
              <Dots people={people} />
              {needed > 0 && (
                <span className={classes('plan-headings__count', answered < needed && 'plan-headings__count--open')} title={answered < needed ? `${needed - answered} still to answer before sign-off` : 'Everything needed is answered'}>
                  <span className="nhsuk-u-visually-hidden">{answered} of {needed} needed answers</span>
                  <span aria-hidden="true">{answered < needed ? `${answered}/${needed}` : '✓'}</span>
                </span>
              )}
            </a>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function Dots({ people }: { readonly people: readonly Present[] }): ReactNode {
  if (people.length === 0) return null;
  return (
    <span className="plan-headings__people" title={people.map((one) => one.name).join(', ')}>
      {people.slice(0, 3).map((one) => <span key={one.id} className="plan-visitor" style={{ backgroundColor: one.color }} aria-hidden="true">{one.initials}</span>)}
      {people.length > 3 && <span aria-hidden="true">+{people.length - 3}</span>}
      <span className="nhsuk-u-visually-hidden">{people.map((one) => one.name).join(', ')} here.</span>
    </span>
  );
}

/** The heading at the top of what is on screen. */
function useCurrentHeading(ids: readonly string[]): string | undefined {
  const [current, setCurrent] = useState<string>();
  const key = ids.join(' ');
  useEffect(() => {
    const list = key.split(' ');
    let frame = 0;
    const look = (): void => {
      frame = 0;
      // The last heading that has passed the upper third is the one being read.
      const edge = window.innerHeight / 3 + 80;
      const passed = list.filter((id) => (document.getElementById(headingElementId(id))?.getBoundingClientRect().top ?? Infinity) < edge);
      setCurrent(passed.at(-1) ?? list[0]);
    };
    const soon = (): void => {
      if (frame === 0) frame = requestAnimationFrame(look);
    };
    soon();
    window.addEventListener('scroll', soon, { passive: true });
    return () => {
      cancelAnimationFrame(frame);
      window.removeEventListener('scroll', soon);
    };
  }, [key]);
  return current;
}
