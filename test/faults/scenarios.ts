/** Every fault run, in the order of its number. */
import type { Scenario } from '../support/faultRun.ts';
import { busScenarios } from './busScenarios.ts';
import { lineScenarios } from './lineScenarios.ts';
import { nodeScenarios } from './nodeScenarios.ts';
import { returnScenarios } from './returnScenarios.ts';
import { storageScenarios } from './storageScenarios.ts';

export const scenarios: readonly Scenario[] = [...nodeScenarios, ...storageScenarios, ...busScenarios, ...lineScenarios, ...returnScenarios].toSorted((a, b) => (a.id < b.id ? -1 : 1));
