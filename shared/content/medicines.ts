/** Anticipatory medicines and medicines of note. Nothing here calculates a dose. */
import { answered, dateColumn, entry, GP, HOSPICE, line, noteColumn, NURSE, oneOf, optional, required, rows, section, signOff, signOffIf, textColumn, yesNoColumn } from './entry.ts';
import { anticipatoryStatuses, yesNoAnswers } from './careSets.ts';
import type { Section } from './kinds.ts';

const prescribers = [GP, HOSPICE] as const;
const clinicians = [GP, HOSPICE, NURSE] as const;

export const medicines: readonly Section[] = [
  section('medicines', 'medicines', 'Anticipatory medicines', clinicians, [
    entry('jicStatus', 'Anticipatory medicines', 'The box of medicines for sudden symptoms.', oneOf(anticipatoryStatuses, 'note', 'date'), 'X', signOff, clinicians,
      { ask: 'is a box of anticipatory medicines in place?', items: [31], fhir: 'Procedure' }),
    entry('jicLocation', 'Where kept', 'Which room, which cupboard.', line, 'L', signOffIf(answered('jicStatus', 'issued', 'in-use')), [NURSE],
      { ask: 'where is the box kept?', items: [32], fhir: 'Location' }),
  ]),
  section('prescribing', 'medicines', 'Medicines prescribed', prescribers, [
    entry('jicDrugs', 'Anticipatory medicines list', 'Check against the signed chart before giving anything. Units in full.',
      rows('medicine', textColumn('symptom!', 'For'), textColumn('drug!', 'Medicine'), textColumn('dose!', 'Dose'), textColumn('route!', 'Route'), textColumn('maximum', 'Most in 24 hours'),
        textColumn('authorisedTo', 'May be given by'), textColumn('quantity', 'Quantity'), dateColumn('expiry', 'Expires')),
      'G', required, prescribers, { safetyCritical: true, fhir: 'MedicationRequest' }),
    entry('currentMedicines', 'Current medicines of note', 'Those that matter in an emergency, and those to stop.',
      rows('medicine', textColumn('drug!', 'Medicine'), textColumn('dose', 'Dose'), noteColumn('because', 'Reason'), yesNoColumn('stop', 'To be stopped')), 'G', optional, prescribers,
      { safetyCritical: true, fhir: 'MedicationStatement' }),
  ]),
  section('medicine-chart', 'medicines', 'Signed chart', [NURSE, GP], [
    entry('jicAuthorisation', 'Signed chart in the home', 'If yes: the date, and who prescribed.', oneOf(yesNoAnswers, 'note', 'date'), 'X', required, [NURSE, GP],
      { ask: 'is a signed chart in the home?', fhir: 'DocumentReference' }),
  ]),
];
