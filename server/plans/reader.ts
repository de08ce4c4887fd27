/** The second wall: storage as one person may read it of one plan. */
import type { Logger } from 'pino';
import { Counter } from 'prom-client';
import type { Actor } from '../../shared/domain/roles.ts';
import type { PlanId } from '../../shared/ids.ts';
import { RefusalError } from '../../shared/refusal.ts';
import type { Database, Queryable } from '../ports.ts';

const stopped = new Counter({ name: 'accord_second_wall_stops_total', help: 'Readings that were allowed and that the database refused: the relationship ended in that moment, or a decision was wrong' });

/**
 * What the actor may read of this plan as the database itself sees it, after `may` has allowed it: each statement runs as `accord_reader`, which is shown
 * rows of this plan alone, and only while the actor stands in a relationship to it. Everything that it knows of the actor ends with the statement's
 * transaction, so that nothing of it is left on a pooled connection. Throws `RefusalError` not-found where the plan is out of reach: no rows would read
 * as an empty plan.
 */
export const readerOf = ({ db, log }: { readonly db: Database; readonly log: Logger }, actor: Actor, planId: PlanId): Queryable => ({
  query: (sql, values) => db.transaction(async (tx) => {
    await tx.query(
      `SELECT set_config('accord.plan', $1, true), set_config('accord.person', $2, true), set_config('accord.organisation', $3, true), set_config('accord.role', $4, true),
         set_config('role', 'accord_reader', true)`,
      [planId, actor.id, actor.organisationId, actor.role],
    );
    const [reached] = await tx.query('SELECT FROM plans WHERE id = $1', [planId]);
    if (!reached) {
      stopped.inc();
      log.error({ plan: planId, actor: actor.id, role: actor.role }, 'the database stopped a reading that was allowed');
      throw new RefusalError({ code: 'not-found', detail: 'There is no such plan for you.' });
    }
    // Without its name: a statement that is kept for the service would be planned anew for each of the two roles.
    return tx.query(sql, values);
  }),
});
