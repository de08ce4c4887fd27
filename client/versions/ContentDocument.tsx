/** A plan's content as a document to read or print, in the order of the content standard. What is in the content is on the page: nothing is shortened. */
import type { ReactNode } from 'react';
import type { PlanContent } from '../../shared/content/planContent.ts';
import { headings, sections, sectionById } from '../../shared/content/standard.ts';
import { isBlank } from '../../shared/content/values.ts';
import type { Section } from '../../shared/content/kinds.ts';
import { bannerName } from '../../shared/domain/names.ts';
import { ageInYears, formatDate } from '../../shared/domain/dates.ts';
import { formatNhsNumber } from '../../shared/domain/nhsNumber.ts';
import { SealedPlanContext } from '../data/keySafe.ts';
import type { Patient } from '../plans/PatientBanner.tsx';
import { classes } from '../ui/classes.ts';
import { today } from '../ui/today.ts';
import { FieldValue } from './FieldValue.tsx';
import { PrintedLine } from './PrintedLine.tsx';

export interface ContentDocumentProps {
  readonly patient: Patient;
  /** With its plan, sealed codes can be asked for. */
  readonly content: Pick<PlanContent, 'sections'> & { readonly planId?: string };
  /** What this paper is; a draft is marked on every page of a print. */
  readonly standing: 'draft' | 'signed';
  /** One line under the name: "Version 3, signed …" or what a draft is. */
  readonly line: ReactNode;
  /** Sections that this reader may not see. */
  readonly withheld?: readonly string[];
}

export function ContentDocument({ patient, content, standing, line, withheld = [] }: ContentDocumentProps): ReactNode {
  const shown = headings.map((heading) => ({ heading, parts: sections.filter((section) => section.heading === heading.id && recorded(section, content).length > 0) }));
  return (
    <SealedPlanContext.Provider value={content.planId}>
    <article className={classes('accord-document', `accord-document--${standing}`)} aria-label={standing === 'draft' ? 'Draft of the plan, not signed' : 'Signed plan'}>
      {standing === 'draft' && <DraftMark />}
      <header className="accord-document__head">
        <p className="accord-document__name">{bannerName(patient)}</p>
        <p>Born {formatDate(patient.birthDate)} ({ageInYears(patient.birthDate, today())}) · NHS No. {formatNhsNumber(patient.nhsNumber)}</p>
        <p>{line}</p>
        <PrintedLine standing={standing} />
      </header>
      {shown.filter(({ parts }) => parts.length > 0).map(({ heading, parts }) => (
        <section key={heading.id} aria-label={heading.title}>
          <h2>{heading.title}</h2>
          {parts.map((section) => (
            <dl key={section.id}>
              {recorded(section, content).map((field) => (
                <div key={field.id} id={`${section.id}.${field.id}`} className="accord-document__field">
                  <dt>{field.label}</dt>
                  <dd><FieldValue field={field} value={content.sections[section.id]?.[field.id]} /></dd>
                </div>
              ))}
            </dl>
          ))}
        </section>
      ))}
      <Unknown content={content} />
      {withheld.length > 0 && <p className="accord-document__withheld">{withheld.length} {withheld.length === 1 ? 'section is' : 'sections are'} not for your role and not shown here. The signature covers the whole version.</p>}
    </article>
    </SealedPlanContext.Provider>
  );
}

const recorded = (section: Section, content: Pick<PlanContent, 'sections'>) => section.fields.filter((field) => !isBlank(content.sections[section.id]?.[field.id]));

/** Values that an older or newer content standard knew and this screen does not: shown as they are stored, never hidden. */
function Unknown({ content }: { readonly content: Pick<PlanContent, 'sections'> }): ReactNode {
  const strange = Object.entries(content.sections).flatMap(([sectionId, values]) =>
    Object.entries(values).filter(([fieldId]) => !sectionById(sectionId)?.fields.some((field) => field.id === fieldId)).map(([fieldId, value]) => ({ name: `${sectionId}.${fieldId}`, value })));
  if (strange.length === 0) return null;
  return (
    <section aria-label="Other recorded values">
      <h2>Other recorded values</h2>
      <dl>{strange.map(({ name, value }) => <div key={name} className="accord-document__field"><dt>{name}</dt><dd>{JSON.stringify(value)}</dd></div>)}</dl>
    </section>
  );
}

/** Stands across the paper on screen, and across every page of a print. The words are in the document's heading too. */
function DraftMark(): ReactNode {
  return <p className="accord-draft-mark" aria-hidden="true">DRAFT · NOT SIGNED</p>;
}
