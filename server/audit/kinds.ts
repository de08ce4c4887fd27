/** What kind of thing an action is, for choosing in a trail and for saying who has looked. */
import type { AuditKind } from '../../shared/wire/plans.ts';

/** An action that stands nowhere here belongs to no kind and is found under "everything". */
export const actionsOf: Readonly<Record<Exclude<AuditKind, 'refused'>, readonly string[]>> = {
  looked: ['open-plan', 'read-draft', 'review-plan', 'read-version', 'list-versions', 'compare-versions', 'urgent-read', 'reveal-key-safe', 'read-history', 'read-minutes', 'read-meeting', 'read-audit', 'read-looked', 'export-audit', 'print', 'break-glass'],
  wrote: ['create-plan', 'edit', 'correct-identity'],
  signed: ['sign-version', 'withdraw-version'],
  access: ['add-to-team', 'remove-from-team', 'add-person', 'remove-person', 'break-glass', 'end-break-glass', 'review-break-glass', 'start-practice', 'end-practice'],
  meeting: ['read-minutes', 'read-meeting', 'discuss-in-meeting', 'record-decision', 'record-action'],
  offline: ['take-offline', 'unlock-offline', 'hand-back-offline'],
};

/** Somebody who takes a plan along, or is given its key, has seen it. */
export const seesPlan = (action: string): boolean => actionsOf.looked.includes(action) || actionsOf.offline.includes(action);
