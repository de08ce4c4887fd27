/** An audit entry as a plain sentence. */
import { fieldById, sectionById } from '../../shared/content/standard.ts';
import type { Section } from '../../shared/content/kinds.ts';
import type { AuditEntry } from '../../shared/domain/audit.ts';
import { formatDateTime, isInstant } from '../../shared/domain/dates.ts';
import { keySafeSection } from '../../shared/domain/access.ts';

type Ref = NonNullable<AuditEntry['ref']>;
interface Told {
  readonly where: string;
  readonly ref: Ref;
  readonly name: (id: string) => string;
  /** Whether the reader may be told that it was about the key-safe. */
  readonly keySafe: boolean;
}

const word = (ref: Ref, key: string): string => String(ref[key] ?? '?');
const momentIn = ({ until }: Ref): string => (isInstant(until) ? formatDateTime(until) : '?');
const version = ({ ref }: Told): string => `version ${word(ref, 'version')}`;
const changes = ({ ref }: Told): string => (ref['from'] === undefined || ref['from'] === ref['to'] ? '' : ` (log ${word(ref, 'from')} to ${word(ref, 'to')})`);

/** Field ids with blanks between them, as the labels people know. */
const fieldLabels = (ids: string): string => ids.split(' ').map((id) => fieldById(id)?.label.toLowerCase() ?? id).join(', ');

const kindWords: Readonly<Record<string, string>> = { member: 'named on the care team', own: 'it is theirs, or they act for the person', inspection: 'to inspect it' };

/** What was done; the name goes before it. */
const done: Readonly<Record<string, (told: Told) => string>> = {
  'create-plan': () => 'began this plan',
  'open-plan': ({ ref, keySafe }) => (keySafe && ref['with'] === 'key-safe' ? 'opened the plan live, the key-safe with it' : 'opened the plan'),
  'edit': (told) => `wrote in ${told.where}${changes(told)}`,
  'review-plan': () => 'read the plan for sign-off',
  'sign-version': (told) => `signed ${version(told)}`,
  'read-version': (told) => `read ${version(told)}`,
  'urgent-read': (told) => `read ${version(told)} in urgent care`,
  'compare-versions': ({ ref }) => `compared version ${word(ref, 'from')} with ${ref['to'] === 'draft' ? 'the draft' : `version ${word(ref, 'to')}`}`,
  'add-to-team': ({ ref, name }) => `brought ${name(word(ref, 'organisation'))} to the care team`,
  'remove-from-team': ({ ref, name }) => `ended the access of ${name(word(ref, 'organisation'))}`,
  'add-person': ({ ref, name }) => `gave ${name(word(ref, 'person'))} access to the plan (${kindWords[word(ref, 'kind')] ?? word(ref, 'kind')})`,
  'remove-person': ({ ref, name }) => `ended the access of ${name(word(ref, 'person'))}`,
  'correct-identity': ({ ref }) => `corrected the registered identity: ${fieldLabels(word(ref, 'fields'))}`,
  'take-offline': () => 'took the plan offline for a visit',
  'unlock-offline': ({ ref }) => `was given the key to ${ref['for'] === 'words' ? 'what they wrote in an offline copy' : 'an offline copy of the plan'}`,
  'hand-back-offline': () => 'handed an offline copy of the plan back',
  'read-audit': () => 'read the audit trail of a plan',
  'read-looked': () => 'looked up who has looked at a plan',
  'export-audit': () => 'exported the audit trail of a plan',
  'print': (told) => (told.ref['what'] === 'signed-version' ? `printed ${version(told)} of the plan` : 'printed who has looked at the plan'),
  'list-plans': ({ ref }) => `read a list of ${word(ref, 'found')} plans`,
  'search-plans': ({ ref }) => `searched for people and was shown ${word(ref, 'found')} plans`,
  'sign-in': () => 'signed in',
  'sign-out': () => 'signed out',
  'sign-in-afresh': () => 'proved anew who they are',
  'provider-sign-out': () => 'was signed out by the provider of their sign-in',
  'lock': () => 'locked their session',
  'unlock': () => 'unlocked their session',
  'change-role': () => 'changed to another role of theirs',
  'end-session': () => 'ended a session of theirs elsewhere',
  'erase-name': ({ ref, name }) => `erased the name of ${name(word(ref, 'person'))}`,
  'retire-key': ({ ref }) => `retired the key ${word(ref, 'key').slice(0, 8)}`,
  'oversee-access': () => 'read the overview of unusual access',
  'break-glass': ({ ref }) => `broke the glass: opened the plan in an emergency until ${momentIn(ref)}`,
  'end-break-glass': () => 'ended their emergency access',
  'review-break-glass': ({ ref }) => `closed the review of an emergency access as ${word(ref, 'outcome').replaceAll('-', ' ')}`,
  'reveal-key-safe': ({ ref, keySafe }) => `was shown ${keySafe ? 'the code of the key-safe' : 'a restricted section'}${ref['version'] === undefined ? '' : ` in version ${word(ref, 'version')}`}`,
  'read-history': ({ where }) => `read the history of a field in ${where}`,
  'start-practice': ({ ref }) => `brought simulated colleagues in to practise (${word(ref, 'colleagues')})`,
  'end-practice': () => 'sent the simulated colleagues away',
  'read-minutes': () => 'read what the minutes of a meeting say about the plan',
  'read-meeting': () => 'read what a meeting’s page shows of the plan',
  'open-to-meeting': ({ ref, name }) => `opened the plan to people invited to a meeting: ${word(ref, 'people').split(' ').map(name).join(', ')}`,
  'close-to-meeting': ({ ref }) => `ended a meeting; its invited may see to the plan until ${momentIn(ref)}`,
  'discuss-in-meeting': () => 'had the plan discussed in a meeting',
  'record-decision': () => 'recorded a decision in a meeting',
  'record-action': () => 'recorded an action in a meeting',
};

/** What was tried and refused. */
const refused: Readonly<Record<string, (told: Told) => string>> = {
  'create-plan': () => 'was refused beginning another plan for the person',
  'edit': ({ where }) => `was refused a change in ${where}`,
  'open-plan': () => 'was refused the plan',
  'open-section': ({ where }) => `was refused ${where}`,
  'break-glass': () => 'was refused the plan in an emergency',
  'reveal-key-safe': ({ keySafe }) => `was refused ${keySafe ? 'the code of the key-safe' : 'a restricted section'}`,
  'read-draft': () => 'was refused the text of the plan',
  'review-plan': () => 'was refused the plan for sign-off',
  'take-offline': () => 'was refused taking the plan offline',
  'list-versions': () => 'was refused the list of versions',
  'read-version': () => 'was refused a signed version',
  'compare-versions': () => 'was refused a comparison of versions',
  'read-audit': () => 'was refused the audit trail of a plan',
  'read-looked': () => 'was refused who has looked at a plan',
  'export-audit': () => 'was refused an export of an audit trail',
  'print': () => 'was refused a print',
  'list-plans': () => 'was refused the caseload',
  'sign-in': () => 'could not be signed in',
  'sign-in-afresh': () => 'could not prove anew who they are',
  'unlock': () => 'could not unlock the session',
  'oversee-access': () => 'was refused the overview of unusual access',
  'read-history': ({ where }) => `was refused the history of a field in ${where}`,
  'add-to-team': () => 'was refused bringing an organisation to the care team',
  'add-person': () => 'was refused giving somebody access to the plan',
  'remove-person': () => 'was refused ending somebody’s access to the plan',
  'remove-from-team': () => 'was refused ending an organisation’s access',
  'sign-version': () => 'was refused a sign-off',
  'correct-identity': () => 'was refused a correction of the registered identity',
  'urgent-read': () => 'asked for the plan in urgent care and was shown nothing',
};

const reasons: Readonly<Record<string, string>> = {
  'not-found': 'there is no such thing for them',
  'not-shared': 'the person does not agree to sharing',
  'emergency': 'treating the person in an emergency',
  'out-of-hours': 'called out of hours',
  'covering': 'standing in for a colleague',
  'transferred': 'the person had just come to them',
  'safeguarding': 'to prevent serious harm',
  'not-allowed': 'the role may not do this',
  'changed-since-read': 'the plan had changed since it was read',
  'incomplete': 'the plan was not complete',
  'open-plan-exists': 'there is one already',
  'conflict': 'somebody else had done it first or the plan was closed',
  'never-signed': 'nothing was ever signed',
  'invalid': 'the values could not be accepted',
  'wrong-content': 'it was of a kind that does not belong there',
  'unknown-field': 'there is no such field',
  'service-only': 'only the service writes there',
  'over-limit': 'it was over a limit',
  'row-removed': 'rows are struck out, never removed',
  'answer-needed': 'a dispute is settled by an answer, never by taking one away',
  'malformed': 'it could not be read',
  'foreign-client': 'it was sent under somebody else’s mark',
  'gap': 'something before it was missing',
  'unknown': 'nobody of that name is known here',
  'no-role': 'they have no role here',
  'role-lost': 'they no longer have that role',
  'other-person': 'somebody else came back',
  'not-begun-here': 'it was not begun in this browser',
  'not-proved-afresh': 'they had not just proved who they are',
  'inconsistent': 'it would have done something else than it said',
};

/** Whether the reader may be told that something concerns the section: `knowsSection` of access, for one reader and plan. */
export type Knows = (section: Section) => boolean;

/** The section's title, "a restricted section" for a reader who may not know which, or nothing when the entry is about none. */
export function sectionFor(entry: AuditEntry, knows: Knows): { readonly id?: string; readonly where: string } {
  if (entry.section === undefined) return { where: 'the plan' };
  const section = sectionById(entry.section);
  if (section && !knows(section)) return { where: 'a restricted section' };
  return { id: entry.section, where: section ? `“${section.title}”` : entry.section };
}

const knowsKeySafe = (knows: Knows): boolean => knows(sectionById(keySafeSection) as Section);

/** The action and the further facts of an entry, for the reader: nothing of the key-safe where they do not know of it, and never the hash of what was written. */
export function shownFacts({ action, ref = {} }: AuditEntry, knows: Knows): { readonly action: string; readonly ref: Ref } {
  const { rows: _rows, with: alongside, ...shown } = ref;
  const keySafe = knowsKeySafe(knows);
  return { action: action === 'reveal-key-safe' && !keySafe ? 'open-section' : action, ref: { ...shown, ...(alongside === undefined || !keySafe ? {} : { with: alongside }) } };
}

/** One sentence without the time: "Samira Malik signed version 3." */
export const sentenceOf = (entry: AuditEntry, name: (id: string) => string, knows: Knows): string => `${name(entry.actor.id)} ${didOf(entry, name, knows)}.`;

/** What was done or refused, without who: "signed version 3". */
export function didOf(entry: AuditEntry, name: (id: string) => string, knows: Knows): string {
  const told: Told = { where: sectionFor(entry, knows).where, ref: entry.ref ?? {}, name, keySafe: knowsKeySafe(knows) };
  const plainly = entry.action.replaceAll('-', ' ');
  const tell = (entry.outcome === 'done' ? done : refused)[entry.action];
  const what = tell?.(told) ?? (entry.outcome === 'done' ? `${plainly} (${told.where})` : `was refused: ${plainly}`);
  const why = entry.reason === undefined ? '' : `: ${reasons[entry.reason] ?? entry.reason.replaceAll('-', ' ')}`;
  return `${what}${why}`;
}
