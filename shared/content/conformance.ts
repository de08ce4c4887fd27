/** Coverage of the 60 items of the 2015 national standard for palliative care co-ordination (SCCI1580), as data. */
import { sections } from './standard.ts';

export interface ConformanceItem {
  readonly number: number;
  readonly title: string;
  /** As the standard classes it: asked at creation, to be supported, or optional. */
  readonly status: 'mandatory' | 'required' | 'optional';
  /** Our fields that hold it. */
  readonly fields: readonly string[];
}

const titles: readonly string[] = [
  'Agreement to the record, and its basis', 'Date the record was made', 'Date of the planned review', 'Date of the last change', 'Family name', 'First name', 'Name they like to be called by',
  'Date of birth', 'NHS number', 'State of the NHS number', 'Gender', 'Usual address', 'Telephone numbers', 'Interpreter needed', 'Spoken language preferred',
  'Main carer', 'Telephone of the main carer', 'What the main carer knows of the prognosis', 'Usual GP', 'GP practice', 'Key worker', 'Telephone of the key worker',
  'Other services involved', 'Name of the professional in that service', 'Telephone of that professional', 'Main illness', 'Other illnesses that matter', 'Disability', 'Performance score',
  'Allergies and reactions', 'Anticipatory medicines', 'Where the anticipatory medicines are', 'Framework used', 'Likely prognosis', 'Advance statement',
  'Preferred place of death, first choice', 'Name of that place', 'Address of that place', 'First choice is where they live', 'Preferred place of death, second choice', 'Name of the second place',
  'Address of the second place', 'Second choice is where they live', 'Resuscitation decision', 'Date of the resuscitation decision', 'Review of the resuscitation decision', 'Where the resuscitation form is',
  'Who knows of the resuscitation decision', 'Advance decision to refuse treatment', 'Where the advance decision is', 'Name of the attorney for welfare', 'Authority of the attorney', 'Telephone of the attorney',
  'First person to involve in decisions', 'Telephone of the first person', 'Second person to involve in decisions', 'Telephone of the second person', 'Other wishes', 'Date of death', 'Place of death',
];
const mandatory = new Set([1, 2, 4, 5, 6, 8, 9, 10, 12, 16, 19, 20, 26]);
const required = new Set([3, 28, 29, 30, 59]);

/** Item 1 to 60 with the fields that cover each, taken from the entries themselves. */
export const conformance: readonly ConformanceItem[] = titles.map((title, at) => {
  const number = at + 1;
  return {
    number,
    title,
    status: mandatory.has(number) ? 'mandatory' : required.has(number) ? 'required' : 'optional',
    fields: sections.flatMap((section) => section.fields.filter((field) => field.items1580?.includes(number)).map((field) => field.id)),
  };
});
