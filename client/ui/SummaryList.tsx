/** Facts as pairs of a word and what it is. */
import { Fragment, type ReactNode } from 'react';

export interface Fact {
  readonly label: string;
  readonly value: ReactNode;
}

export function SummaryList({ facts }: { readonly facts: readonly Fact[] }): ReactNode {
  return (
    <dl className="accord-facts">
      {facts.map((fact) => (
        <Fragment key={fact.label}>
          <dt>{fact.label}</dt>
          <dd>{fact.value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}
