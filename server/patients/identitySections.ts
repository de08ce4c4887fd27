/** The first text of a plan: who it is about, as changes to section documents. */
import { fieldById, sectionOfField } from '../../shared/content/standard.ts';
import { writeValue } from '../../shared/crdt/sectionDocument.ts';
import type { PatientDetails } from '../../shared/domain/patient.ts';
import type { PlanText } from '../ports.ts';

type Sections = Parameters<PlanText['begin']>[3];
type Change = Sections extends ReadonlyMap<string, infer C> ? C : never;

/** Present but looked up nowhere yet: true until somebody verifies it. */
const numberNotTraced = '02';

/** One change for each section that holds something of the patient's identity. */
export function identitySections(patient: PatientDetails): Sections {
  const values: readonly (readonly [string, unknown])[] = [...Object.entries(patient), ['nhsNumberStatus', numberNotTraced]];
  return new Map(
    [...groupBySection(values)].map(([sectionId, written]): [string, Change] => [
      sectionId,
      (doc) => {
        for (const [id, value] of written) writeValue(doc, known(id), value);
      },
    ]),
  );
}

function groupBySection(values: readonly (readonly [string, unknown])[]): Map<string, (readonly [string, unknown])[]> {
  const groups = new Map<string, (readonly [string, unknown])[]>();
  for (const entry of values) {
    const section = sectionOfField(entry[0]);
    if (!section) throw new Error(`the content standard has no field ${entry[0]}`);
    groups.set(section.id, [...(groups.get(section.id) ?? []), entry]);
  }
  return groups;
}

function known(id: string) {
  const field = fieldById(id);
  if (!field) throw new Error(`the content standard has no field ${id}`);
  return field;
}
