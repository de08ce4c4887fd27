/** What changed, field by field, in plain English; added and removed words are marked by line and word, not by colour alone. */
import type { ReactNode } from 'react';
import { fieldById, headings, sectionById } from '../../shared/content/standard.ts';
import { isBlank } from '../../shared/content/values.ts';
import type { DifferenceItem } from '../../shared/wire/plans.ts';
import { FieldValue } from './FieldValue.tsx';

export function Differences({ items }: { readonly items: readonly DifferenceItem[] }): ReactNode {
  const groups = headings.map((heading) => ({ heading, items: items.filter((item) => sectionById(item.section)?.heading === heading.id) })).filter((group) => group.items.length > 0);
  const others = items.filter((item) => !sectionById(item.section));
  return (
    <div className="accord-differences">
      {groups.map(({ heading, items: changed }) => (
        <section key={heading.id} aria-label={heading.title}>
          <h2>{heading.title}</h2>
          {changed.map((item, index) => <Difference key={`${item.field}-${index}`} item={item} />)}
        </section>
      ))}
      {others.length > 0 && <section aria-label="Other">{others.map((item, index) => <p key={`${item.field}-${index}`}>{item.sentence}</p>)}</section>}
    </div>
  );
}

const kinds = { added: 'Added', removed: 'Removed', changed: 'Changed' } as const;

function Difference({ item }: { readonly item: DifferenceItem }): ReactNode {
  return (
    <div className={`accord-difference accord-difference--${item.kind}`}>
      <h3>{item.label} <span className="accord-difference__kind">{kinds[item.kind]}</span></h3>
      {item.words ? <Words words={item.words} /> : <BeforeAfter item={item} />}
    </div>
  );
}

export function Words({ words }: { readonly words: NonNullable<DifferenceItem['words']> }): ReactNode {
  return (
    <p className="accord-words">
      {words.map(({ text, change }, index) => {
        if (change === 'added') return <ins key={index}><span className="nhsuk-u-visually-hidden"> [added: </span>{text}<span className="nhsuk-u-visually-hidden">] </span></ins>;
        if (change === 'removed') return <del key={index}><span className="nhsuk-u-visually-hidden"> [removed: </span>{text}<span className="nhsuk-u-visually-hidden">] </span></del>;
        return <span key={index}>{text}</span>;
      })}
    </p>
  );
}

/** Both values, one under the other. */
export function BeforeAfter({ item }: { readonly item: Pick<DifferenceItem, 'field' | 'kind' | 'from' | 'to' | 'sentence'> }): ReactNode {
  const field = fieldById(item.field);
  // Rows and anything this screen does not know: the sentence says it best.
  if (!field || field.of.kind === 'rows') return <p className="accord-value">{item.sentence}</p>;
  return (
    <dl className="accord-before-after">
      {!isBlank(item.from) && <div><dt>Was</dt><dd><FieldValue field={field} value={item.from} /></dd></div>}
      {item.kind !== 'removed' && <div><dt>{isBlank(item.from) ? 'Now' : 'Is now'}</dt><dd><FieldValue field={field} value={item.to} /></dd></div>}
    </dl>
  );
}
