/** Medians as a table: a line for each figure, a column for each contestant. */
import type { Sample } from './rounds.ts';
import { median } from './spread.ts';

/** From here on the load's own process is what limits, and a figure is no less than what the server can do. */
const loadFull = 0.9;
const limited = '* the load’s own process was busy for 90 % of the time or more: it was the limit, the server may do better';

/** Whether the load, rather than the server, was the limit of what a contestant did in a row of the table. */
export const loadWasLimit = (samples: readonly Sample[], row: string, contestant: string): boolean =>
  middle(samples.filter((sample) => sample.row === row), contestant, 'load busy') >= loadFull;

export function showTable(samples: readonly Sample[]): string {
  const names = [...new Set(samples.map(({ contestant }) => contestant))];
  const lines: string[] = [];
  let marked = false;
  for (const row of new Set(samples.map((sample) => sample.row))) {
    const own = samples.filter((sample) => sample.row === row);
    lines.push('', `${row.padEnd(26)}${names.map((name) => name.padStart(15)).join('')}`);
    for (const figure of new Set(own.map((sample) => sample.figure))) {
      const cells = names.map((name) => {
        const value = middle(own, name, figure);
        if (Number.isNaN(value)) return '–';
        const mark = /^(delivered\/s|open s|all back s)$/.test(figure) && loadWasLimit(own, row, name);
        marked ||= mark;
        return `${shown(value)}${mark ? '*' : ''}`;
      });
      lines.push(`  ${figure.padEnd(24)}${cells.map((cell) => cell.padStart(15)).join('')}`);
    }
  }
  return [...lines, ...(marked ? ['', limited] : [])].join('\n');
}

export const middle = (samples: readonly Sample[], contestant: string, figure: string): number =>
  median(samples.filter((sample) => sample.contestant === contestant && sample.figure === figure).map(({ value }) => value));

function shown(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString('en-GB');
  const digits = Math.abs(value) >= 1000 ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 0.1 ? 2 : 4;
  return value.toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
