/** The caseload: which of the organisation's plans match, a page at a time. */
import { z } from 'zod';
import { house, may } from '../../shared/domain/access.ts';
import { draftSections } from '../../shared/domain/plan.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import type { PlanId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import { ok, refuse, type Result } from '../../shared/refusal.ts';
import type { planList, planListQuery } from '../../shared/wire/plans.ts';
import { by } from '../audit/entries.ts';
import type { AccessEntry, Deps } from '../ports.ts';
import { presentListItem, type PresentPerson } from './present.ts';
import { caseload, type CaseloadOrder, type CaseloadRow } from './store.ts';

/** Who has the plan open now. */
export type PresentOn = (planId: PlanId) => readonly PresentPerson[] | Promise<readonly PresentPerson[]>;

const plain = z.string().regex(/^\P{Cc}*$/u);
const cursor = z.tuple([plain, plain, plain]);

/** One page. Refusals: not-allowed, bad-request (a cursor that we did not give). */
export async function listPlans(deps: Deps, actor: Actor, query: z.infer<typeof planListQuery>, presentOn: PresentOn): Promise<Result<z.infer<typeof planList>>> {
  const allowed = may(actor, 'see-caseload', house);
  if (!allowed.ok) {
    void deps.recordAccess({ ...by(actor), action: 'list-plans', outcome: 'refused', reason: allowed.refusal.code }, { soon: true });
    return allowed;
  }
  const after = readCursor(query.cursor);
  if (!after.ok) return after;

  const { seen, more } = await pageAfter(deps, actor, query, after.value);
  await deps.recordAccess({ ...by(actor), ...shapeOf(query, seen.length), outcome: 'done' }, { sameForMs: limits.sameListMs, sameAs: JSON.stringify(query) });
  const items = await Promise.all(seen.map(async (plan) => presentListItem(plan, actor, await presentOn(plan.id))));
  const last = seen.at(-1);
  return ok({ items, next: more && last ? writeCursor(last) : null });
}

/**
 * The next plans that the actor may see: what they may not is in no list, and by what they may not read nothing is found. A page is the shorter by it, but
 * never empty while there are more: the next one begins behind a plan that they saw, since its beginning is told to them.
 */
async function pageAfter(deps: Deps, actor: Actor, query: z.infer<typeof planListQuery>, start: CaseloadOrder['after']): Promise<{ readonly seen: readonly CaseloadRow[]; readonly more: boolean }> {
  const shown = (plan: CaseloadRow): boolean => may(actor, 'see-plan', { kind: 'plan', plan }).ok && (!query.stage || !may(actor, 'read-draft', { kind: 'plan', plan }).ok || draftSections(actor, plan).has('status'));
  for (let after = start; ;) {
    // One more than a page tells whether there is another.
    const found = await caseload(deps.db, { organisationId: actor.organisationId, personId: actor.id, ...search(query.query), stage: query.stage || undefined, after, count: limits.pageSize + 1 });
    const page = found.slice(0, limits.pageSize);
    const seen = page.filter(shown);
    const more = found.length > page.length;
    if (seen.length > 0 || !more) return { seen, more };
    after = page.at(-1);
  }
}

/** What kind of list it was and how many it showed; never what was typed. */
function shapeOf({ query, stage, cursor }: z.infer<typeof planListQuery>, found: number): Pick<AccessEntry, 'action' | 'ref'> {
  const { words, digits } = search(query);
  const narrowed = words.length > 0 || digits !== '';
  return { action: narrowed ? 'search-plans' : 'list-plans', ref: { found, ...(narrowed ? { words: words.length, digits: digits.length } : {}), ...(stage ? { stage: 'chosen' } : {}), ...(cursor ? { page: 'later' } : {}) } };
}

/** Digits, typed with or without blanks, look for an NHS number; anything else for names, each word anywhere. */
export function search(query: string | undefined): { words: string[]; digits: string } {
  const typed = (query ?? '').replaceAll(/\p{Cc}/gu, ' ').trim().toLowerCase();
  const digits = typed.replaceAll(/[\s-]/g, '');
  if (/^\d+$/.test(digits)) return { words: [], digits };
  return { words: typed.split(/[\s,]+/).filter((word) => word !== ''), digits: '' };
}

const writeCursor = ({ family, given, id }: CaseloadRow): string => Buffer.from(JSON.stringify([family, given, id])).toString('base64url');

function readCursor(text: string | undefined): Result<{ family: string; given: string; id: string } | undefined> {
  if (!text) return ok(undefined);
  try {
    const [family, given, id] = cursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    return ok({ family, given, id });
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return refuse('bad-request', 'This page of the list is not known. Start again from the first.');
    throw error;
  }
}
