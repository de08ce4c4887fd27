/** Reads an entry's text back, and is sure that it is spelled as we spell: chains are long, so what is plainly right is seen quickly. */
import { auditEntry, purposes, spellEntry, type AuditEntry } from '../../shared/domain/audit.ts';
import { NotCanonical } from '../../shared/domain/canonical.ts';

/** The entry, or undefined when the text is not exactly how we would have written one. */
export function readEntry(text: string): AuditEntry | undefined {
  try {
    const found: unknown = JSON.parse(text);
    // An escape of half a character reads well and is spelled by nobody.
    if (isPlainly(found) && !text.includes('\\ud') && JSON.stringify(found) === text) return found;
    const parsed = auditEntry.safeParse(found);
    return parsed.success && spellEntry(parsed.data) === text ? parsed.data : undefined;
  } catch (error) {
    // No JSON, or JSON that has no agreed spelling: nothing of ours.
    if (error instanceof SyntaxError || error instanceof NotCanonical) return undefined;
    throw error;
  }
}

type Check = (value: unknown) => boolean;
const isText: Check = (value) => typeof value === 'string';
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 1;
const isPurpose: Check = (value) => (purposes as readonly unknown[]).includes(value);
const isOutcome: Check = (value) => value === 'done' || value === 'refused';
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Members in the order of their spelling, and whether an entry can be without. */
const members: readonly (readonly [name: string, check: Check, needed: boolean])[] = [
  ['action', isText, true], ['actor', isActor, true], ['at', isText, true], ['outcome', isOutcome, true], ['plan', isText, false], ['prev', (value) => value === null || isText(value), true],
  ['purpose', isPurpose, false], ['reason', isText, false], ['ref', isRef, false], ['section', isText, false], ['seq', isCount, true], ['stream', isText, true], ['v', (value) => value === 1, true],
];
const actorMembers: typeof members = [['id', isText, true], ['org', isText, false], ['role', isText, false]];

function isPlainly(value: unknown): value is AuditEntry {
  return inOrder(value, members);
}
function isActor(value: unknown): boolean {
  return inOrder(value, actorMembers);
}

function isRef(value: unknown): boolean {
  if (!isObject(value)) return false;
  let before = '';
  for (const key in value) {
    const part = value[key];
    if (key <= before || key === '__proto__') return false;
    if (typeof part !== 'string' && !(typeof part === 'number' && Math.abs(part) <= Number.MAX_SAFE_INTEGER)) return false;
    before = key;
  }
  return true;
}

/** False means "not plainly": the thorough reading decides. */
function inOrder(value: unknown, known: typeof members): boolean {
  if (!isObject(value)) return false;
  let at = 0;
  for (const key in value) {
    for (; at < known.length && known[at]?.[0] !== key; at += 1) if (known[at]?.[2]) return false;
    const [, check] = known[at] ?? [];
    if (!check?.(value[key])) return false;
    at += 1;
  }
  for (; at < known.length; at += 1) if (known[at]?.[2]) return false;
  return true;
}
