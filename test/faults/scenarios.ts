/** Every fault run, in the order of its number. */
import type { Scenario } from '../support/faultRun.ts';
import { nodeScenarios } from './nodeScenarios.ts';

export const scenarios: readonly Scenario[] = [...nodeScenarios].toSorted((a, b) => (a.id < b.id ? -1 : 1));
