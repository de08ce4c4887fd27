/** One section: the fields that say something or should, and the quiet rest behind one click. */
import { memo, useEffect, useRef, useState, useSyncExternalStore, type ReactNode } from 'react';
import type { Section } from '../../shared/content/kinds.ts';
import { headings } from '../../shared/content/standard.ts';
import { useConnection, useLoaded } from '../collab/hooks.ts';
import { Button } from '../ui/Button.tsx';
import { Skeleton } from '../ui/Loaded.tsx';
import { Tag } from '../ui/Tag.tsx';
import { FieldView } from './FieldView.tsx';
import { fieldElementId, fieldKey, useWorkspace } from './workspaceState.ts';

export const SectionView = memo(function SectionView({ section, mayEdit, titled, frozen }: {
  readonly section: Section; readonly mayEdit: boolean;
  /** Its own heading, where the heading above holds several sections. */
  readonly titled: boolean;
  /** Why nobody writes here just now. */
  readonly frozen: string | undefined;
}): ReactNode {
  const loaded = useKnown(section);
  const [all, setAll] = useState(false);
  const shown = useShown(section);
  useWanted(section, setAll);
  const hidden = section.fields.filter((field) => !shown.has(field.id));
  return (
    <section className="plan-section" aria-labelledby={`section-${section.id}`}>
      <div className="plan-section__head">
        <h3 id={`section-${section.id}`} className={titled && section.title !== headings.find((one) => one.id === section.heading)?.title ? undefined : 'nhsuk-u-visually-hidden'}>{section.title}</h3>
        {section.restricted && <Tag colour="purple">Restricted: fewer people may read this</Tag>}
        {!mayEdit && <span className="plan-section__readonly">{frozen ?? 'You may read this, not write it'}</span>}
      </div>
      {!loaded ? <Skeleton what={section.title} lines={2} /> : (
        <>
          {section.fields.map((field) => (all || shown.has(field.id)) && <FieldView key={field.id} section={section.id} field={field} mayEdit={mayEdit} />)}
          {hidden.length > 0 && (
            <Button small look="quiet" className="plan-section__more" aria-expanded={all} onClick={() => setAll(!all)} title={hidden.map((field) => field.label).join(', ')}>
              {all ? 'Hide the empty ones' : `${hidden.length} more ${hidden.length === 1 ? 'field' : 'fields'}, empty: ${hidden.slice(0, 3).map((field) => field.label).join(', ')}${hidden.length > 3 ? '…' : ''}`}
            </Button>
          )}
        </>
      )}
    </section>
  );
});

/** Read, and counted in the summary as well: until then nothing may be called empty. */
function useKnown(section: Section): boolean {
  const { summary } = useWorkspace();
  const loaded = useLoaded(section.id);
  const counted = useSyncExternalStore(summary.subject.listen, () => summary.subject.value.completeness.has(section.id));
  return loaded && counted;
}

/** Fields that say something, are asked for, or have somebody in them. What was once shown stays: nothing disappears under the cursor. */
function useShown(section: Section): ReadonlySet<string> {
  const { summary, drafts } = useWorkspace();
  const { people } = useConnection();
  const kept = useRef(new Set<string>());
  const ids = useSyncExternalStore(
    (heard) => {
      const stops = [summary.subject.listen(heard), drafts.listen(heard), people.listen(heard)];
      return () => stops.forEach((stop) => stop());
    },
    () => {
      const { blank, missing, needed, disputed, completeness } = summary.subject.value;
      // Before the section has been read nothing is known to be empty.
      if (!completeness.has(section.id)) return '';
      for (const { id } of section.fields) {
        const visited = (): boolean => people.value.some((one) => one.places.some((place) => place.section === section.id && place.field === id));
        if (!blank.has(id) || missing.has(id) || needed.has(id) || disputed.has(id) || drafts.value.has(fieldKey(section.id, id)) || visited()) kept.current.add(id);
      }
      return [...kept.current].join(' ');
    },
  );
  return new Set(ids.split(' '));
}

/** Somebody asked for a field of this section: show it, go to it, give it focus. */
function useWanted(section: Section, setAll: (all: boolean) => void): void {
  const { wanted, open } = useWorkspace();
  const loaded = useKnown(section);
  useEffect(() => {
    const look = (): void => {
      const key = wanted.value;
      const field = section.fields.find((one) => fieldKey(section.id, one.id) === key);
      if (key === undefined || field === undefined || !loaded) return;
      wanted.set(undefined);
      if (document.getElementById(fieldElementId(section.id, field.id)) === null) setAll(true);
      // Two frames: the field is drawn in the first, has its place in the second.
      requestAnimationFrame(() => requestAnimationFrame(() => {
        const element = document.getElementById(fieldElementId(section.id, field.id));
        element?.scrollIntoView({ block: 'center' });
        if (open.value !== key) (element?.querySelector<HTMLElement>('.plan-field__edit') ?? element)?.focus({ preventScroll: true });
        element?.classList.add('plan-field--found');
        setTimeout(() => element?.classList.remove('plan-field--found'), 2_000);
      }));
    };
    look();
    return wanted.listen(look);
  }, [wanted, open, section, loaded, setAll]);
}
