/** What goes wrong, or simply happens, while people write: each takes its dice from the world and says in one line what it did. */
import type { PlanNotice } from '../../server/ports.ts';
import { may } from '../../shared/domain/access.ts';
import type { Role } from '../../shared/domain/roles.ts';
import type { Holder } from '../support/memoryLocks.ts';
import type { KeptPlan } from '../support/memoryTables.ts';
import { cast, stage, team } from './cast.ts';
import { hashAt } from './ending.ts';
import { attack } from './hostile.ts';
import type { Mishap } from './shape.ts';
import { write, type Written } from './writing.ts';
import type { SimulatedWorld } from './world.ts';

type Happening = (world: SimulatedWorld) => string | undefined;

export const happenings: Readonly<Record<Mishap, Happening>> = {
  'crash': ({ dice, nodes, schedule }) => {
    const node = dice.pick(nodes);
    if (!node.live) return undefined;
    node.crash();
    schedule.after(dice.between(50, 3_000), `${node.name} starts`, () => node.start());
    return node.name;
  },
  'stop': ({ dice, nodes, schedule, checks }) => {
    const node = dice.pick(nodes);
    if (!node.live) return undefined;
    node.stop().then(
      () => void schedule.after(dice.between(50, 1_000), `${node.name} starts`, () => { if (!node.live) node.start(); }),
      (error: unknown) => checks.violated(`${node.name} could not stop: ${String(error)}`),
    );
    return node.name;
  },
  'database-crash': ({ dice, server }) => {
    if (!server.isUp) return undefined;
    server.crash(dice.between(20, 3_000));
    return '';
  },
  'database-cut': ({ dice, nodes, schedule }) => {
    const node = dice.pick(nodes);
    const { line } = node;
    if (!line || line.isCut) return undefined;
    line.isCut = true;
    schedule.after(dice.between(50, 8_000), `${node.name} reaches the database again`, () => { line.isCut = false; });
    return node.name;
  },
  'bus-down': ({ dice, hub }) => {
    hub.goDown(dice.between(100, 8_000), dice.chance(0.5));
    return '';
  },
  'bus-forgets': ({ hub }) => {
    hub.forget();
    return '';
  },
  'cut': (world) => onWire(world, (wire) => wire.cut()),
  'freeze': (world) => onWire(world, (wire) => wire.freeze()),
  'slow-reader': (world) => {
    const { dice, schedule } = world;
    return onWire(world, (wire) => {
      wire.readSlowly(dice.pick([0.02, 0.2, 1]));
      schedule.after(dice.between(200, 6_000), 'reads fast again', () => wire.readSlowly(100_000));
    });
  },
  'offline': ({ dice, clients, schedule }) => {
    const client = dice.pick(clients);
    if (client.stopped) return undefined;
    client.goOffline();
    schedule.after(dice.between(100, 6_000), `${client.name} comes back`, () => { if (client.stopped === 'offline') client.comeBack(); });
    return client.name;
  },
  'reload': ({ dice, clients }) => {
    const client = dice.pick(clients);
    client.reload();
    return client.name;
  },
  'team': (world) => {
    const { dice, tables, checks } = world;
    const plan = dice.pick([...tables.plans.values()]);
    const organisation = dice.pick(team);
    return otherProgram(world, plan, () => {
      const isIn = plan.team.includes(organisation);
      plan.team = (isIn ? plan.team.filter((id) => id !== organisation) : [...plan.team, organisation]).toSorted();
      tables.record(plan, [{ actor: 'system', action: isIn ? 'remove-from-team' : 'add-to-team', outcome: 'done', ref: { organisation } }]);
      checks.rightsChanged();
      announce(world, plan, { kind: 'access-changed' });
      return `${organisation} ${isIn ? 'leaves' : 'joins'} ${plan.id}`;
    });
  },
  'role': ({ dice, tables, checks }) => {
    const person = dice.pick(cast);
    const now = tables.people.get(person.id);
    if (!now) return undefined;
    if (now.seniorClinician || (person.seniorClinician && dice.chance(0.5))) {
      tables.people.set(person.id, { ...now, seniorClinician: !now.seniorClinician });
      checks.rightsChanged();
      return `${person.id} is ${now.seniorClinician ? 'no longer ' : ''}a senior clinician`;
    }
    const role: Role = now.role === person.role ? dice.pick(['care-home-nurse', 'social-worker', 'community-nurse', 'privacy-officer']) : person.role;
    tables.people.set(person.id, { ...now, role });
    checks.rightsChanged();
    return `${person.id} is ${role}`;
  },
  'sign-out': ({ dice, signedOut, schedule }) => {
    const { id } = dice.pick(cast);
    signedOut.add(id);
    schedule.after(dice.between(500, 8_000), `${id} signs in`, () => void signedOut.delete(id));
    return id;
  },
  'sign-off': (world) => {
    const { dice, tables, schedule } = world;
    const plan = dice.pick([...tables.plans.values()]);
    const [position, hash] = [plan.position, hashAt(plan, plan.position)];
    schedule.after(dice.between(0, 300), 'signs', () => void otherProgram(world, plan, () => sign(world, plan, position, hash)));
    return `${plan.id} is read at ${position}`;
  },
  'held': (world) => {
    const { dice, tables } = world;
    const plan = dice.pick([...tables.plans.values()]);
    return otherProgram(world, plan, () => plan.id, dice.pick([30, 300, 1_500, 5_000]));
  },
  'record': (world) => {
    const { dice, tables } = world;
    const plan = dice.pick([...tables.plans.values()]);
    return otherProgram(world, plan, () => {
      tables.record(plan, [{ actor: 'system', action: 'read-version', outcome: 'done' }]);
      return plan.id;
    });
  },
  'service-write': (world) => {
    const { dice, nodes } = world;
    const node = dice.pick(nodes);
    if (!node.live) return undefined;
    writeBeside(world, node.live).catch((error: unknown) => world.schedule.note(`service write: ${String(error)}`));
    return node.name;
  },
  'attack': ({ dice, hostile }) => {
    const client = hostile.length > 0 ? dice.pick(hostile) : undefined;
    return client && attack(client, dice);
  },
};

function onWire({ dice, everybody }: SimulatedWorld, work: (wire: NonNullable<SimulatedWorld['everybody'][number]['wire']>) => void): string | undefined {
  const client = dice.pick(everybody);
  if (!client.wire || client.wire.isFrozen) return undefined;
  work(client.wire);
  return client.name;
}

/** Another program takes the plan's lock, does what it does in one go, and gives the lock back after a while. */
function otherProgram({ tables, schedule, dice }: SimulatedWorld, plan: KeptPlan, work: () => string, forMs = 0): string {
  const holder: Holder = { name: 'another program' };
  tables.locks.take(plan.id, holder, schedule.clockOf('another program', () => true)).then(
    () => {
      schedule.note(`another program: ${work()}`);
      schedule.after(forMs || dice.between(0, 5), 'another program commits', () => tables.locks.release(holder));
    },
    () => schedule.note('another program gives up waiting'),
  );
  return plan.id;
}

/** Tells one of the nodes, as the route that did it would; it may be lost like any word between nodes. */
function announce({ dice, nodes }: SimulatedWorld, plan: KeptPlan, notice: PlanNotice): void {
  const live = nodes.flatMap((node) => node.live ?? []);
  if (live.length > 0 && dice.chance(0.8)) dice.pick(live).fanout.announce(plan.id, notice);
}

/** The sign-off fence: what was read must still be what stands, and must not be signed already. */
function sign(world: SimulatedWorld, plan: KeptPlan, position: number, contentHash: string): string {
  const { tables } = world;
  if (plan.contentPosition > position || (plan.versions.at(-1)?.position ?? -1) >= plan.contentPosition) return `${plan.id} is not signed at ${position}`;
  const signer = cast[0];
  if (!signer) throw new Error('nobody to sign');
  const number = plan.versions.length + 1;
  const at = tables.moment();
  plan.versions.push({ number, position, by: signer.name, at, contentHash });
  tables.mark(plan, signer, number, at);
  announce(world, plan, { kind: 'signed', number, position, by: signer.name, at: at.toISOString() });
  return `${plan.id} is signed at ${position}`;
}

/** A change by the service itself, in somebody's name: committed alone, under the plan's lock. */
async function writeBeside({ dice, tables, checks, newClientId, newServiceToken }: SimulatedWorld, live: NonNullable<SimulatedWorld['nodes'][number]['live']>): Promise<void> {
  const kept = dice.pick([...tables.plans.values()]);
  const actor = tables.people.get(dice.pick(cast).id);
  const section = dice.pick(stage.filter(({ id }) => id !== 'death'));
  if (!actor || !may(actor, 'edit-section', { kind: 'section', plan: tables.headOf(kept), section: section.id }).ok) return;
  const plan = await live.plans.open(kept.id);
  const room = await plan?.room(section.id);
  if (!plan || !room) return;
  let written: Written = { tokens: [], taken: [], prose: false };
  live.committer.submit(plan, {
    kind: 'write', room, actor, isService: false, also: undefined,
    change: (doc) => {
      doc.clientID = newClientId(actor);
      written = write(doc, section, dice, () => newServiceToken(section.id));
      checks.noted(kept.id, section.id, written);
    },
    answer: (result) => { if (result.ok) checks.vouched(written); },
    failed: () => undefined,
  });
}

