/** Letting single people see a plan, and ending it: named on the care team, the patient or who acts for them, an inspector. */
import { may, type Permit } from '../../shared/domain/access.ts';
import { standings } from '../../shared/domain/accessTable.ts';
import { addDays, londonDate } from '../../shared/domain/dates.ts';
import type { PlanFacts } from '../../shared/domain/planFacts.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import { newId, parseId, type PlanId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import { refuse, RefusalError, type Problem, type Result } from '../../shared/refusal.ts';
import type { NewPlanPerson } from '../../shared/wire/plans.ts';
import { appendPlanAudit } from '../audit/chain.ts';
import { by } from '../audit/entries.ts';
import type { Acting } from '../identity/stillStands.ts';
import { findPerson } from '../identity/store.ts';
import type { Deps } from '../ports.ts';
import { changeTeam, teamOrRefuse } from './commands.ts';
import { endTie, insertTie, tieOf } from './people.ts';
import type { PlanRow } from './store.ts';
import { termProblems } from './term.ts';

type Kind = NewPlanPerson['kind'];

/** An inspector is let in by a privacy officer; everybody else by whoever may change the care team. */
const mayChange = (actor: Actor, kind: Kind, plan: PlanFacts): Result<Permit<'change-team' | 'change-inspection'>> =>
  may<'change-team' | 'change-inspection'>(actor, kind === 'inspection' ? 'change-inspection' : 'change-team', { kind: 'plan', plan });

/**
 * Lets the person see the plan, from and until a day where they are given; an inspection always ends. Refusals: not-found, not-allowed, invalid (nobody
 * who can be this, days), conflict (is it already).
 */
export async function addPerson(deps: Deps, acting: Acting, planId: PlanId, order: NewPlanPerson): Promise<Result<PlanRow>> {
  const today = londonDate(deps.clock.now());
  const problems = [...termProblems(order, today), ...(order.kind === 'inspection' ? inspectionProblems(order, today) : [])];
  if (problems.length > 0) return refuse('invalid', 'Check the days.', { problems });
  const id = parseId('person', order.personId);
  const person = id && (await findPerson(deps.db, id));
  return changeTeam(deps, acting, planId, 'add-person', async (tx) => {
    const { actor } = acting;
    const permit = mayChange(actor, order.kind, await teamOrRefuse(tx, planId));
    if (!permit.ok) throw new RefusalError(permit.refusal);
    if (!person || person.simulated || !standings[order.kind].held.includes(person.role)) throw new RefusalError(nobodyLikeThat);
    await appendPlanAudit(tx, planId, [{ ...by(actor), action: 'add-person', outcome: 'done', ref: { person: person.id, kind: order.kind } }]);
    const { kind, relationship, from, until } = order;
    const made = await insertTie(tx, permit.value, { id: newId('tie', deps.random), planId, personId: person.id, kind, relationship, term: { from, until } });
    if (!made) throw new RefusalError({ code: 'conflict', detail: 'This person has this access already.' });
  });
}

const nobodyMessage = 'Choose somebody of the list, with a role that fits.';
const nobodyLikeThat = { code: 'invalid', detail: nobodyMessage, problems: [{ field: 'personId', message: nobodyMessage }] } as const;

function inspectionProblems({ until }: NewPlanPerson, today: string): Problem[] {
  if (until === undefined) return [{ field: 'until', message: 'Say on which day the inspection ends.' }];
  return until > addDays(today, limits.inspectionDaysMax) ? [{ field: 'until', message: `An inspection lasts ${limits.inspectionDaysMax} days at most; it can be opened again.` }] : [];
}

/** Ends a person's relationship to the plan, also one that has not begun. Refusals: not-found, not-allowed. */
export async function endPerson(deps: Deps, acting: Acting, planId: PlanId, tieId: string): Promise<Result<PlanRow>> {
  return changeTeam(deps, acting, planId, 'remove-person', async (tx) => {
    const { actor } = acting;
    const plan = await teamOrRefuse(tx, planId);
    const tie = await tieOf(tx, planId, tieId);
    const permit = mayChange(actor, tie?.kind ?? 'member', plan);
    if (!permit.ok) throw new RefusalError(permit.refusal);
    if (!tie) throw new RefusalError({ code: 'not-found', detail: 'Nobody has this access.' });
    await appendPlanAudit(tx, planId, [{ ...by(actor), action: 'remove-person', outcome: 'done', ref: { person: tie.personId, kind: tie.kind } }]);
    await endTie(tx, permit.value, planId, tieId);
  });
}
