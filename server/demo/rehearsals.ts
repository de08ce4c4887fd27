/** Which simulated colleagues are where, and when they go: after ten minutes, when sent away, when the last real person has left, when the service stops. */
import type { PlanFacts } from '../../shared/domain/planFacts.ts';
import type { MeetingId, PersonId, PlanId } from '../../shared/ids.ts';
import { ok, refuse, type Result } from '../../shared/refusal.ts';
import type { PracticeState } from '../../shared/wire/practice.ts';
import type { PresentUser } from '../../shared/wire/presence.ts';
import { beginSession, finishSession } from '../identity/sessions.ts';
import { findPerson } from '../identity/store.ts';
import type { Deps } from '../ports.ts';
import { startAttendee } from './attendee.ts';
import { chanceOf, startColleague, type Colleague } from './colleague.ts';
import { simulatedPeople } from './people.ts';
import { sweep } from './sweep.ts';

export type Scene = { readonly kind: 'plan'; readonly id: PlanId } | { readonly kind: 'meeting'; readonly id: MeetingId };

export interface RehearsalNeeds {
  /** Where this node listens, once it does: "http://127.0.0.1:3000". */
  readonly address: () => string;
  readonly presentOn: (planId: PlanId) => Promise<readonly PresentUser[]>;
  /** Real people who are in the meeting now. */
  readonly presentIn: (meetingId: MeetingId) => Promise<number>;
}

const stayMs = 10 * 60 * 1000;
const lookMs = 5_000;
/** Somebody who has just asked for colleagues may still be opening the page; somebody whose line broke may come back. */
const patienceMs = 30_000;
const scenesMax = 6;
const endChannel = 'practice-end';

interface Rehearsal {
  readonly scene: Scene;
  readonly plans: readonly PlanFacts[];
  readonly colleagues: Colleague[];
  readonly endsAt: Date;
  lastSeenMs: number;
  timer: { cancel(): void };
  ending: Promise<void> | undefined;
}

export class Rehearsals {
  readonly #running = new Map<string, Rehearsal>();
  readonly #starting = new Set<string>();
  readonly #stopListening: Promise<() => Promise<void>>;

  constructor(private readonly deps: Deps, private readonly needs: RehearsalNeeds) {
    this.#stopListening = deps.bus.subscribe(endChannel, (message) => this.#endHere(Buffer.from(message).toString()));
    this.#stopListening.catch((error: unknown) => deps.log.warn({ err: error }, 'practice on this node cannot be ended from another'));
  }

  /** Who is simulated there now. Colleagues that another node plays are known by their presence, but not until when they stay. */
  async stateOf(id: PlanId | MeetingId): Promise<PracticeState> {
    const here = this.#running.get(id);
    if (here && !here.ending) return { running: true, colleagues: here.colleagues.map(({ actor }) => brief(actor)), endsAt: here.endsAt.toISOString() };
    const others = id.startsWith('plan_') ? (await this.needs.presentOn(id as PlanId)).filter(({ simulated }) => simulated) : [];
    return { running: others.length > 0 && !here, colleagues: here ? [] : others.map(brief), endsAt: null };
  }

  /** Brings colleagues in. Refusals: `conflict` (somebody practises there already, or no colleague belongs to this care team), `too-many`, `unavailable` (one of them could not come in, so none stays). */
  async begin(scene: Scene, wanted: number, plans: readonly PlanFacts[]): Promise<Result<PracticeState>> {
    if (this.#running.has(scene.id) || this.#starting.has(scene.id)) return refuse('conflict', 'Simulated colleagues are here already.');
    if (this.#running.size >= scenesMax) return refuse('too-many', 'Enough practice is going on elsewhere; send those colleagues away first.');
    const fitting = simulatedPeople.filter(({ organisationId }) => plans.some((plan) => plan.team.includes(organisationId))).slice(0, wanted);
    if (fitting.length === 0) return refuse('conflict', 'No simulated colleague belongs to an organisation of this care team.');
    this.#starting.add(scene.id);
    try {
      const nowMs = this.deps.clock.now().getTime();
      const seed = new DataView(Uint8Array.from(this.deps.random(4)).buffer).getUint32(0);
      const brought = await Promise.allSettled(fitting.map(({ id }, index) => this.#bring(scene, id, { seed: seed + index, chooses: index === 0 }, plans)));
      const colleagues = brought.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      const failed = brought.find((one) => one.status === 'rejected');
      if (failed) {
        // Nobody would ever send the others away.
        await Promise.all(colleagues.map((colleague) => this.#sendAway(colleague)));
        this.deps.log.warn({ err: failed.reason }, 'a simulated colleague could not come in');
        return refuse('unavailable', 'The simulated colleagues could not come in. Try again in a moment.');
      }
      const rehearsal: Rehearsal = { scene, plans, colleagues, endsAt: new Date(nowMs + stayMs), lastSeenMs: nowMs, timer: { cancel: () => undefined }, ending: undefined };
      this.#running.set(scene.id, rehearsal);
      for (const colleague of colleagues) void colleague.gone.then((tidy) => this.#lost(rehearsal, tidy));
      this.#watch(rehearsal);
      return ok(await this.stateOf(scene.id));
    } finally {
      this.#starting.delete(scene.id);
    }
  }

  /** Sends colleagues away, on whichever node they are; resolves when those of this node have taken back what they wrote. */
  async end(id: PlanId | MeetingId): Promise<void> {
    this.deps.bus.publish(endChannel, Buffer.from(id));
    await this.#finish(this.#running.get(id));
  }

  /** Sends everybody away; to be called while the service still listens. */
  async close(): Promise<void> {
    await Promise.all([...this.#running.values()].map((rehearsal) => this.#finish(rehearsal)));
    await this.#stopListening.then((stop) => stop(), () => undefined);
  }

  async #bring(scene: Scene, personId: PersonId, { seed, chooses }: { readonly seed: number; readonly chooses: boolean }, plans: readonly PlanFacts[]): Promise<Colleague> {
    const { db, bus, clock, log, random, settings } = this.deps;
    const actor = await findPerson(db, personId);
    if (!actor?.simulated) throw new Error(`${personId} is not one of the simulated people`);
    const cookie = (await beginSession(db, random, personId, settings.publicUrl)).split(';')[0] ?? '';
    const shared = { actor, cookie, clock, chance: chanceOf(seed), chooses, address: this.needs.address(), publicUrl: settings.publicUrl };
    const finish = () => finishSession(db, bus, cookie, settings.publicUrl).catch((error: unknown) => log.debug({ err: error }, 'a simulated session runs out by itself'));
    try {
      const [plan] = plans;
      const colleague = scene.kind === 'meeting' ? await startAttendee({ ...shared, log, meetingId: scene.id, plans })
        : plan && (await startColleague({ ...shared, planId: plan.id, plan }));
      if (!colleague) throw new Error('there is no plan to practise on');
      void colleague.gone.then(finish);
      return colleague;
    } catch (error) {
      await finish();
      throw error;
    }
  }

  #watch(rehearsal: Rehearsal): void {
    rehearsal.timer = this.deps.clock.after(lookMs, () => {
      this.#isOver(rehearsal)
        .then((over) => (over ? this.#finish(rehearsal) : this.#watch(rehearsal)))
        .catch((error: unknown) => {
          this.deps.log.warn({ err: error }, 'practice could not be looked after; it is ended');
          void this.#finish(rehearsal);
        });
    });
  }

  async #isOver(rehearsal: Rehearsal): Promise<boolean> {
    const nowMs = this.deps.clock.now().getTime();
    if (nowMs >= rehearsal.endsAt.getTime()) return true;
    const { scene } = rehearsal;
    const watched = scene.kind === 'plan' ? (await this.needs.presentOn(scene.id)).filter(({ simulated }) => !simulated).length : await this.needs.presentIn(scene.id);
    if (watched > 0) rehearsal.lastSeenMs = nowMs;
    return nowMs - rehearsal.lastSeenMs >= patienceMs;
  }

  #endHere(id: string): void {
    void this.#finish(this.#running.get(id));
  }

  /** A colleague whose line broke could not tidy up: the service does it. */
  #lost(rehearsal: Rehearsal, tidy: boolean): void {
    if (!tidy) for (const plan of rehearsal.plans) void this.#sweep(plan);
    const left = rehearsal.colleagues.filter((colleague) => !colleague.hasLeft);
    if (left.length === 0) void this.#finish(rehearsal);
  }

  #sweep(plan: PlanFacts): Promise<void> {
    return sweep(this.deps, plan.id).catch((error: unknown) => this.deps.log.warn({ err: error }, 'practice is still in a demo plan; it is taken out at the next start'));
  }

  #sendAway(colleague: Colleague): Promise<void> {
    return colleague.leave().catch((error: unknown) => this.deps.log.warn({ err: error }, 'a simulated colleague left untidily'));
  }

  #finish(rehearsal: Rehearsal | undefined): Promise<void> {
    if (!rehearsal) return Promise.resolve();
    rehearsal.ending ??= (async () => {
      rehearsal.timer.cancel();
      await Promise.all(rehearsal.colleagues.map((colleague) => this.#sendAway(colleague)));
      await Promise.all(rehearsal.plans.map((plan) => this.#sweep(plan)));
      this.#running.delete(rehearsal.scene.id);
    })();
    return rehearsal.ending;
  }
}

const brief = ({ id, name, role }: { readonly id: string; readonly name: string; readonly role: string }) => ({ id, name, role });
