/** Short constructors, so that an entry of the content standard reads as one row of a table. */
import type { Role, WriterGroup } from '../domain/roles.ts';
import type { Code, Column, ColumnKind, Condition, Field, FieldKind, HeadingId, MergeClass, Option, Requirement, Section, ValueSet } from './kinds.ts';

/* --- who --- */
export const GP = 'gp', NURSE = 'community-nurse', HOSPICE = 'hospice-clinician', SOCIAL = 'social-worker', HOME = 'care-home-nurse', COORDINATOR = 'coordinator', SENIOR = 'senior-clinician';
/** Everyone at the table: what the standard calls "any", "all" or "the MDT". */
export const careTeam = [GP, NURSE, HOSPICE, SOCIAL, HOME, COORDINATOR] as const satisfies readonly Role[];
/** Urgent care reads too, but only what was signed. */
export const everyReader: readonly Role[] = [...careTeam, 'urgent-care'];

/* --- what kind of answer --- */
/** One answer of a set. Every list also takes a note in the writer's own words; a date goes with it where asked for. */
export const oneOf = (valueSet: ValueSet, ...companions: readonly ('note' | 'date')[]): FieldKind =>
  ({ kind: 'choice', valueSet, companions: companions.length > 0 ? companions : ['note'] });
export const manyOf = (valueSet: ValueSet): FieldKind => ({ kind: 'choices', valueSet });
export const yesNo: FieldKind = { kind: 'yes-no' };
export const date: FieldKind = { kind: 'date' };
export const pastDate: FieldKind = { kind: 'date', notFuture: true };
export const dateOr = (orWord: Option): FieldKind => ({ kind: 'date', orWord });
export const pastMoment: FieldKind = { kind: 'date-time', notFuture: true };
export const line: FieldKind = { kind: 'text' };
export const lines: FieldKind = { kind: 'text', multiline: true };
export const nhsNumberText: FieldKind = { kind: 'text', format: 'nhs-number' };
export const prose: FieldKind = { kind: 'prose' };
export const proseUpTo = (lengthMax: number): FieldKind => ({ kind: 'prose', lengthMax });
export const person: FieldKind = { kind: 'person' };
export const rows = (rowNoun: string, ...columns: readonly Column[]): FieldKind => ({ kind: 'rows', rowNoun, columns });
export const rowsAtLeast = (rowsMin: number, rowNoun: string, ...columns: readonly Column[]): FieldKind => ({ kind: 'rows', rowNoun, columns, rowsMin });

/* --- columns of a row; a name ending in `!` is needed before sign-off --- */
const column = (name: string, label: string, of: ColumnKind): Column =>
  name.endsWith('!') ? { id: name.slice(0, -1), label, of, needed: true } : { id: name, label, of };
export const choiceColumn = (name: string, label: string, valueSet: ValueSet): Column => column(name, label, { kind: 'choice', valueSet });
export const textColumn = (name: string, label: string): Column => column(name, label, { kind: 'text' });
export const noteColumn = (name = 'note', label = 'Note'): Column => column(name, label, { kind: 'text', multiline: true });
export const dateColumn = (name: string, label: string): Column => column(name, label, { kind: 'date' });
export const yesNoColumn = (name: string, label: string): Column => column(name, label, { kind: 'yes-no' });
export const organisationColumn = (name: string, label: string): Column => column(name, label, { kind: 'organisation' });
export const retiredColumn = (name: string, label: string): Column => ({ ...textColumn(name, label), retired: true });
export const personColumn = (name: string, label: string): Column => column(name, label, { kind: 'person' });

/* --- when it must be answered --- */
export const creation: Requirement = { when: 'creation' };
export const required: Requirement = { when: 'required' };
export const optional: Requirement = { when: 'optional' };
export const signOff: Requirement = { when: 'sign-off' };
export const signOffIf = (only: Condition): Requirement => ({ when: 'sign-off', only });
/** Needed before sign-off unless the other field says why there is no answer. */
export const signOffUnless = (instead: string): Requirement => ({ when: 'sign-off', instead });
export const answered = (field: string, ...values: readonly string[]): Condition => (values.length > 0 ? { field, in: values } : { field });
export const blank = (field: string): Condition => ({ field, blank: true });

/* --- the entry --- */
export const sct = (code: string): Code => ({ system: 'http://snomed.info/sct', code });

export interface EntryExtras {
  readonly ask?: string;
  readonly fhir?: string;
  readonly code?: Code;
  /** Items of the 2015 national standard. */
  readonly items?: readonly number[];
  readonly fixed?: boolean;
  readonly masked?: boolean;
  /** Set for rows and prose that could hurt somebody; exclusive values always can. */
  readonly safetyCritical?: boolean;
}

/** One field. Exclusive values (`X`) are safety-critical by definition. */
export function entry(
  id: string, label: string, hint: string, of: FieldKind, merge: MergeClass, requirement: Requirement,
  recordedBy: readonly WriterGroup[], extras: EntryExtras = {},
): Field {
  const { items, safetyCritical, ...others } = extras;
  return {
    id, label, hint, of, merge, requirement, recordedBy,
    safetyCritical: safetyCritical ?? merge === 'X',
    ...others,
    ...(items ? { items1580: items } : {}),
  };
}

/** A section that the whole care team, and urgent care once signed, may read. */
export const section = (id: string, heading: HeadingId, title: string, writers: readonly WriterGroup[], fields: readonly Field[]): Section =>
  ({ id, heading, title, writers, readers: everyReader, restricted: false, fields });

/** A section that fewer people may read. */
export const restrictedSection = (
  id: string, heading: HeadingId, title: string, writers: readonly WriterGroup[], readers: readonly Role[], fields: readonly Field[],
): Section => ({ id, heading, title, writers, readers, restricted: true, fields });
