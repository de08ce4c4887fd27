/** Words that stand nowhere else, planted in every section of a plan, and who may be sent each: asked of the one file that decides. */
import { randomBytes } from 'node:crypto';
import { sections } from '../../shared/content/standard.ts';
import type { Field, Section } from '../../shared/content/kinds.ts';
import { may } from '../../shared/domain/access.ts';
import type { PlanFacts } from '../../shared/domain/planFacts.ts';
import type { Actor } from '../../shared/domain/roles.ts';

export interface Canary {
  readonly word: string;
  readonly plan: PlanFacts;
  /** Where it stands; `undefined` for what everybody sees who sees that there is such a plan (the patient's name, the team). */
  readonly section: Section | undefined;
  /** In a signed version too, or in the draft only. */
  readonly signed: boolean;
}

/** The only place that asks who may be sent what. */
export function maySee(actor: Actor, { plan, section, signed }: Canary): boolean {
  const thing = { kind: 'plan', plan } as const;
  if (section === undefined) return may(actor, 'see-plan', thing).ok || (signed && (may(actor, 'read-urgent', thing).ok || may(actor, 'read-version', thing).ok));
  const part = { kind: 'section', plan, section: section.id } as const;
  return may(actor, 'view-section', part).ok || (signed && may(actor, 'read-signed-section', part).ok);
}

export const newWord = (): string => `qz${randomBytes(8).toString('hex')}zq`;

/** The field of the section that holds free words without making another answer wrong or needed. */
export function carrier(section: Section): Field {
  const fits = section.fields.filter((field) => !field.fixed && field.merge !== 'A');
  const found = [
    fits.find(({ merge }) => merge === 'T'), fits.find(({ merge, of }) => merge === 'L' && of.kind === 'text' && of.format === undefined),
    fits.find(({ merge, of }) => merge === 'L' && of.kind === 'choice'), fits.find(({ merge, of }) => merge === 'L' && of.kind === 'person'),
    fits.find(({ merge, of }) => merge === 'X' && of.kind === 'choice'), fits.find(({ merge, of }) => merge === 'X' && (of.kind === 'person' || (of.kind === 'text' && of.format === undefined))),
    fits.find(({ of }) => of.kind === 'rows' && of.columns.some((column) => column.of.kind === 'text')),
  ].find((field) => field !== undefined);
  if (!found) throw new Error(`${section.id} has no place for words`);
  return found;
}

/** A value of the field that holds the word. */
export function valueWith(field: Field, word: string, day: string): unknown {
  const { of: kind } = field;
  switch (kind.kind) {
    case 'prose': return [{ type: 'paragraph', text: word }];
    case 'text': return word;
    case 'choice': return { code: kind.valueSet.options[0]?.value, note: word };
    case 'person': return { name: word };
    // A limit that takes effect: somebody of the team may not see one part, nor the limit.
    case 'rows': if (field.id === 'sharingLimits') return [{ id: 'canary', role: 'social-worker', section: 'situation', because: word }];
      return [{ id: 'canary', ...Object.fromEntries(kind.columns.flatMap((column): [string, unknown][] => {
      if (column.of.kind === 'text') return [[column.id, word]];
      if (!column.needed) return [];
      return [[column.id, column.of.kind === 'choice' ? column.of.valueSet.options[0]?.value : day]];
    })) }];
    default: throw new Error(`${field.id} holds no words`);
  }
}

/** Every section with the word that is put into it. */
export const wordsForSections = (): ReadonlyMap<Section, string> => new Map(sections.map((section) => [section, newWord()]));
export const valuesOf = (words: ReadonlyMap<Section, string>, day: string): Readonly<Record<string, unknown>> =>
  Object.fromEntries([...words].map(([section, word]) => [carrier(section).id, valueWith(carrier(section), word, day)]));

export interface Finding {
  readonly who: string;
  readonly where: string;
  readonly word: string;
}
/** Every canary in these bytes that `may` says this person may not be sent. */
export function leaks(who: string, actor: Actor, received: string, canaries: readonly Canary[], may: (actor: Actor, canary: Canary) => boolean = maySee): Finding[] {
  return canaries.filter((canary) => received.includes(canary.word) && !may(actor, canary)).map(({ word, section, plan }) => ({ who, where: `${plan.id} ${section?.id ?? 'name'}`, word }));
}
