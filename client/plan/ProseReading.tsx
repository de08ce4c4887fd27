/** Prose to read: paragraphs and lists with bold and italic, as they were written. */
import type { ReactNode } from 'react';
import type { ProseBlock } from '../../shared/content/kinds.ts';
import { formatDateTime } from '../../shared/domain/dates.ts';
import type { LetterMark } from '../collab/changedMarks.ts';

export function ProseReading({ blocks, letters = [] }: {
  readonly blocks: readonly ProseBlock[];
  /** Letters to mark as new. */
  readonly letters?: readonly LetterMark[] | undefined;
}): ReactNode {
  return (
    <div className="plan-prose">
      {blocks.map((block, index) => {
        const number = block.type === 'orderedItem' ? `${numberAt(blocks, index)}.` : block.type === 'bulletItem' ? '•' : undefined;
        const key = `${index} ${block.type}`;
        if (number === undefined) return <p key={key}>{marked(block, letters.filter((letter) => letter.block === index))}</p>;
        return <p key={key} className="plan-prose__item" style={{ marginInlineStart: `${(block.depth ?? 0) * 1.5 + 1.5}em` }}><span className="plan-prose__mark">{number}</span> {marked(block, letters.filter((letter) => letter.block === index))}</p>;
      })}
    </div>
  );
}

function numberAt(blocks: readonly ProseBlock[], index: number): number {
  let number = 0;
  const depth = blocks[index]?.depth ?? 0;
  for (let at = index; at >= 0; at -= 1) {
    const block = blocks[at];
    if (block === undefined || block.type === 'paragraph' || (block.depth ?? 0) < depth) break;
    if ((block.depth ?? 0) === depth) {
      if (block.type !== 'orderedItem') break;
      number += 1;
    }
  }
  return number;
}

/** The text cut at every place where a mark begins or ends. */
function marked(block: ProseBlock, letters: readonly LetterMark[]): ReactNode {
  const marks = block.marks ?? [];
  if (marks.length === 0 && letters.length === 0) return block.text;
  const edges = [...marks, ...letters].flatMap(({ from, to }) => [Math.min(from, block.text.length), Math.min(to, block.text.length)]);
  const cuts = [...new Set([0, block.text.length, ...edges])].toSorted((a, b) => a - b);
  return cuts.slice(0, -1).map((from, index) => {
    const to = cuts[index + 1] ?? block.text.length;
    const has = (type: 'bold' | 'italic'): boolean => marks.some((mark) => mark.type === type && mark.from <= from && mark.to >= to);
    const text = block.text.slice(from, to);
    const slanted = has('italic') ? <em>{text}</em> : text;
    const shown = has('bold') ? <strong>{slanted}</strong> : slanted;
    const fresh = letters.find((letter) => letter.from <= from && letter.to >= to);
    if (fresh === undefined) return <span key={from}>{shown}</span>;
    return (
      <mark key={from} className="plan-new" title={`New: ${fresh.by.name}, ${formatDateTime(fresh.by.at)}`}>
        <span className="nhsuk-u-visually-hidden"> [new: </span>{shown}<span className="nhsuk-u-visually-hidden">] </span>
      </mark>
    );
  });
}
