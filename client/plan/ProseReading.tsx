/** Prose to read: paragraphs and lists with bold and italic, as they were written. */
import type { ReactNode } from 'react';
import type { ProseBlock } from '../../shared/content/kinds.ts';

export function ProseReading({ blocks }: { readonly blocks: readonly ProseBlock[] }): ReactNode {
  return (
    <div className="plan-prose">
      {blocks.map((block, index) => {
        const number = block.type === 'orderedItem' ? `${numberAt(blocks, index)}.` : block.type === 'bulletItem' ? '•' : undefined;
        const key = `${index} ${block.type}`;
        if (number === undefined) return <p key={key}>{marked(block)}</p>;
        return <p key={key} className="plan-prose__item" style={{ marginInlineStart: `${(block.depth ?? 0) * 1.5 + 1.5}em` }}><span className="plan-prose__mark">{number}</span> {marked(block)}</p>;
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
function marked(block: ProseBlock): ReactNode {
  const marks = block.marks ?? [];
  if (marks.length === 0) return block.text;
  const cuts = [...new Set([0, block.text.length, ...marks.flatMap((mark) => [mark.from, mark.to])])].toSorted((a, b) => a - b);
  return cuts.slice(0, -1).map((from, index) => {
    const to = cuts[index + 1] ?? block.text.length;
    const has = (type: 'bold' | 'italic'): boolean => marks.some((mark) => mark.type === type && mark.from <= from && mark.to >= to);
    const text = block.text.slice(from, to);
    const slanted = has('italic') ? <em>{text}</em> : text;
    return <span key={from}>{has('bold') ? <strong>{slanted}</strong> : slanted}</span>;
  });
}
