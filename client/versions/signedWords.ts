/** Who signed and when, in one phrase, the same on every screen. */
import { formatDateTime } from '../../shared/domain/dates.ts';
import { roleLabels, type Role } from '../../shared/domain/roles.ts';
import type { VersionView } from '../../shared/wire/plans.ts';

/** "Signed 05-Nov-2026 14:03 by S. Malik, Coordinator, Hub." */
export const signedWords = ({ signedAt, signedBy }: Pick<VersionView, 'signedAt' | 'signedBy'>): string =>
  `Signed ${formatDateTime(signedAt)} by ${signedBy.name}, ${roleLabels[signedBy.role as Role] ?? signedBy.role}, ${signedBy.organisation}`;
