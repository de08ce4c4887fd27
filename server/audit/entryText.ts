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

const word = '"([\\w:.-]*)"';
/** Members in the order of their spelling, each value one that needs no escape; `ref` is looked at by itself. */
const plainly = new RegExp(
  `^\\{"action":${word},"actor":\\{"id":${word}(?:,"org":${word})?(?:,"role":${word})?\\},"at":${word}(?:,"blind":${word})?,"outcome":"(done|refused)"(?:,"plan":${word})?,"prev":(?:null|${word})`
  + `(?:,"purpose":"(${purposes.join('|')})")?(?:,"reason":${word})?(?:,"ref":(\\{[^{}\\\\]*\\}))?(?:,"section":${word})?,"seq":([1-9]\\d{0,14}),"stream":${word},"v":1\\}$`);

/** Undefined means "not plainly": the thorough reading decides. */
function readPlainly(text: string): AuditEntry | undefined {
  const found = plainly.exec(text);
  if (!found) return undefined;
  const [, action = '', id = '', org, role, at = '', blind, outcome, plan, prev, purpose, reason, refText, section, seq, stream = ''] = found;
  const ref = refText === undefined ? undefined : readRef(refText);
  if (ref === 'unclear') return undefined;
  return {
    v: 1, stream, seq: Number(seq), at, actor: { id, ...(role === undefined ? {} : { role }), ...(org === undefined ? {} : { org }) }, action,
    ...(blind === undefined ? {} : { blind }), ...(plan === undefined ? {} : { plan }), ...(purpose === undefined ? {} : { purpose: purpose as Purpose }), ...(section === undefined ? {} : { section }),
    outcome: outcome as AuditEntry['outcome'], ...(reason === undefined ? {} : { reason }), ...(ref === undefined ? {} : { ref }), prev: prev ?? null,
  };
}

type Ref = NonNullable<AuditEntry['ref']>;

/** One member of a `ref` that is spelled plainly: a string without escapes, or a whole number. */
const member = /[{,]"([a-zA-Z]+)":(?:"([^"\\\p{Cc}\p{Surrogate}]*)"|(0|-?[1-9]\d{0,14}))/uy;

/** Strings without escapes and whole numbers under keys in order, or 'unclear'. */
function readRef(text: string): Ref | 'unclear' {
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
