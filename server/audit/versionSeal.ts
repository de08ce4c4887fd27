/** How far the signing of a version stands in the audit log: signed, then sealed under our checkpoint, then witnessed by another house. */
import { planStream } from '../../shared/domain/audit.ts';
import type { PlanId } from '../../shared/ids.ts';
import type { VersionView } from '../../shared/wire/plans.ts';
import type { Queryable } from '../ports.ts';
import { sealOf, versionEntry } from './treeStore.ts';

export async function sealOfVersion(db: Queryable, planId: PlanId, number: number): Promise<VersionView['seal']> {
  const seq = await versionEntry(db, planStream(planId), number);
  const seal = seq === undefined ? undefined : await sealOf(db, planStream(planId), seq);
  return { sealedAt: seal?.sealedAt?.toISOString() ?? null, witnessedAt: seal?.witnessedAt?.toISOString() ?? null, witness: seal?.witness ?? null };
}
