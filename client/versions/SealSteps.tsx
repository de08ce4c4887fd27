/** Signed, sealed, witnessed: how hard it has become to change a version unseen, with times. */
import type { ReactNode } from 'react';
import { formatDateTime } from '../../shared/domain/dates.ts';
import type { VersionView } from '../../shared/wire/plans.ts';
import { sealSteps } from './sealWords.ts';

export function SealSteps({ version }: { readonly version: Pick<VersionView, 'signedAt' | 'seal'> }): ReactNode {
  return (
    <ol className="accord-seal" aria-label="How far this version is secured">
      {sealSteps(version).map(({ name, at, meaning }) => (
        <li key={name} className={at === null ? 'accord-seal__open' : 'accord-seal__done'}>
          <strong>{at === null ? `Not ${name.toLowerCase()} yet` : `✓ ${name}`}</strong>
          {at !== null && <> <time dateTime={at}>{formatDateTime(at)}</time></>}
          <span className="accord-quiet">{meaning}</span>
        </li>
      ))}
    </ol>
  );
}
