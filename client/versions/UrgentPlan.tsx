/** The latest signed version on one screen, in the order a crew needs it. */
import type { ReactNode } from 'react';
import type { z } from 'zod';
import { fieldById } from '../../shared/content/standard.ts';
import { showValue } from '../../shared/content/show.ts';
import { choiceCode } from '../../shared/content/values.ts';
import { ageInYears, formatDate, formatTimeWithSeconds } from '../../shared/domain/dates.ts';
import { bannerName } from '../../shared/domain/names.ts';
import { formatNhsNumber } from '../../shared/domain/nhsNumber.ts';
import { SealedPlanContext } from '../data/keySafe.ts';
import type { urgentView } from '../../shared/wire/plans.ts';
import { factsFromContent } from '../plans/facts.ts';
import { AllergyLine } from '../plans/AllergyLine.tsx';
import { Details } from '../ui/Callouts.tsx';
import { today } from '../ui/today.ts';
import { ageWords, minutesSince } from './age.ts';
import { ContentDocument } from './ContentDocument.tsx';
import { FieldValue } from './FieldValue.tsx';
import { recordedOf, urgentParts, type RecordedField, type UrgentPart } from './urgentContent.ts';
import { signedWords } from './signedWords.ts';

type Urgent = z.infer<typeof urgentView>;

const now = (): Date => new Date();

/** `checked`: this very answer came from the service; false when it is kept from before. */
export function UrgentPlan({ view, checked }: { readonly view: Urgent; readonly checked: boolean }): ReactNode {
  const { patient, version } = view;
  const gender = fieldById('gender');
  return (
    <article className="accord-urgent" aria-label="Signed plan">
      <header className="accord-urgent__head">
        <h2>{bannerName(patient)}</h2>
        <p>Born {formatDate(patient.birthDate)} ({ageInYears(patient.birthDate, today())}){patient.gender !== undefined && gender && ` · ${showValue(gender, patient.gender)}`} · <span className="accord-nowrap">NHS No. {formatNhsNumber(patient.nhsNumber)}</span></p>
        <AllergyLine facts={factsFromContent(version.content)} />
      </header>
      <div className="accord-urgent__standing">
        <p><strong>✓ Signed version {version.number}, {ageWords(checked ? view.ageMinutes : view.ageMinutes + minutesSince(view.checkedAt, now()))}.</strong> {signedWords(version)}.</p>
        <p className="accord-quiet">{checked ? `Checked ${formatTimeWithSeconds(view.checkedAt)}: this is the latest signed version.` : 'Not checked just now.'}</p>
      </div>
      {view.newerDraft && <div className="accord-callout accord-callout--warning"><h3 className="accord-callout__title">A newer draft exists</h3><p>The team has written since this was signed. That is not signed and not shown here. If it matters, call the team.</p></div>}
      <Resuscitation view={view} />
      <SealedPlanContext.Provider value={version.planId}>
        {urgentParts.map((part) => <Part key={part.id} part={part} fields={recordedOf(version.content, part.fields)} />)}
      </SealedPlanContext.Provider>
      <Details summary="The whole signed plan">
        <ContentDocument patient={patient} content={version.content} standing="signed" line={`Version ${version.number}. ${signedWords(version)}`} withheld={version.withheld} />
      </Details>
    </article>
  );
}

/** The first question of all, large, in words. A recommendation that was not made is said as such: it is never read as either answer. */
function Resuscitation({ view: { version } }: { readonly view: Urgent }): ReactNode {
  const values = version.content.sections['resuscitation'] ?? {};
  const decision = fieldById('cprDecision');
  const code = choiceCode(values['cprDecision']);
  const words = decision && values['cprDecision'] !== undefined ? showValue(decision, values['cprDecision']) : 'CPR recommendation: not recorded';
  const known = code === 'for-attempted-cpr' || code === 'not-for-attempted-cpr';
  return (
    <section className={`accord-urgent__cpr accord-urgent__cpr--${known ? 'decided' : 'open'}`} aria-label="Resuscitation and ceiling of treatment">
      <h3>{words}</h3>
      <Fields fields={recordedOf(version.content, ['ceiling', 'focusOfCare', 'cprDate', 'cprReviewDate', 'cprDecisionMaker', 'cprReason', 'cprFormLocation', 'respectForm'])} />
      {values['ceiling'] === undefined && <p>Ceiling of treatment: not recorded.</p>}
    </section>
  );
}

function Part({ part, fields }: { readonly part: UrgentPart; readonly fields: readonly RecordedField[] }): ReactNode {
  if (fields.length === 0 && part.whenBlank === undefined) return null;
  return (
    <section className="accord-urgent__part" aria-label={part.title}>
      <h3>{part.title}</h3>
      {fields.length === 0 ? <p className="accord-quiet">{part.whenBlank}</p> : <Fields fields={fields} />}
    </section>
  );
}

function Fields({ fields }: { readonly fields: readonly RecordedField[] }): ReactNode {
  return (
    <dl>
      {fields.map(({ field, value }) => (
        <div key={field.id}>
          <dt>{field.label}</dt>
          <dd><FieldValue field={field} value={value} /></dd>
        </div>
      ))}
    </dl>
  );
}
