/** The meeting: what was said, decided and taken on, and the sign-off. */
import { careTeam, choiceColumn, COORDINATOR, date, dateColumn, entry, line, lines, noteColumn, oneOf, personColumn, prose, required, rows, sct, section, signOff, textColumn } from './entry.ts';
import { actionStatuses, attendanceKinds, priorities, signOffStates } from './careSets.ts';
import type { Section } from './kinds.ts';

export const mdt: readonly Section[] = [
  section('mdt', 'mdt', 'Team review', careTeam, [
    entry('reviewDue', 'Next review date', 'At most three months ahead; sooner as things change.', date, 'L', signOff, careTeam,
      { ask: 'when will the team look at this again?', items: [3], fhir: 'CarePlan.period.end' }),
    entry('meetingRef', 'Meeting', 'The meeting in which this was last discussed; kept by the service.', line, 'A', signOff, [], { fhir: 'Encounter' }),
    entry('attendance', 'Present and apologies', 'Who was there, taken from who signed in; kept by the service.',
      rows('person', personColumn('person!', 'Person'), choiceColumn('attendance', 'Attendance', attendanceKinds), textColumn('joined', 'Joined'), textColumn('left', 'Left')), 'A', signOff, [],
      { fhir: 'Encounter.participant' }),
    entry('discussion', 'Discussion points', 'What was said that others need to know.', prose, 'T', signOff, careTeam, { ask: 'what did the team discuss?', fhir: 'Composition.section' }),
    // A meeting may rightly end with nothing to decide or to do: asking for a row would only invite an invented one.
    entry('decisions', 'Decisions', 'What was decided, by whom, why, and who disagreed.',
      rows('decision', noteColumn('text!', 'Decision'), personColumn('decidedBy', 'Decided by'), noteColumn('dissent', 'Disagreement'), noteColumn('rationale', 'Reason')), 'G', required, [COORDINATOR],
      { code: sct('519451000000100'), fhir: 'ClinicalImpression' }),
    entry('actions', 'Actions', 'Each with one owner and a date.',
      rows('action', noteColumn('text!', 'Action'), personColumn('owner!', 'Owner'), dateColumn('due!', 'Due'), choiceColumn('priority', 'Priority', priorities),
        choiceColumn('status', 'State', actionStatuses), dateColumn('doneOn', 'Done on'), noteColumn('evidence', 'Evidence')),
      'G', required, [COORDINATOR], { fhir: 'Task' }),
    entry('signOff', 'Sign-off', 'Where this plan stands; kept by the service.', oneOf(signOffStates), 'A', signOff, [], { fhir: 'CarePlan.status' }),
    entry('signOffStatement', 'Signed by', 'Who signed, as what, when, and over which content; kept by the service.', lines, 'A', signOff, [], { fhir: 'Provenance.signature' }),
  ]),
];
