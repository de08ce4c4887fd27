/** Where the person lives, how to get in, and what a visitor should know first. */
import { choiceColumn, COORDINATOR, entry, GP, HOSPICE, line, manyOf, noteColumn, NURSE, oneOf, optional, required, restrictedSection, rows, section, SOCIAL } from './entry.ts';
import { accessMethods, homeHazardKinds, livingSituations, oxygenSupplies } from './personSets.ts';
import type { Section } from './kinds.ts';

const visitors = [NURSE, SOCIAL] as const;

export const home: readonly Section[] = [
  section('home', 'home', 'Home, access and safety', [NURSE, SOCIAL, HOSPICE, COORDINATOR], [
    entry('livingSituation', 'Living situation', 'Who shares the home.', oneOf(livingSituations), 'L', required, visitors,
      { ask: 'who do they live with?', fhir: 'Observation' }),
    entry('accessMethod', 'How to get in', 'Every way that works, day or night.', manyOf(accessMethods), 'L', required, visitors,
      { ask: 'how does a visitor get in?', fhir: 'Location.description' }),
    entry('homeHazards', 'Hazards to visiting staff', 'What could hurt somebody who visits, and what to do about it.',
      rows('hazard', choiceColumn('hazard!', 'Hazard', homeHazardKinds), noteColumn()), 'G', required, visitors, { fhir: 'Flag' }),
    entry('homeOxygen', 'Oxygen at home', 'What is in the house.', oneOf(oxygenSupplies), 'L', required, [NURSE, HOSPICE], { fhir: 'Device' }),
  ]),
  restrictedSection('keysafe', 'home', 'Key-safe', visitors, [GP, NURSE, HOSPICE, SOCIAL, COORDINATOR, 'urgent-care'], [
    entry('keySafeLocation', 'Key-safe position', 'Where a visitor finds it.', line, 'L', optional, visitors, { fhir: 'QuestionnaireResponse.item' }),
    entry('keySafeCode', 'Key-safe code', 'Hidden until somebody asks to see it; the asking is recorded.', line, 'X', optional, visitors,
      { masked: true, fhir: 'QuestionnaireResponse.item' }),
  ]),
];
