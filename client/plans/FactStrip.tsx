/** The answers to the questions of a review as a row of chips; on a phone a row to swipe. */
import type { ReactNode } from 'react';
import { Tag } from '../ui/Tag.tsx';
import { StageTag } from '../ui/StageTag.tsx';
import { factFields, factLabels, say, type BannerFacts, type FactName } from './facts.ts';
import { ReviewDue } from './ReviewDue.tsx';

const strip = ['stage', 'diagnosis', 'preferredPlaceOfDeath', 'cpr', 'anticipatory', 'keyWorker', 'oohNotified', 'reviewDue', 'consent'] as const;

export function FactStrip({ facts, onOpenField }: { readonly facts: BannerFacts; readonly onOpenField: ((field: string) => void) | undefined }): ReactNode {
  if (facts.withheld) return null;
  return (
    // Focusable, because on a narrow screen it scrolls and a keyboard must be able to do that.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className="accord-strip" aria-label="At a glance" tabIndex={0}>
      <ul>
        {strip.map((name) => (
          <li key={name} className={`accord-strip__${say(facts, name).state}`}>
            {onOpenField ? (
              <button type="button" onClick={() => onOpenField(factFields[name])}><Chip name={name} facts={facts} /></button>
            ) : (
              <Chip name={name} facts={facts} />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Chip({ name, facts }: { readonly name: (typeof strip)[number] & FactName; readonly facts: BannerFacts }): ReactNode {
  const said = say(facts, name);
  return (
    <>
      <span className="accord-strip__label">{factLabels[name]}</span>
      {said.state === 'disputed' ? <Tag colour="disputed">Disputed<span className="nhsuk-u-visually-hidden"> {said.text}</span></Tag>
        : said.state === 'missing' ? <span className="accord-strip__none">Not recorded</span>
        : name === 'stage' ? <StageTag stage={facts.stage} />
        : name === 'reviewDue' && typeof facts.reviewDue === 'string' ? <ReviewDue due={facts.reviewDue} />
        : <span>{said.text}</span>}
    </>
  );
}
