/** The patient banner, fed from the live documents, with the saved indicator and who is here always in the same place. */
import type { ReactNode } from 'react';
import { isDisputed } from '../../shared/content/planContent.ts';
import { choiceCode, disputedSides, isBlank } from '../../shared/content/values.ts';
import { sectionOfField } from '../../shared/content/standard.ts';
import { usePresence } from '../collab/hooks.ts';
import { AwayState } from '../offline/AwayState.tsx';
import { useAway } from '../offline/copyHere.ts';
import { factFields, factsFromSummary, type BannerFacts, type FactName } from '../plans/facts.ts';
import { PatientBanner, type Patient } from '../plans/PatientBanner.tsx';
import type { PlanSummary } from './liveSummary.ts';
import { PeopleHere } from './PeopleHere.tsx';
import { SaveIndicator } from './SaveIndicator.tsx';
import { useStanding } from './standing.ts';
import { useGoTo, useSummary, useWorkspace } from './workspaceState.ts';

export function LiveBanner(): ReactNode {
  const { view } = useWorkspace();
  const summary = useSummary();
  const people = usePresence();
  const goTo = useGoTo();
  const status = useStanding();
  const away = useAway();
  return (
    <PatientBanner patient={livePatient(summary, view.patient)} facts={liveFacts(summary, factsFromSummary(view.summary))} status={status} latestVersion={view.latestVersion} onOpenField={goTo} {...(away ? { state: <AwayState {...away} /> } : {})}>
      <span className="plan-state-end">
        <SaveIndicator />
        {/* Away nobody knows who is here. */}
        {!away && <PeopleHere people={people} />}
      </span>
    </PatientBanner>
  );
}

/** Who the person is, with a correction made while the page is open. The NHS number is never corrected. */
export function livePatient({ content }: PlanSummary, before: Patient): Patient {
  const own = content.sections['identity'];
  const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
  const gender = own === undefined ? undefined : choiceCode(own['gender']);
  return {
    ...before, familyName: text(own?.['familyName']) ?? before.familyName, givenName: text(own?.['givenName']) ?? before.givenName, birthDate: text(own?.['birthDate']) ?? before.birthDate,
    ...(gender === undefined ? {} : { gender }),
  };
}

/** Live where the section has been read on this device; what the server said when the page was opened for the rest. */
export function liveFacts(summary: PlanSummary, before: BannerFacts): BannerFacts {
  const facts: { [Name in FactName]?: unknown } = {};
  const disputed: string[] = [];
  for (const [name, field] of Object.entries(factFields) as [FactName, string][]) {
    const section = summary.content.sections[sectionOfField(field)?.id ?? ''];
    const value = section === undefined ? before[name] : section[field];
    if (!isBlank(value)) facts[name] = inShort(value);
    if (section === undefined ? before.disputed.includes(field) : summary.disputed.has(field)) disputed.push(field);
  }
  return { ...facts, disputed };
}

/** A contradiction without its notes: the banner says that there is one and between what, the field says the rest. */
const inShort = (value: unknown): unknown => (isDisputed(value) ? { disputed: disputedSides(value).map((side) => ({ value: choiceCode(side.value) ?? side.value, by: { name: side.by ?? '' } })) } : value);
