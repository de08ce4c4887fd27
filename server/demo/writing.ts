/** Turns answers by field id into changes of section documents, and says which member of the team writes which section. */
import type * as Y from 'yjs';
import type { Field, HeadingId, ProseBlock, Row, Section } from '../../shared/content/kinds.ts';
import { fieldById, sectionOfField } from '../../shared/content/standard.ts';
import { isNotDiscussed } from '../../shared/content/values.ts';
import { newRowId, putRow, strikeRow, writeProse, writeValue } from '../../shared/crdt/sectionDocument.ts';
import { may } from '../../shared/domain/access.ts';
import type { PlanFacts } from '../../shared/domain/planFacts.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import type { Random } from '../ports.ts';
import type { Answers, DemoTeam } from './patient.ts';
import { people, type StaffKey } from './people.ts';

export type Change = (doc: Y.Doc) => void;
type TeamPlace = keyof DemoTeam | 'social';

/** Who usually writes under each heading; whoever comes first and may write the section does. */
const usualWriters: Readonly<Record<HeadingId, readonly TeamPlace[]>> = {
  identity: ['coordinator'], home: ['nurse', 'social'], communication: ['nurse', 'social'], consent: ['gp', 'nurse'], people: ['social', 'nurse'],
  team: ['coordinator', 'gp'], clinical: ['gp', 'hospice'], status: ['hospice', 'gp'], wishes: ['hospice', 'nurse', 'gp'], emergency: ['hospice', 'gp'],
  legal: ['gp', 'social'], medicines: ['gp', 'nurse'], support: ['social'], handover: ['gp', 'coordinator', 'nurse'], mdt: ['coordinator'], death: ['coordinator', 'nurse'],
};
const anyPlace: readonly TeamPlace[] = ['gp', 'hospice', 'nurse', 'social', 'coordinator', 'careHome'];

const keyAt = (team: DemoTeam, place: TeamPlace): StaffKey | undefined => (place === 'social' ? 'moss' : team[place]);

/** The standard's field, or the mistake in the demo data that names none. */
export function knownField(id: string): { readonly field: Field; readonly section: Section } {
  const field = fieldById(id);
  const section = sectionOfField(id);
  if (!field || !section) throw new Error(`The content standard has no field ${id}`);
  return { field, section };
}

/** Who of the team writes this section. A resuscitation recommendation is written by whoever made it. */
export function writerOf(section: Section, answers: Answers, team: DemoTeam, plan: PlanFacts, actors: ReadonlyMap<string, Actor>): Actor {
  const decider = section.id === 'resuscitation' ? (answers['cprDecisionMaker'] as { personId?: string } | undefined)?.personId : undefined;
  const usual = [...usualWriters[section.heading], ...anyPlace].flatMap((place) => {
    const key = keyAt(team, place);
    return key ? [people[key].id as string] : [];
  });
  for (const id of decider ? [decider, ...usual] : usual) {
    const actor = actors.get(id);
    if (actor && may(actor, 'edit-section', { kind: 'section', plan, section: section.id }).ok) return actor;
  }
  throw new Error(`Nobody on the team of ${plan.id} may write ${section.id}`);
}

/** One change for each section that the answers touch, in the standard's order of fields. */
export function changesBySection(answers: Answers, now: Date, random: Random): Map<string, { readonly section: Section; readonly change: Change }> {
  const grouped = new Map<string, { section: Section; written: { field: Field; value: unknown }[] }>();
  for (const [id, value] of Object.entries(answers)) {
    const { field, section } = knownField(id);
    const group = grouped.get(section.id) ?? { section, written: [] };
    group.written.push({ field, value });
    grouped.set(section.id, group);
  }
  return new Map([...grouped].map(([sectionId, { section, written }]) => [
    sectionId,
    { section, change: (doc) => written.forEach(({ field, value }) => writeAnswer(doc, field, value, now, random)) },
  ]));
}

function writeAnswer(doc: Y.Doc, field: Field, value: unknown, now: Date, random: Random): void {
  if (isNotDiscussed(value) || (field.merge !== 'T' && field.merge !== 'G')) return writeValue(doc, field, value);
  if (field.merge === 'T') return writeProse(doc, field, value as readonly ProseBlock[]);
  (value as readonly Partial<Row>[]).forEach((row, index) => {
    // Ids sort by time: a millisecond apart keeps the rows in the order in which they were written down.
    const id = row.id ?? newRowId(new Date(now.getTime() + index), random);
    if (row['removed'] === true) strikeRow(doc, field, id, String(row['reason']));
    else putRow(doc, field, { ...row, id });
  });
}
