/** Social care, equipment and funding. */
import { choiceColumn, COORDINATOR, dateColumn, entry, GP, HOSPICE, noteColumn, NURSE, oneOf, optional, prose, required, rows, section, SOCIAL, textColumn, yesNoColumn } from './entry.ts';
import { continuingCareStatuses, equipmentKinds, equipmentStatuses, specialRulesForm } from './careSets.ts';
import type { Section } from './kinds.ts';

export const support: readonly Section[] = [
  section('support', 'support', 'Social care, equipment and funding', [SOCIAL, NURSE, GP, HOSPICE, COORDINATOR], [
    entry('carePackage', 'Care at home', 'Who comes, how often, and whom to ring.',
      rows('package', textColumn('provider!', 'Provider'), textColumn('callsPerDay', 'Calls a day'), yesNoColumn('doubleUp', 'Two carers at a time'), yesNoColumn('nightCare', 'Night care'),
        dateColumn('start', 'From'), textColumn('contact', 'Contact')),
      'G', required, [SOCIAL], { ask: 'what care comes to the home?', fhir: 'ServiceRequest' }),
    entry('equipment', 'Equipment', 'What is there, what is on its way.',
      rows('item', choiceColumn('item!', 'Item', equipmentKinds), choiceColumn('status!', 'State', equipmentStatuses), dateColumn('date', 'On'), noteColumn()), 'G', required, [NURSE, SOCIAL],
      { fhir: 'DeviceRequest' }),
    entry('chcStatus', 'NHS continuing healthcare', 'Where the application stands.', oneOf(continuingCareStatuses, 'note', 'date'), 'L', required, [NURSE, SOCIAL],
      { ask: 'has continuing healthcare been considered?', fhir: 'ServiceRequest' }),
    entry('benefitsForm', 'Special rules form (SR1)', 'For benefits when time may be short.', oneOf(specialRulesForm, 'note', 'date'), 'L', required, [GP, NURSE, HOSPICE],
      { ask: 'has the special rules form been done?', fhir: 'DocumentReference' }),
    entry('socialWorkPlan', 'Social care plan', 'What social care will do, and when.', prose, 'T', optional, [SOCIAL], { fhir: 'CarePlan' }),
  ]),
];
