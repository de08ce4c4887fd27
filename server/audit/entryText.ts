/** Reads an entry's text back, and is sure that it is spelled as we spell: chains are long, so what is plainly ours is seen quickly. */
import { auditEntry, purposes, spellEntry, type AuditEntry, type Purpose } from '../../shared/domain/audit.ts';
import { NotCanonical } from '../../shared/domain/canonical.ts';

/** The entry, or undefined when the text is not exactly how we would have written one. */
export const readEntry = (text: string): AuditEntry | undefined => readPlainly(text) ?? readThoroughly(text);

function readThoroughly(text: string): AuditEntry | undefined {
  try {
    const parsed = auditEntry.safeParse(JSON.parse(text));
    return parsed.success && spellEntry(parsed.data) === text ? parsed.data : undefined;
  } catch (error) {
    // No JSON, or JSON that has no agreed spelling: nothing of ours.
    if (error instanceof SyntaxError || error instanceof NotCanonical) return undefined;
    throw error;
  }
}

const word = '[\\w:.-]*';
const whole = '0|[1-9]\\d{0,14}';
const anyRef = '\\{[^{}\\\\]*\\}';
/** What most entries are of: edits, which name their rows. */
const editRef = (take: (value: string) => string): string => `\\{"from":${take(whole)},"rows":"${take('[0-9a-f]{64}')}","to":${take(whole)}\\}`;

/** Members in the order of their spelling, each value one that needs no escape. The values of those that are `wanted` are taken out. */
function spelledPlainly(wanted: readonly string[], ref: string): RegExp {
  const of = (member: string, value = word): string => (wanted.includes(member) ? `"(${value})"` : `"(?:${value})"`);
  const perhaps = (member: string, value?: string): string => `(?:,"${member}":${of(member, value)})?`;
  return new RegExp(
    `^\\{"action":${of('action')},"actor":\\{"id":${of('id')}${perhaps('org')}${perhaps('role')}\\},"at":${of('at')}${perhaps('blind')},"outcome":${of('outcome', 'done|refused')}${perhaps('plan')}`
    + `,"prev":(?:null|${of('prev')})${perhaps('purpose', purposes.join('|'))}${perhaps('reason')}(?:,"ref":${ref})?${perhaps('section')},"seq":([1-9]\\d{0,14}),"stream":${of('stream')},"v":1\\}$`);
}
const plainly = spelledPlainly(['action', 'id', 'org', 'role', 'at', 'blind', 'outcome', 'plan', 'prev', 'purpose', 'reason', 'section', 'stream'], `(${anyRef})`);
const placedPlainly = spelledPlainly(['plan', 'prev', 'stream'], `(?:${editRef((value) => `(?:${value})`)}|(${anyRef}))`);
const ofAnEdit = new RegExp(`^${editRef((value) => `(${value})`)}$`);

export type EntryPlace = Pick<AuditEntry, 'stream' | 'seq' | 'plan' | 'prev'>;

/** Where the entry stands, with the same certainty as `readEntry` and in half the time: most of a walk wants no more. */
export function readPlace(text: string): EntryPlace | undefined {
  const found = placedPlainly.exec(text);
  if (!found) return readThoroughly(text);
  const [, plan, prev, ref, seq, stream = ''] = found;
  if (ref !== undefined && readRef(ref) === 'unclear') return readThoroughly(text);
  return { stream, seq: Number(seq), prev: prev ?? null, plan };
}

/** Undefined means "not plainly": the thorough reading decides. */
function readPlainly(text: string): AuditEntry | undefined {
  const found = plainly.exec(text);
  if (!found) return undefined;
  const [, action = '', id = '', org, role, at = '', blind, outcome, plan, prev, purpose, reason, refText, section, seq, stream = ''] = found;
  const ref = refText === undefined ? undefined : readRef(refText);
  if (ref === 'unclear') return undefined;
  // Member by member: this is done for every entry of a walk, and putting objects together from parts takes three times as long.
  const actor: AuditEntry['actor'] = { id };
  if (role !== undefined) actor.role = role;
  if (org !== undefined) actor.org = org;
  const entry: AuditEntry = { v: 1, stream, seq: Number(seq), at, actor, action, outcome: outcome as AuditEntry['outcome'], prev: prev ?? null };
  if (blind !== undefined) entry.blind = blind;
  if (plan !== undefined) entry.plan = plan;
  if (purpose !== undefined) entry.purpose = purpose as Purpose;
  if (section !== undefined) entry.section = section;
  if (reason !== undefined) entry.reason = reason;
  if (ref !== undefined) entry.ref = ref;
  return entry;
}

type Ref = NonNullable<AuditEntry['ref']>;

/** One member of a `ref` that is spelled plainly: a string without escapes, or a whole number. */
const member = /[{,]"([a-zA-Z]+)":(?:"([^"\\\p{Cc}\p{Surrogate}]*)"|(0|-?[1-9]\d{0,14}))/uy;

/** Strings without escapes and whole numbers under keys in order, or 'unclear'. */
function readRef(text: string): Ref | 'unclear' {
  const edit = ofAnEdit.exec(text);
  if (edit) return { from: Number(edit[1]), rows: edit[2] as string, to: Number(edit[3]) };
  const ref: Record<string, string | number> = {};
  let before = '';
  let at = 0;
  while (at < text.length - 1) {
    member.lastIndex = at;
    const found = member.exec(text);
    // The first member begins with the brace, every other with a comma.
    if (!found || (text[at] === '{') !== (at === 0)) return 'unclear';
    const [whole, key = '', string, number] = found;
    if (key <= before) return 'unclear';
    ref[key] = string ?? Number(number);
    before = key;
    at += whole.length;
  }
  return at === text.length - 1 && at > 0 ? ref : 'unclear';
}
