/** Holds every piece of an update against its place: what the content standard lets stand there, whether it will ever show or not. */
import type { Field, Section } from '../../shared/content/kinds.ts';
import { checkText } from '../../shared/content/checkText.ts';
import { fieldsRoot, rootName } from '../../shared/crdt/sectionDocument.ts';
import { limits } from '../../shared/limits.ts';
import type { Brought, Claim, Place } from './claim.ts';
import type { Container } from './places.ts';
import { attributeAllowed, isBlockName, mayHold, treeDepthMax } from './proseShape.ts';
import { exclusiveFault, fault, ordinaryFault, rowFault, serviceOnly, unknownField, wrong, type Fault } from './fieldFaults.ts';

/** What decides what may be written. */
export interface Rules {
  readonly section: Section;
  readonly isService: boolean;
  /** YYYY-MM-DD. */
  readonly today: string;
}

interface FieldIndex {
  readonly byId: ReadonlyMap<string, Field>;
  readonly byRoot: ReadonlyMap<string, Field>;
}
const indexes = new WeakMap<Section, FieldIndex>();
function indexOf(section: Section): FieldIndex {
  let index = indexes.get(section);
  if (!index) {
    const own = section.fields.filter((field) => field.merge !== 'L' && field.merge !== 'A');
    index = { byId: new Map(section.fields.map((field) => [field.id, field])), byRoot: new Map(own.map((field) => [rootName(field), field])) };
    indexes.set(section, index);
  }
  return index;
}

export const isRootOf = (section: Section, name: string): boolean => name === fieldsRoot || indexOf(section).byRoot.has(name);

/** The field of a place that this writer may write, or why they may not. */
export function fieldAt({ section, isService }: Rules, { root, key }: Place): Field | Fault {
  const { byId, byRoot } = indexOf(section);
  if (root === fieldsRoot) {
    const field = key === null ? undefined : byId.get(key);
    if (!field || field.merge === 'X') return unknownField();
    return (field.merge === 'A' || field.fixed) && !isService ? serviceOnly(field) : field;
  }
  const field = byRoot.get(root);
  if (!field) return unknownField();
  return field.fixed && !isService ? serviceOnly(field) : field;
}

/** The fields that the update touches, or the first thing in it that does not belong where it is put. */
export function place(rules: Rules, claim: Claim): readonly Field[] | Fault {
  const fields = new Set<Field>();
  for (const each of claim.places.values()) {
    const field = fieldAt(rules, each);
    if (!('of' in field)) return field;
    fields.add(field);
  }
  for (const each of claim.brought) {
    const found = each.container && placeFault(rules, each, each.container);
    if (found) return found;
  }
  return [...fields];
}

function placeFault(rules: Rules, brought: Brought, container: Container): Fault | undefined {
  const field = fieldAt(rules, { root: container.root, key: container.root === fieldsRoot && container.depth === 0 ? brought.key : container.key });
  if (!('of' in field)) return field;
  const { content } = brought.struct;
  if (container.root === fieldsRoot) {
    if (container.depth > 0) return wrong(field);
    return content.kind === 'deleted' ? undefined : valuesFault(content, field, (value) => ordinaryFault(rules.today, field, value));
  }
  switch (field.merge) {
    case 'X':
      if (container.depth > 0 || brought.key !== null) return wrong(field);
      return content.kind === 'deleted' ? undefined : valuesFault(content, field, (value) => exclusiveFault(rules.today, field, value));
    case 'G':
      return rowsFault(field, brought, container);
    case 'T':
      return proseFault(field, brought, container);
    case 'L': case 'A':
      return unknownField();
  }
}

function valuesFault(content: Brought['struct']['content'], field: Field, check: (value: unknown) => Fault | undefined): Fault | undefined {
  if (content.kind !== 'values') return wrong(field);
  for (const value of content.values) {
    const found = check(value);
    if (found) return found;
  }
  return undefined;
}

const rowIdPattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const forbiddenRowIds: ReadonlySet<string> = new Set(['constructor', 'prototype']);

function rowsFault(field: Field, { struct: { content }, key }: Brought, container: Container): Fault | undefined {
  if (container.depth === 0) {
    if (key === null || !rowIdPattern.test(key) || forbiddenRowIds.has(key)) return wrong(field);
    return content.kind === 'deleted' || (content.kind === 'type' && content.type === 'array') ? undefined : wrong(field);
  }
  if (container.depth > 1 || container.kind !== 'array' || key !== null) return wrong(field);
  return content.kind === 'deleted' ? undefined : valuesFault(content, field, (value) => rowFault(field, container.key ?? '', value));
}

function proseFault(field: Field, { struct: { content }, key }: Brought, container: Container): Fault | undefined {
  if (key !== null) {
    if (container.kind !== 'element') return wrong(field);
    return content.kind === 'deleted' ? undefined : valuesFault(content, field, (value) => (attributeAllowed(container.name, key, value) ? undefined : wrong(field)));
  }
  switch (content.kind) {
    case 'deleted': case 'gc': case 'skip':
      return undefined;
    case 'text':
      return container.kind === 'text' ? letterFault(field, content.text) : wrong(field);
    case 'mark':
      return container.kind === 'text' && markAllowed(content.mark, content.value) ? undefined : wrong(field);
    case 'type':
      if (!mayHold(container, content.type === 'text' ? '' : content.name)) return wrong(field);
      if (content.type === 'array' || (content.type === 'element' && !isBlockName(content.name))) return wrong(field);
      return container.depth + 1 > treeDepthMax && content.type === 'element' ? fault('over-limit', `“${field.label}”: lists can be nested ${limits.listDepthMax} deep.`) : undefined;
    case 'values':
      return wrong(field);
  }
}

/** Editors write a mark as `{}`, some as `true`; `null` ends it. */
const markAllowed = (mark: string, value: string): boolean => (mark === 'bold' || mark === 'italic') && (value === '{}' || value === 'true' || value === 'null');

/** What stands for a character that was lost on the way, half of one for instance. */
const lostCharacter = '\uFFFD';

function letterFault(field: Field, text: string): Fault | undefined {
  const sentence = text.includes(lostCharacter) ? 'the text holds a character that was lost on the way (\uFFFD).' : checkText(text, Number.POSITIVE_INFINITY, true);
  return sentence === undefined ? undefined : fault('invalid', `${field.label}: ${sentence}`);
}
