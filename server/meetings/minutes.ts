/** Minutes are computed from what was recorded; nobody types them up afterwards. */
import { fieldById } from '../../shared/content/standard.ts';
import { showValue } from '../../shared/content/show.ts';
import { choiceCode } from '../../shared/content/values.ts';
import type { PlanContent } from '../../shared/content/planContent.ts';
import { differences } from '../../shared/domain/differences.ts';
import { quorumOf } from '../../shared/domain/meetingQuorum.ts';
import { draftSections, onlySections } from '../../shared/domain/plan.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import { ok, type Result } from '../../shared/refusal.ts';
import type { Minutes } from '../../shared/wire/meetings.ts';
import { appendPlansAudit } from '../audit/chain.ts';
import { by } from '../audit/entries.ts';
import { readerOf } from '../plans/reader.ts';
import type { Database, PlanAuditEntry } from '../ports.ts';
import type { MeetingDeps } from './commands.ts';
import { directory, presentAction, presentAttendee, presentBrief, presentDecision, presentItem, reads, visibleItems } from './present.ts';
import { openMeeting, planFactsOf, type MeetingRecord } from './record.ts';
import { visitsOfMeeting, type ItemRow, type VisitRow } from './store.ts';

type PatientMinutes = Minutes['patients'][number];

/** Fields that the minutes tell in their own words, or that only say that the meeting took place. */
const toldElsewhere = new Set(['decisions', 'actions', 'meetingRef', 'attendance', 'recordCreated', 'lastAmended', 'consentTakenBy', 'signOff', 'signOffStatement']);

/**
 * The minutes as this reader may see them: patients hidden from them are left out, and so are changes in sections that they may not
 * read. Their reading is recorded with each plan shown. Refusal: `not-found`.
 */
export async function minutesOf(deps: Pick<MeetingDeps, 'db' | 'log' | 'text'>, actor: Actor, meetingId: string): Promise<Result<Minutes>> {
  const opened = await openMeeting(deps.db, actor, meetingId);
  if (!opened.ok) return opened;
  const record = opened.value;
  const { meeting, people } = record;
  await recordShown(deps.db, record, actor, 'read-minutes');
  const visits = await visitsOfMeeting(deps.db, meeting.id);
  const patients: PatientMinutes[] = [];
  for (const [index, item] of visibleItems(record, actor).entries()) {
    const mine = visits.filter(({ itemId }) => itemId === item.id);
    patients.push(await minutesOfPatient(deps, actor, record, item, index + 1, mine));
  }
  const came = people.filter(({ arrivedAt }) => arrivedAt !== null);
  const stages = patients.flatMap(({ stageBefore, stageAfter, item }) => (item.status === 'done' || item.status === 'now' ? [stageBefore, stageAfter] : []));
  const quorum = quorumOf(came, stages);
  return ok({
    meeting: presentBrief(record, actor), startedAt: meeting.startedAt?.toISOString() ?? null, endedAt: meeting.endedAt?.toISOString() ?? null,
    present: came.map(presentAttendee), apologies: people.filter(({ apologies, arrivedAt }) => apologies && arrivedAt === null).map(presentAttendee),
    quorum: { met: quorum.met, missing: [...quorum.missing] }, patients,
  });
}

/** Records the reading with every plan that this reader is shown something of: what cannot be recorded is not shown. */
export async function recordShown(db: Database, record: MeetingRecord, reader: Actor, action: 'read-minutes' | 'read-meeting'): Promise<void> {
  const entryOf = ({ plan }: ItemRow): PlanAuditEntry => ({ ...by(reader, plan), action, outcome: 'done', ref: { meeting: record.meeting.id } });
  await db.transaction((tx) => appendPlansAudit(tx, new Map(visibleItems(record, reader).map((item) => [item.planId, [entryOf(item)]]))));
}

async function minutesOfPatient(deps: Pick<MeetingDeps, 'db' | 'log' | 'text'>, actor: Actor, record: MeetingRecord, item: ItemRow, order: number, visits: readonly VisitRow[]): Promise<PatientMinutes> {
  const who = directory(record.people);
  const readable = draftSections(actor, planFactsOf(item));
  const reader = readerOf(deps, actor, item.planId);
  const at = async (position: number | null): Promise<PlanContent> => onlySections(await deps.text.contentAt(reader, item.planId, position ?? undefined), readable);
  const changes: string[] = [];
  let before: PlanContent | undefined;
  let after: PlanContent | undefined;
  for (const visit of visits) {
    const from = await at(visit.positionFrom);
    after = await at(visit.positionTo);
    before ??= from;
    changes.push(...differences(from, after).filter(({ field }) => !toldElsewhere.has(field)).map(({ sentence }) => sentence));
  }
  const told = reads(actor, item, 'mdt');
  const decisions = record.decisions.filter(({ itemId }) => told && itemId === item.id).map((row) => presentDecision(row, who));
  const actions = record.actions.filter(({ itemId }) => told && itemId === item.id).map((row) => presentAction(row, who));
  return {
    item: presentItem(item, order, actor), decisions, actions, changes,
    ...named('stageBefore', choiceCode(before?.sections['status']?.['gsfStage'])), ...named('stageAfter', choiceCode(after?.sections['status']?.['gsfStage'])),
    ...named('nextReview', reviewDate(after)),
  };
}

const named = <K extends string>(key: K, value: string | undefined) => (value === undefined ? {} : ({ [key]: value } as { [name in K]: string }));

function reviewDate(content: PlanContent | undefined): string | undefined {
  const field = fieldById('reviewDue');
  const value = content?.sections['mdt']?.['reviewDue'];
  if (!field || value === undefined) return undefined;
  return typeof value === 'string' ? value : showValue(field, value);
}
