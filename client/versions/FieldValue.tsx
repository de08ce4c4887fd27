/** One stored value as a reader sees it: prose with its marks, rows one by one, contradictions with their heavy edge. */
import { useState, type ReactNode } from 'react';
import type { Field, ProseBlock, ProseMark, Row } from '../../shared/content/kinds.ts';
import { isDisputed } from '../../shared/content/planContent.ts';
import { sealedText } from '../../shared/content/sealed.ts';
import { showCell, showValue } from '../../shared/content/show.ts';
import { isNotDiscussed, isStruckOut, rowsOf } from '../../shared/content/values.ts';
import { formatDateTime } from '../../shared/domain/dates.ts';
import { SealedCode } from './SealedCode.tsx';

export function FieldValue({ field, value }: { readonly field: Field; readonly value: unknown }): ReactNode {
  if (isDisputed(value)) return <DisputedValue sides={value.disputed.map((side) => ({ side, shown: <FieldValue field={field} value={side.value} /> }))} />;
  if (isNotDiscussed(value)) return <p><em>Not discussed:</em> {value.notDiscussed}</p>;
  if (field.masked && value === sealedText) return <SealedCode label={field.label} />;
  if (field.masked && typeof value === 'string') return <Masked text={value} label={field.label} />;
  if (field.of.kind === 'prose' && Array.isArray(value)) return <Prose blocks={value as readonly ProseBlock[]} />;
  if (field.of.kind === 'rows') return <Rows field={field} rows={rowsOf(value)} />;
  return <p className="accord-value">{showValue(field, value)}</p>;
}

interface ShownSide {
  readonly side: { readonly by?: { readonly name?: string } | undefined; readonly at?: string | undefined };
  readonly shown: ReactNode;
}

/** Both values, who wrote each and when: neither is shown as the answer. */
function DisputedValue({ sides }: { readonly sides: readonly ShownSide[] }): ReactNode {
  return (
    <div className="accord-disputed">
      <strong>Disputed</strong>
      <ul>
        {sides.map(({ side, shown }, index) => (
          <li key={index}>
            {shown}
            <span className="accord-quiet">{[side.by?.name, side.at && formatDateTime(side.at)].filter(Boolean).join(', ')}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Dots until asked: a code is not for whoever looks over a shoulder. */
function Masked({ text, label }: { readonly text: string; readonly label: string }): ReactNode {
  const [shown, setShown] = useState(false);
  return (
    <p className="accord-value">
      {shown ? text : <span aria-label="hidden">••••••</span>}{' '}
      <button type="button" className="accord-link-button" onClick={() => setShown(!shown)}>{shown ? 'Hide' : 'Show'}<span className="nhsuk-u-visually-hidden"> {label}</span></button>
    </p>
  );
}

function Rows({ field, rows }: { readonly field: Field; readonly rows: readonly Row[] }): ReactNode {
  if (field.of.kind !== 'rows') return null;
  const { columns } = field.of;
  return (
    <ul className="accord-rows">
      {rows.map((row) => (
        <li key={row.id} className={isStruckOut(row) ? 'accord-rows__struck' : undefined}>
          {isDisputed(row) ? <DisputedValue sides={row.disputed.map((side) => ({ side, shown: <Cells columns={columns} row={side.value as Row} /> }))} /> : <Cells columns={columns} row={row} />}
          {isStruckOut(row) && <span> Struck out{typeof row['reason'] === 'string' ? `: ${row['reason']}` : ''}</span>}
        </li>
      ))}
    </ul>
  );
}

function Cells({ columns, row }: { readonly columns: Extract<Field['of'], { kind: 'rows' }>['columns']; readonly row: Row }): ReactNode {
  const cells = columns.map((column) => ({ column, text: showCell(column, row[column.id]) })).filter((cell) => cell.text !== '');
  return (
    <span className="accord-rows__cells">
      {cells.map(({ column, text }, index) => (
        <span key={column.id}>
          {index > 0 && <span className="accord-quiet">{column.label}: </span>}
          {index === 0 ? <strong>{text}</strong> : text}
        </span>
      ))}
    </span>
  );
}

/** Paragraphs and lists, bold and italic. */
export function Prose({ blocks }: { readonly blocks: readonly ProseBlock[] }): ReactNode {
  return (
    <div className="accord-prose">
      {blocks.map((block, index) => {
        const mark = block.type === 'bulletItem' ? '•' : block.type === 'orderedItem' ? `${numberOf(blocks, index)}.` : undefined;
        return (
          <p key={index} className={mark === undefined ? undefined : 'accord-prose__item'} style={block.depth ? { marginLeft: `${block.depth * 1.5}rem` } : undefined}>
            {mark !== undefined && <span className="accord-prose__mark">{mark} </span>}
            <Marked text={block.text} marks={block.marks ?? []} />
          </p>
        );
      })}
    </div>
  );
}

/** The place of an item among the items of its own list: a list ends at a block of another kind or of less depth. */
function numberOf(blocks: readonly ProseBlock[], index: number): number {
  const depth = blocks[index]?.depth ?? 0;
  let count = 1;
  for (let before = index - 1; before >= 0; before -= 1) {
    const block = blocks[before];
    const blockDepth = block?.depth ?? 0;
    if (!block || blockDepth < depth || (blockDepth === depth && block.type !== 'orderedItem')) break;
    if (blockDepth === depth) count += 1;
  }
  return count;
}

function Marked({ text, marks }: { readonly text: string; readonly marks: readonly ProseMark[] }): ReactNode {
  const edges = [...new Set([0, text.length, ...marks.flatMap(({ from, to }) => [from, to])])].filter((edge) => edge <= text.length).sort((a, b) => a - b);
  return edges.slice(0, -1).map((from, index) => {
    const to = edges[index + 1] ?? text.length;
    const has = (type: ProseMark['type']): boolean => marks.some((mark) => mark.type === type && mark.from <= from && mark.to >= to);
    const piece = has('italic') ? <em>{text.slice(from, to)}</em> : text.slice(from, to);
    return has('bold') ? <strong key={from}>{piece}</strong> : <span key={from}>{piece}</span>;
  });
}
