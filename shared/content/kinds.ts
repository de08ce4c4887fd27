/** What an entry of the content standard says about a field. Screens, checks, documents and exports derive from it. */
import type { Role, WriterGroup } from '../domain/roles.ts';

/** How concurrent edits merge: L latest wins, X exclusive (contradictions are kept and shown), T prose, G rows, A written by the service only. */
export type MergeClass = 'L' | 'X' | 'T' | 'G' | 'A';

export interface Code {
  readonly system: 'http://snomed.info/sct';
  readonly code: string;
}

export interface Option {
  /** Stable slug stored in the document: "not-for-attempted-cpr". */
  readonly value: string;
  readonly label: string;
  /** Only codes that were found in a published source. */
  readonly code?: Code;
  /** The NHS Data Dictionary's own number or letter for this answer, where it has one. */
  readonly dictionary?: string;
  /** A word beside the colour, for the stages. */
  readonly colour?: 'blue' | 'green' | 'yellow' | 'red' | 'navy';
}

export interface ValueSet {
  readonly id: string;
  readonly title: string;
  readonly options: readonly Option[];
}

/** What one column of a repeated row holds. */
export type ColumnKind =
  | { readonly kind: 'choice'; readonly valueSet: ValueSet }
  | { readonly kind: 'choices'; readonly valueSet: ValueSet }
  | { readonly kind: 'yes-no' }
  | { readonly kind: 'date' }
  | { readonly kind: 'text'; readonly multiline?: boolean }
  | { readonly kind: 'person' }
  /** One of those that use this service. */
  | { readonly kind: 'organisation' };

export interface Column {
  readonly id: string;
  readonly label: string;
  readonly of: ColumnKind;
  readonly needed?: boolean;
  /** Kept for rows that hold it; nobody fills it any more. */
  readonly retired?: boolean;
}

export type FieldKind =
  | { readonly kind: 'choice'; readonly valueSet: ValueSet; readonly companions?: readonly ('note' | 'date')[] }
  | { readonly kind: 'choices'; readonly valueSet: ValueSet }
  | { readonly kind: 'yes-no' }
  | { readonly kind: 'date'; readonly notFuture?: boolean; readonly orWord?: Option }
  | { readonly kind: 'date-time'; readonly notFuture?: boolean }
  | { readonly kind: 'text'; readonly format?: 'nhs-number' | 'phone'; readonly multiline?: boolean }
  | { readonly kind: 'prose'; readonly lengthMax?: number }
  | { readonly kind: 'person' }
  | { readonly kind: 'rows'; readonly columns: readonly Column[]; readonly rowNoun: string; readonly rowsMin?: number };

/**
 * When a field must be answered. `sign-off` may carry a condition on another field's value (any section), and may name
 * a field whose answer serves as well (`instead`): a preferred place, or the reason why there is none.
 */
export type Requirement =
  | { readonly when: 'creation' }
  | { readonly when: 'required' }
  | { readonly when: 'sign-off'; readonly only?: Condition; readonly instead?: string }
  | { readonly when: 'optional' };

/** Holds when the named field has an answer (a reason for having none is no answer) and, if `in` is given, its choice is one of these. `blank: true` holds when nothing at all is recorded. */
export interface Condition {
  readonly field: string;
  readonly in?: readonly string[];
  readonly blank?: boolean;
}

export interface Field {
  readonly id: string;
  readonly label: string;
  /** One plain-English sentence under the label. */
  readonly hint: string;
  /** What to ask when it is missing and needed: "where would they like to be?" */
  readonly ask?: string;
  readonly of: FieldKind;
  readonly merge: MergeClass;
  /** A contradiction or a lost row here could hurt somebody. */
  readonly safetyCritical: boolean;
  readonly requirement: Requirement;
  readonly recordedBy: readonly WriterGroup[];
  /** FHIR R4 element the value goes to: "Patient.birthDate". */
  readonly fhir?: string;
  readonly code?: Code;
  /** Items of the 2015 national standard (SCCI1580) that this field covers. */
  readonly items1580?: readonly number[];
  /** Set when the plan is made and corrected only by an act of its own, with a reason: who the person is registered as. */
  readonly fixed?: boolean;
  /** Shown as dots until somebody asks to see it; the asking is recorded. */
  readonly masked?: boolean;
}

export type HeadingId =
  | 'identity' | 'home' | 'communication' | 'consent' | 'people' | 'team' | 'clinical' | 'status'
  | 'wishes' | 'emergency' | 'legal' | 'medicines' | 'support' | 'handover' | 'mdt' | 'death';

export interface Heading {
  readonly id: HeadingId;
  readonly title: string;
}

/** The unit of permission: one Y.Doc. Whoever may write one field may write all of it. */
export interface Section {
  readonly id: string;
  readonly heading: HeadingId;
  readonly title: string;
  readonly writers: readonly WriterGroup[];
  readonly readers: readonly Role[];
  /** Readers are fewer than the care team. */
  readonly restricted: boolean;
  readonly fields: readonly Field[];
}

/* --- values, as stored in the document and in canonical JSON --- */

/** A plain code, or an object when a note or a date goes with it. */
export type ChoiceValue = string | { readonly code: string; readonly note?: string; readonly date?: string };
export interface PersonValue {
  readonly name: string;
  readonly personId?: string;
  readonly role?: string;
  readonly organisation?: string;
  readonly phone?: string;
  readonly registration?: string;
}
export interface OrganisationValue {
  readonly id: string;
  readonly name: string;
}
/** Stands in for any answer that sign-off needs, so that nobody invents data to get past it. */
export interface NotDiscussed {
  readonly notDiscussed: string;
}
export interface ProseMark {
  readonly type: 'bold' | 'italic';
  readonly from: number;
  readonly to: number;
}
export interface ProseBlock {
  readonly type: 'paragraph' | 'bulletItem' | 'orderedItem';
  readonly text: string;
  /** Nesting of list items, 0 at the outside; left out when 0. */
  readonly depth?: number;
  readonly marks?: readonly ProseMark[];
}
export interface Row {
  readonly id: string;
  readonly [column: string]: unknown;
}
