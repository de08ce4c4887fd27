/** The table at the end of `npm run faults`. */
import type { Figures } from '../support/faultRun.ts';

export type Row = { readonly id: string; readonly title: string } & ({ readonly figures: Figures } | { readonly failed: string });

/** Whether the scenario ran to its end and every invariant held. */
export const held = (row: Row): boolean => 'figures' in row && row.figures.findings.length === 0;

const head = ['scenario', 'acknowledged', 'lost', 'converged', 's to first saved', 'worst MB', 'holds', ''] as const;
const leftAligned = new Set([0, head.length - 1]);

/** One line a scenario, columns under each other. */
export function tableOf(rows: readonly Row[]): string[] {
  const cells = [head, ...rows.map(cellsOf)];
  const widths = head.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  return cells.map((line) => line.map((cell, column) => (leftAligned.has(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ').trimEnd());
}

function cellsOf(row: Row): string[] {
  if ('failed' in row) return [row.id, '-', '-', '-', '-', '-', 'NO', `${row.title}: ${row.failed.split('\n')[0]?.slice(0, 80) ?? ''}`];
  const { acknowledged, lost, converged, healSeconds, worstMemoryMb } = row.figures;
  return [row.id, String(acknowledged), String(lost), converged ? 'yes' : 'NO', healSeconds === undefined ? '-' : healSeconds.toFixed(1), String(worstMemoryMb), held(row) ? 'yes' : 'NO', row.title];
}
