/** Medians as a table: a line for each figure, a column for each contestant. */
import type { Sample } from './run.ts';
import { median } from './spread.ts';

export function showTable(samples: readonly Sample[]): string {
  const names = [...new Set(samples.map(({ contestant }) => contestant))];
  const lines: string[] = [];
  for (const row of new Set(samples.map((sample) => sample.row))) {
    const own = samples.filter((sample) => sample.row === row);
    lines.push('', `${row.padEnd(24)}${names.map((name) => name.padStart(15)).join('')}`);
    for (const figure of new Set(own.map((sample) => sample.figure))) {
      const cells = names.map((name) => middle(own, name, figure));
      lines.push(`  ${figure.padEnd(22)}${cells.map((value) => (Number.isNaN(value) ? '–' : shown(value)).padStart(15)).join('')}`);
    }
  }
  return lines.join('\n');
}

export const middle = (samples: readonly Sample[], contestant: string, figure: string): number =>
  median(samples.filter((sample) => sample.contestant === contestant && sample.figure === figure).map(({ value }) => value));

export function shown(value: number): string {
  if (value === 0 || Number.isInteger(value)) return value.toLocaleString('en-GB');
  const digits = Math.abs(value) >= 1000 ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 0.1 ? 2 : 4;
  return value.toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
