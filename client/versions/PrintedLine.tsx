/** On paper only: when it was printed, and that paper grows old. */
import { useEffect, useState, type ReactNode } from 'react';
import { formatDateTime } from '../../shared/domain/dates.ts';

export function PrintedLine({ standing }: { readonly standing: 'draft' | 'signed' }): ReactNode {
  const [at, setAt] = useState<string>();
  useEffect(() => {
    const note = (): void => setAt(new Date().toISOString());
    note();
    window.addEventListener('beforeprint', note);
    return () => window.removeEventListener('beforeprint', note);
  }, []);
  return (
    <p className="accord-only-print">
      {at !== undefined && `Printed ${formatDateTime(at)}. `}
      {standing === 'draft' ? 'This is a draft: do not act on it.' : 'Check before use: a later version may have been signed since.'}
    </p>
  );
}
