/** Filters of the caseload as plain words with counts. */
import type { ReactNode } from 'react';
import type { PlanListItem } from '../../shared/wire/plans.ts';
import { stageOptions } from '../ui/StageTag.tsx';
import { filters } from './caseload.ts';

interface CaseloadFiltersProps {
  readonly items: readonly PlanListItem[];
  readonly stage: string;
  readonly on: readonly string[];
  readonly today: string;
  readonly onStage: (stage: string) => void;
  readonly onToggle: (on: readonly string[]) => void;
}

export function CaseloadFilters({ items, stage, on, today, onStage, onToggle }: CaseloadFiltersProps): ReactNode {
  const stages = [
    { value: '', label: 'Everybody', count: items.length },
    ...stageOptions.toReversed().map((option) => ({ value: option.value, label: option.label, count: items.filter((item) => item.stage === option.value).length })),
    { value: 'none', label: 'No stage yet', count: items.filter((item) => item.stage === undefined).length },
  ];
  return (
    <div className="accord-filters">
      <fieldset>
        <legend>Stage</legend>
        <div className="accord-filters__words">
          {stages.filter((one) => one.count > 0 || one.value === stage).map((one) => (
            <Word key={one.value} pressed={stage === one.value} onPress={() => onStage(one.value)} label={one.label} count={one.count} />
          ))}
        </div>
      </fieldset>
      <fieldset>
        <legend>Needs attention</legend>
        <div className="accord-filters__words">
          {filters.map((filter) => {
            const count = items.filter((item) => filter.holds(item, today)).length;
            const pressed = on.includes(filter.id);
            if (count === 0 && !pressed) return null;
            return <Word key={filter.id} pressed={pressed} onPress={() => onToggle(pressed ? on.filter((id) => id !== filter.id) : [...on, filter.id])} label={filter.label} count={count} />;
          })}
        </div>
      </fieldset>
    </div>
  );
}

function Word({ label, count, pressed, onPress }: { readonly label: string; readonly count: number; readonly pressed: boolean; readonly onPress: () => void }): ReactNode {
  return (
    <button type="button" className="accord-filters__word" aria-pressed={pressed} onClick={onPress}>
      {label} <span className="accord-filters__count">{count}</span>
    </button>
  );
}
