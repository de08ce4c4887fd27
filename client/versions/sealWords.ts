/** The three steps of securing a version, in words. Pure. */
import type { VersionView } from '../../shared/wire/plans.ts';

export interface SealStep {
  readonly name: string;
  /** Null while it has not happened. */
  readonly at: string | null;
  readonly meaning: string;
}

export function sealSteps({ signedAt, seal }: Pick<VersionView, 'signedAt' | 'seal'>): readonly SealStep[] {
  return [
    { name: 'Signed', at: signedAt, meaning: 'The signature covers exactly these words.' },
    { name: 'Sealed', at: seal.sealedAt, meaning: 'It has its place in the audit log, and a signed copy of the log’s state lies outside the database.' },
    { name: 'Witnessed', at: seal.witnessedAt, meaning: seal.witness === null ? 'No other organisation has vouched for the log since.' : `${seal.witness} vouches for the log since then.` },
  ];
}
