/** The content standard as a whole: headings, sections and fields in the order people read them, and how to find one. */
import { clinical } from './clinical.ts';
import { communication } from './communication.ts';
import { consent } from './consent.ts';
import { death } from './death.ts';
import { emergency } from './emergency.ts';
import { handover } from './handover.ts';
import { home } from './home.ts';
import { identity } from './identity.ts';
import type { Field, Heading, Section } from './kinds.ts';
import { legal } from './legal.ts';
import { mdt } from './mdt.ts';
import { medicines } from './medicines.ts';
import { people } from './people.ts';
import { status } from './status.ts';
import { support } from './support.ts';
import { team } from './team.ts';
import { wishes } from './wishes.ts';

export const headings: readonly Heading[] = [
  { id: 'identity', title: 'Person' },
  { id: 'home', title: 'Home, access and safety' },
  { id: 'communication', title: 'Communication and adjustments' },
  { id: 'consent', title: 'Consent and sharing' },
  { id: 'people', title: 'Family, carers and others' },
  { id: 'team', title: 'Professionals involved' },
  { id: 'clinical', title: 'Diagnoses, allergies, alerts' },
  { id: 'status', title: 'Stage, prognosis and measures' },
  { id: 'wishes', title: 'What matters and preferences' },
  { id: 'emergency', title: 'Resuscitation and escalation' },
  { id: 'legal', title: 'Capacity and legal' },
  { id: 'medicines', title: 'Medicines' },
  { id: 'support', title: 'Social care, equipment, funding' },
  { id: 'handover', title: 'Out-of-hours and urgent care' },
  { id: 'mdt', title: 'Team review and sign-off' },
  { id: 'death', title: 'Death and bereavement' },
];

/** Every section, in reading order. */
export const sections: readonly Section[] = [
  ...identity, ...home, ...communication, ...consent, ...people, ...team, ...clinical, ...status,
  ...wishes, ...emergency, ...legal, ...medicines, ...support, ...handover, ...mdt, ...death,
];

const sectionsById = new Map(sections.map((section) => [section.id, section]));
const fieldsById = new Map(sections.flatMap((section) => section.fields.map((field) => [field.id, field] as const)));
const sectionsByField = new Map(sections.flatMap((section) => section.fields.map((field) => [field.id, section] as const)));

export const sectionById = (id: string): Section | undefined => sectionsById.get(id);
/** Field ids are unique in the whole standard, so no section is needed to find one. */
export const fieldById = (id: string): Field | undefined => fieldsById.get(id);
export const sectionOfField = (fieldId: string): Section | undefined => sectionsByField.get(fieldId);
