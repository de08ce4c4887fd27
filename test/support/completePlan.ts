/** A plan in which everything that sign-off asks for is answered, made from the standard itself. */
import { isNeeded, missingNeeded } from '../../shared/content/completeness.ts';
import type { Column, Field, FieldKind } from '../../shared/content/kinds.ts';
import type { PlanContent } from '../../shared/content/planContent.ts';
import { sectionOfField } from '../../shared/content/standard.ts';
import { makeNhsNumber } from '../../shared/domain/nhsNumber.ts';
import type { PlanId } from '../../shared/ids.ts';

export const emptyPlan: PlanContent = { planId: 'plan_test00001' as PlanId, position: 0, sections: {} };

/** The plan with these answers put in (undefined takes one away); field ids are unique, so no section is named. */
export function withAnswers(plan: PlanContent, answers: Readonly<Record<string, unknown>>): PlanContent {
  const sections = JSON.parse(JSON.stringify(plan.sections)) as Record<string, Record<string, unknown>>;
  for (const [fieldId, value] of Object.entries(answers)) {
    const section = sectionOfField(fieldId);
    if (!section) throw new Error(`${fieldId} is not in the standard`);
    const content = (sections[section.id] ??= {});
    if (value === undefined) delete content[fieldId];
    else content[fieldId] = value;
  }
  return { ...plan, sections };
}

/** A valid value of the field; dates are `day`. */
export function sampleValue(field: Field, day: string): unknown {
  if (field.id === 'nhsNumber') return makeNhsNumber('999012345');
  return sampleOfKind(field.of, day);
}

function sampleOfKind(kind: FieldKind | Column['of'], day: string): unknown {
  switch (kind.kind) {
    case 'choice': return kind.valueSet.options[0]?.value;
    case 'choices': return [kind.valueSet.options[0]?.value];
    case 'yes-no': return true;
    case 'date': return day;
    case 'date-time': return `${day}T09:30:00Z`;
    case 'text': return 'Words';
    case 'prose': return [{ type: 'paragraph', text: 'Words.' }];
    case 'person': return { name: 'Dr A. Osei', role: 'GP' };
    case 'organisation': return { id: 'org_elsewhere', name: 'Elsewhere House' };
    case 'rows': return [{ id: 'r1', ...Object.fromEntries(kind.columns.map((column) => [column.id, sampleOfKind(column.of, day)])) }];
  }
}

/** Every needed field answered, those that only become needed by other answers too. */
export function completePlan(today: string, answers: Readonly<Record<string, unknown>> = {}): PlanContent {
  let plan = withAnswers(emptyPlan, { nhsNumberStatus: '01', allergyStatus: 'no-known-allergies', ppd1: 'own-home', ...answers });
  // One answer may make another needed; three rounds reach the deepest chain of conditions.
  for (let round = 0; round < 3; round += 1) {
    const missing = missingNeeded(plan);
    plan = withAnswers(plan, Object.fromEntries(missing.filter(({ field }) => isNeeded(field, plan)).map(({ field }) => [field.id, sampleValue(field, today)])));
  }
  return plan;
}
