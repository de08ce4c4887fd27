/** Professionals involved, and who leads. */
import { careTeam, choiceColumn, COORDINATOR, dateColumn, entry, GP, HOSPICE, line, optional, person, required, rows, sct, section, signOff, textColumn } from './entry.ts';
import { services } from './personSets.ts';
import type { Section } from './kinds.ts';

const doctors = [GP, HOSPICE] as const;

export const team: readonly Section[] = [
  section('team', 'team', 'Professionals involved', careTeam, [
    entry('keyWorker', 'Key worker', 'The one person whom everybody rings first.', person, 'L', required, [COORDINATOR],
      { ask: 'who is the key worker?', items: [21, 22], code: sct('719240009'), fhir: 'CareTeam.participant' }),
    entry('keyGp', 'Named GP for end-of-life care', 'The GP who leads on this care.', person, 'L', optional, [GP], { code: sct('1034241000000106'), fhir: 'CareTeam.participant' }),
    entry('teamMembers', 'Services involved', 'Each service, who to ask for, and how to reach it day and night.',
      rows('service', choiceColumn('service!', 'Service', services), textColumn('name', 'Name'), textColumn('organisation', 'Organisation'),
        textColumn('phoneInHours', 'Telephone, working hours'), textColumn('phoneOutOfHours', 'Telephone, other hours'), dateColumn('start', 'From'), dateColumn('end', 'Until')),
      'G', optional, careTeam, { items: [23, 24, 25], fhir: 'CareTeam.participant' }),
    entry('advice24h', '24-hour palliative advice line', 'Number and name of the line that is answered at night.', line, 'L', signOff, [HOSPICE],
      { ask: 'which advice line is open day and night?', fhir: 'CareTeam.telecom' }),
  ]),
  section('responsible-clinician', 'team', 'Senior responsible clinician', doctors, [
    entry('seniorClinician', 'Senior responsible clinician', 'The registered clinician who answers for the resuscitation recommendation.', person, 'X', signOff, doctors,
      { ask: 'who is the senior responsible clinician?', fhir: 'CareTeam.participant' }),
  ]),
];
