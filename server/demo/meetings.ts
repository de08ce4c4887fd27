/** The demo's two meetings: one held while seeding, so that there are minutes to read, and one due today. */
import type { Actor } from '../../shared/domain/roles.ts';
import type { MeetingId, PlanId } from '../../shared/ids.ts';
import type { Result } from '../../shared/refusal.ts';
import type { Deps } from '../ports.ts';
import type { Days } from './days.ts';
import { people } from './people.ts';
import { granted } from './plant.ts';
import { hasMadeMeeting, hasMeetingAhead } from './store.ts';

type Order = Readonly<Record<string, unknown>> & { readonly meetingId: string };
/** What happens in a meeting; the feature that owns it is joined to this one where the service is put together. */
export interface MeetingCommands {
  createMeeting(deps: Deps, acting: { readonly actor: Actor }, order: { readonly title: string; readonly startsAt: string; readonly planIds: string[]; readonly invited: string[]; readonly chairId: string }): Promise<Result<MeetingId>>;
  joinMeeting(deps: Deps, acting: { readonly actor: Actor }, meetingId: string, connectionId: string): Promise<Result<unknown>>;
  carryOut(deps: Deps, acting: { readonly actor: Actor }, event: 'start' | 'goTo' | 'decide' | 'act' | 'end' | 'apologies', order: Order): Promise<Result<unknown>>;
  /** The agenda in order. */
  agendaOf(deps: Deps, actor: Actor, meetingId: string): Promise<readonly { readonly id: string; readonly planId: string }[]>;
  /** Writes into the plans what they are owed: which meeting it was and who was there. */
  payNotes(deps: Deps, meetingId: MeetingId): Promise<void>;
}

const coordinator = people.carter.id;
const chairId = people.nair.id;

interface Said {
  readonly decision: string;
  readonly rationale: string;
  readonly action: string;
  readonly owner: string;
  readonly dueIn: number;
}
const heldAbout: Readonly<Record<string, Said>> = {
  'plan_david-penrose': { decision: 'Two waking nights a week are to be funded from health money', rationale: 'His wife cannot go on without sleep', action: 'Send the application with the ventilation team’s letter', owner: people.moss.id, dueIn: 4 },
  'plan_kevin-marsh': { decision: 'Keep a hospice bed in view while the release application runs', rationale: 'It takes weeks, and weeks are what he has', action: 'Ring the governor’s office about the application', owner: people.moss.id, dueIn: 2 },
  'plan_edna-brightwell': { decision: 'Carry on at home with two calls a day', rationale: 'Her choice, and she manages', action: 'Ask the falls team for a second look at the stairs', owner: people.reid.id, dueIn: 9 },
};
const agendaToday = ['plan_albert-finch', 'plan_maureen-ashby', 'plan_mohinder-gill', 'plan_george-tilling', 'plan_victor-nwosu', 'plan_susan-fairley', 'plan_winifred-hale', 'plan_linda-proctor', 'plan_patricia-doyle', 'plan_jamie-holloway'];

const invited: string[] = [people.osei, people.hartley, people.reid, people.okoro, people.forsberg, people.moss, people.rahim].map(({ id }) => id);

/** An invitation opens the plans for a while: to those who had something to do with these three. */
const invitedBefore = invited.filter((id) => id !== people.hartley.id);

/** Holds a short meeting about plans that are not signed yet, with everything that a real one leaves behind. Times are the database's own. */
export async function holdMeeting(deps: Deps, commands: MeetingCommands, actors: ReadonlyMap<string, Actor>, days: Days): Promise<void> {
  if (await hasMadeMeeting(deps.db, coordinator)) return;
  const planIds = Object.keys(heldAbout);
  const carter = present(actors, coordinator);
  const meetingId = granted(await commands.createMeeting(deps, { actor: carter }, { title: 'Northmere palliative care meeting: three plans in detail', startsAt: deps.clock.now().toISOString(), planIds, invited: invitedBefore, chairId }));
  for (const id of [chairId, coordinator, people.osei.id, people.okoro.id, people.moss.id]) granted(await commands.joinMeeting(deps, { actor: present(actors, id) }, meetingId, `connection_seed-${id.slice('person_'.length)}`));
  const order = (event: Parameters<MeetingCommands['carryOut']>[2], rest: Readonly<Record<string, unknown>> = {}, actor = carter) =>
    commands.carryOut(deps, { actor }, event, { meetingId, ...rest });
  granted(await order('apologies', { personId: people.reid.id, sent: true }));
  granted(await order('start'));
  for (const item of await commands.agendaOf(deps, carter, meetingId)) {
    const said = heldAbout[item.planId];
    if (!said) continue;
    granted(await order('goTo', { itemId: item.id }));
    granted(await order('decide', { itemId: item.id, once: `seed-decision-${item.id}`.slice(0, 60), text: said.decision, rationale: said.rationale }, present(actors, chairId)));
    granted(await order('act', { itemId: item.id, once: `seed-action-${item.id}`.slice(0, 60), text: said.action, ownerId: said.owner, due: days.day(said.dueIn), priority: 'soon' }));
  }
  granted(await order('end'));
  await commands.payNotes(deps, meetingId);
}

/** Makes sure that a meeting lies ahead: today at one o'clock, or at the next full hour. */
export async function planMeeting(deps: Deps, commands: MeetingCommands, actors: ReadonlyMap<string, Actor>, days: Days): Promise<void> {
  if (await hasMeetingAhead(deps.db, coordinator)) return;
  granted(await commands.createMeeting(deps, { actor: present(actors, coordinator) }, {
    title: 'Northmere palliative care meeting', startsAt: days.nextMeeting(), planIds: [...agendaToday] as PlanId[], invited, chairId,
  }));
}

function present(actors: ReadonlyMap<string, Actor>, id: string): Actor {
  const actor = actors.get(id);
  if (!actor) throw new Error(`${id} is not among the people of the demo`);
  return actor;
}
