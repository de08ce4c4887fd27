/** What Accord has to reach, as ratios of what was measured in the same run. */
import type { Sample } from './rounds.ts';
import { median } from './spread.ts';
import { loadWasLimit } from './table.ts';

interface Target {
  readonly row: RegExp;
  readonly figure: string;
  readonly against: string;
  readonly bound: { readonly kind: 'most' | 'least'; readonly ratio: number };
}
const most = (ratio: number) => ({ kind: 'most', ratio }) as const;
const least = (ratio: number) => ({ kind: 'least', ratio }) as const;

const targets: readonly Target[] = [
  ...['to others p50 ms', 'to others p99 ms', 'saved p50 ms', 'saved p99 ms'].map((figure) => ({ row: /^meeting$/, figure, against: 'durable relay', bound: most(1.5) })),
  { row: /^200 meetings/, figure: 'server s/1000', against: 'hocuspocus', bound: most(0.9) },
  { row: /^saturation/, figure: 'delivered/s', against: 'hocuspocus', bound: least(1.5) },
  { row: /^saturation/, figure: 'delivered/s', against: 'durable relay', bound: least(0.6) },
  { row: /^cold .* edits$/, figure: 'open s', against: 'durable relay', bound: most(3) },
  { row: /^cold .* edits$/, figure: 'open s', against: 'hocuspocus', bound: most(0.2) },
  { row: /^storm/, figure: 'all back s', against: 'hocuspocus', bound: most(0.4) },
  { row: /^memory/, figure: 'KB per open plan', against: 'hocuspocus', bound: most(1) },
];

export interface Verdict {
  readonly text: string;
  readonly reached: boolean;
}

/** One verdict for each target of which both sides were measured. */
export function verdicts(samples: readonly Sample[]): Verdict[] {
  return [...targets.flatMap((target) => judged(samples, target)), ...leftPlans(samples), ...growth(samples), ...audited(samples)];
}

function judged(samples: readonly Sample[], { row, figure, against, bound }: Target): Verdict[] {
  const rows = [...new Set(samples.map((sample) => sample.row))].filter((name) => row.test(name));
  return rows.flatMap((name) => {
    const of = (contestant: string) => samples.filter((sample) => sample.row === name && sample.figure === figure && sample.contestant === contestant);
    const [ours, theirs] = [of('accord'), of(against)];
    if (ours.length === 0 || theirs.length === 0) return [];
    const ratio = middle(ours) / middle(theirs);
    const byRound = ours.flatMap(({ round, value }) => theirs.filter((other) => other.round === round).map((other) => value / other.value));
    const workOf = (contestant: string): number =>
      middle(samples.filter((sample) => sample.row === name && sample.contestant === contestant && sample.figure.startsWith('server s')));
    const work = workOf('accord') / workOf(against);
    // On a busy machine this says more than the clock.
    const processor = Number.isFinite(work) && !figure.startsWith('server s') ? ` with ${work.toFixed(2)} × its processor time` : '';
    const reached = bound.kind === 'most' ? ratio <= bound.ratio : ratio >= bound.ratio;
    const range = byRound.length > 1 ? ` (${Math.min(...byRound).toFixed(2)} to ${Math.max(...byRound).toFixed(2)})` : '';
    const remark = [['accord', 'Accord'], [against, against]].flatMap(([contestant = '', called]) => (loadWasLimit(samples, name, contestant) ? [`; the load was the limit of ${called}`] : [])).join('');
    return [{ reached, text: `${name}: ${figure} ${ratio.toFixed(2)} × ${against}${range}${processor}, wanted ${bound.kind === 'most' ? '≤' : '≥'} ${bound.ratio}${remark}` }];
  });
}

const middle = (samples: readonly Sample[]): number => median(samples.map(({ value }) => value));

function leftPlans(samples: readonly Sample[]): Verdict[] {
  const left = samples.filter(({ contestant, figure }) => contestant === 'accord' && figure === 'KB per left plan');
  return left.length === 0 ? [] : [{ reached: middle(left) <= 10, text: `${left[0]?.row}: ${middle(left).toFixed(1)} KB per left plan, wanted ≤ 10` }];
}

function audited(samples: readonly Sample[]): Verdict[] {
  const own = samples.filter(({ row, figure }) => row === 'audit walk' && figure === 'entries/s of one core');
  return own.length === 0 ? [] : [{ reached: middle(own) >= 100_000, text: `audit walk: ${Math.round(middle(own)).toLocaleString('en-GB')} entries/s of one core, wanted ≥ 100,000` }];
}

/** Processor time of an edit among many plans, against the same among few: the rest of what grows is waiting for the processor. */
function growth(samples: readonly Sample[]): Verdict[] {
  const own = samples.filter(({ contestant, row, figure }) => contestant === 'accord' && / meetings × /.test(row) && figure === 'server s/1000');
  const rows = [...new Set(own.map(({ row }) => row))].toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
  const [fewest, largest] = [rows[0], rows.at(-1)];
  if (fewest === undefined || fewest === largest) return [];
  const of = (row: string | undefined): number => middle(own.filter((sample) => sample.row === row));
  const ratio = of(largest) / of(fewest);
  return [{ reached: ratio <= 1.1, text: `growth: server time of an edit with ${largest} ${ratio.toFixed(2)} × that with ${fewest}, wanted ≤ 1.1` }];
}
