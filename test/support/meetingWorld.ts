/** A community in a meeting: two patients, six people, one node; what the tests about meetings begin with. */
import { addDays, londonDate } from '../../shared/domain/dates.ts';
import type { MeetingId, PlanId } from '../../shared/ids.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import type { MeetingState, NewMeeting } from '../../shared/wire/meetings.ts';
import { createMeeting } from '../../server/meetings/commands.ts';
import { makeDatabase, type TestDatabase } from './database.ts';
import { Chair, makePerson, makePlan, startNode, type Node, type Person } from './meetingRoom.ts';

export const soon = (): string => new Date(Date.now() + 60_000).toISOString();
export const inAWeek = (): string => addDays(londonDate(new Date()), 7);
let orders = 0;
/** A key that no other order has. */
export const once = (): string => `order-${(orders += 1)}-${Date.now()}`;

export interface MdtContent {
  readonly decisions?: readonly { readonly id: string; readonly text: string }[];
  readonly actions?: readonly { readonly id: string; readonly text: string; readonly status: string; readonly doneOn?: string }[];
  readonly meetingRef?: string;
  readonly attendance?: readonly { readonly id: string; readonly attendance: string; readonly joined?: string }[];
}
export interface Running {
  readonly meetingId: MeetingId;
  readonly chair: Chair;
  readonly others: readonly Chair[];
  readonly itemId: string;
  readonly state: MeetingState;
}

export class MeetingWorld {
  readonly #open: Chair[] = [];
  constructor(
    readonly made: TestDatabase, readonly node: Node, readonly people: Readonly<Record<'gp' | 'nurse' | 'coordinator' | 'hospice' | 'social' | 'paramedic', Person>>,
    /** Stage D; the social worker is not on its care team. */
    readonly red: PlanId,
    /** Stage B; everybody is. */
    readonly green: PlanId,
  ) {}

  enter(person: Person, headers: Record<string, string> = {}): Chair {
    const chair = new Chair(this.node, person, headers);
    this.#open.push(chair);
    return chair;
  }
  async newMeeting(order: Partial<NewMeeting> = {}, by: Actor = this.people.gp.actor): Promise<MeetingId> {
    const meeting = await createMeeting(this.node.deps, { actor: by }, { title: 'Elm MDT', startsAt: soon(), planIds: [this.green, this.red], ...order });
    if (!meeting.ok) throw new Error(JSON.stringify(meeting.refusal));
    return meeting.value;
  }
  itemOf(state: MeetingState, planId: PlanId): string {
    const item = state.agenda.find((found) => found.planId === planId);
    if (!item) throw new Error('not on the agenda');
    return item.id;
  }
  /** A running meeting with the GP in the chair and these people in it, on the given patient. */
  async running(on: PlanId = this.red, people: readonly Person[] = []): Promise<Running> {
    const meetingId = await this.newMeeting();
    const chair = this.enter(this.people.gp);
    await chair.must('join', { meetingId });
    const others = people.map((person) => this.enter(person));
    for (const other of others) await other.must('join', { meetingId });
    const itemId = this.itemOf(await chair.must('start', { meetingId }), on);
    return { meetingId, chair, others, itemId, state: await chair.must('goTo', { meetingId, itemId }) };
  }
  /** The plan's own team review, from its log. */
  async mdtOf(planId: PlanId): Promise<MdtContent> {
    return ((await this.node.deps.text.contentAt(this.made.db, planId)).sections['mdt'] ?? {}) as MdtContent;
  }
  closeSockets(): void {
    for (const chair of this.#open.splice(0)) chair.close();
  }
  async close(): Promise<void> {
    this.closeSockets();
    await this.node.stop();
    await this.made.drop();
  }
}

export async function openMeetingWorld(): Promise<MeetingWorld> {
  const made = await makeDatabase();
  const gp = await makePerson(made.db, 'Dr Osei', 'gp', 'Elm Surgery', { senior: true });
  const nurse = await makePerson(made.db, 'Ann Reid', 'community-nurse', 'Nursing Trust');
  const coordinator = await makePerson(made.db, 'Helen Carter', 'coordinator', 'Hub');
  const hospice = await makePerson(made.db, 'Grace Lind', 'hospice-clinician', 'Hospice');
  const social = await makePerson(made.db, 'Dan Moss', 'social-worker', 'Council');
  const paramedic = await makePerson(made.db, 'Owen Price', 'urgent-care', 'Ambulance');
  const node = await startNode(made.db);
  const team = [gp, nurse, coordinator, hospice].map(({ actor }) => actor);
  const red = await makePlan(node.deps, gp.actor, 'Walker', team, 'red');
  const green = await makePlan(node.deps, gp.actor, 'Byrne', [...team, social.actor], 'green');
  return new MeetingWorld(made, node, { gp, nurse, coordinator, hospice, social, paramedic }, red, green);
}
