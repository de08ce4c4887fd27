/** Fills an empty demo: organisations, people, patients with their plans and signed versions, meetings. Does nothing to what is there. */
import type { Actor } from '../../shared/domain/roles.ts';
import { findPerson } from '../identity/store.ts';
import type { Deps, Tx } from '../ports.ts';
import { daysFrom } from './days.ts';
import { holdMeeting, planMeeting, type MeetingCommands } from './meetings.ts';
import type { DemoPatient } from './patient.ts';
import { demoPatients } from './patients/all.ts';
import { demoOrganisations, demoStaff, simulatedPeople } from './people.ts';
import { plant, takeStep, type SigningCommands } from './plant.ts';
import { sweepAll } from './sweep.ts';
import { existingPlans, insertOrganisations, insertPeople, stayAwake, takeSeedingLock } from './store.ts';

export type SeedCommands = SigningCommands & MeetingCommands;

/**
 * Makes whatever of the demo is missing, and a meeting for today when none lies ahead. Safe at every start and on every node: one
 * node seeds, the others go on. Throws outside demo mode.
 */
export async function seedDemo(deps: Deps, commands: SeedCommands): Promise<void> {
  if (!deps.settings.demo) throw new Error('the demo is seeded in demo mode only');
  await deps.db.transaction(async (tx) => {
    if (await takeSeedingLock(tx)) await seedOnce(deps, commands, tx);
  });
}

async function seedOnce(deps: Deps, commands: SeedCommands, held: Tx): Promise<void> {
  await insertOrganisations(deps.db, demoOrganisations);
  await insertPeople(deps.db, [...demoStaff, ...simulatedPeople]);
  const actors = await everyone(deps);
  const days = daysFrom(deps.clock.now());
  const patients = demoPatients.map((make) => make(days));
  const there = await existingPlans(deps.db, patients.map(({ planId }) => planId));

  let awake = Promise.resolve<unknown>(undefined);
  // One statement at a time on one connection.
  const keepAwake = (): Promise<unknown> => (awake = awake.then(() => stayAwake(held)));
  const planted = new Set<DemoPatient>();
  await sideBySide(patients.filter(({ planId }) => !there.has(planId)), async (patient) => {
    if (await plant(deps, actors, patient)) planted.add(patient);
    await keepAwake();
  });
  // Before the first signatures, so that the versions hold what the meeting decided.
  if (planted.size === patients.length) await holdMeeting(deps, commands, actors, days);
  await sideBySide([...planted], async (patient) => {
    for (const step of patient.steps) await takeStep(deps, commands, actors, patient, step);
    await keepAwake();
  });
  await planMeeting(deps, commands, actors, days);
  await sweepAll(deps);
}

/** Plans do not wait for each other, and waiting for the disk is most of the work. */
async function sideBySide(patients: readonly DemoPatient[], work: (patient: DemoPatient) => Promise<void>): Promise<void> {
  const waiting = patients.values();
  await Promise.all(Array.from({ length: hands }, async () => {
    for (const patient of waiting) await work(patient);
  }));
}
const hands = 4;

async function everyone({ db }: Deps): Promise<ReadonlyMap<string, Actor>> {
  const actors = new Map<string, Actor>();
  for (const { id } of [...demoStaff, ...simulatedPeople]) {
    const actor = await findPerson(db, id);
    if (actor) actors.set(id, actor);
  }
  return actors;
}
