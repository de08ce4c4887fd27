/** HTTP of the audit trail, of oversight, and of co-signing for other houses. */
import { ok } from '../../shared/refusal.ts';
import { auditEventBundle, cosigned, cosignOrder, lookedList, oversightView, printed, printOrder, witnessView } from '../../shared/wire/audit.ts';
import { auditList, auditQuery } from '../../shared/wire/plans.ts';
import { open, signedIn, type Route } from '../http/route.ts';
import { withPlan } from '../plans/planParameter.ts';
import type { Deps } from '../ports.ts';
import { exportTrail } from './fhir.ts';
import { logKey, witnessKey } from './logKeys.ts';
import { whoHasLooked } from './looked.ts';
import { verifierText } from './note.ts';
import { readOversight } from './oversight.ts';
import { recordPrint } from './prints.ts';
import { readTrail } from './trail.ts';
import { latestCheckpoint } from './treeStore.ts';
import { cosignFor } from './witness.ts';

export function auditRoutes(deps: Deps): Route[] {
  return [
    signedIn({
      method: 'get', path: '/api/plans/:planId/audit', summary: 'What was done to the plan and by whom, newest first, and whether its chain holds', query: auditQuery, answer: auditList,
      handle: async ({ actor, params, query }) => withPlan(params, (planId) => readTrail(deps, actor, planId, query)),
    }),
    signedIn({
      method: 'get', path: '/api/plans/:planId/audit/fhir', summary: 'The trail as a FHIR R4 Bundle of AuditEvents, newest first', query: auditQuery, answer: auditEventBundle,
      handle: async ({ actor, params, query, header }) =>
        withPlan(params, async (planId) => {
          const found = await exportTrail(deps, actor, planId, query);
          if (found.ok) header('Content-Type', 'application/fhir+json; charset=utf-8');
          return found;
        }),
    }),
    signedIn({
      method: 'get', path: '/api/plans/:planId/looked', summary: 'Who has looked at the plan, day by day, in words for the person whose plan it is', answer: lookedList,
      handle: async ({ actor, params }) => withPlan(params, (planId) => whoHasLooked(deps, actor, planId)),
    }),
    signedIn({
      method: 'post', path: '/api/plans/:planId/prints', summary: 'Records that somebody prints a page about the plan', body: printOrder, answer: printed, status: 201,
      handle: async ({ actor, params, body }) => withPlan(params, (planId) => recordPrint(deps, actor, planId, body)),
    }),
    signedIn({
      method: 'get', path: '/api/oversight', summary: 'For the privacy officer: whether the audit chains hold, and what of the last day is unusual', answer: oversightView,
      handle: async ({ actor }) => readOversight(deps, actor),
    }),
    open({
      method: 'get', path: '/api/witness', summary: 'The keys of our audit log and of us as a witness, and our latest checkpoint: what another house configures', answer: witnessView,
      handle: async () => {
        const [log, witness, last] = [await logKey(deps), await witnessKey(deps), await latestCheckpoint(deps.db)];
        return ok({ log: verifierText(log.name, 'note', log.raw), witness: verifierText(witness.name, 'cosignature', witness.raw), checkpoint: last?.note ?? null });
      },
    }),
    open({
      method: 'post', path: '/api/witness/checkpoints', summary: 'Co-signs the checkpoint of another house whose log’s key is configured here, if it goes on from the one before', body: cosignOrder, answer: cosigned,
      handle: async ({ body }) => cosignFor(deps, body),
    }),
  ];
}
