/** A whole service in one process, made from one seed: nodes, people, database, bus and everything between them. */
import { may } from '../../shared/domain/access.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import type { PersonId, PlanId } from '../../shared/ids.ts';
import { MemoryTables, type KeptRow } from '../support/memoryTables.ts';
import { cast, stage, team, tokenOf } from './cast.ts';
import { Checks } from './checks.ts';
import { Client, type ClientWorld } from './client.ts';
import { Dice } from './dice.ts';
import { Hub } from './hub.ts';
import { SimulatedNode } from './node.ts';
import { Schedule } from './schedule.ts';
import { shapeOf, type Shape } from './shape.ts';
import { faultless, Server } from './storage.ts';
import { Wire } from './wire.ts';

export class SimulatedWorld implements ClientWorld {
  readonly dice: Dice;
  readonly shape: Shape;
  readonly schedule: Schedule;
  readonly tables: MemoryTables;
  readonly server: Server;
  readonly hub: Hub;
  readonly checks: Checks;
  readonly nodes: readonly SimulatedNode[];
  readonly clients: readonly Client[];
  readonly hostile: readonly Client[];
  readonly signedOut = new Set<PersonId>();
  readonly happened = new Map<string, number>();
  /** Whole and faultless from here on. */
  healed = false;
  #clientIds = 1_000;
  #serviceTokens = 0;

  constructor(seed: number, say: ((line: string) => void) | undefined) {
    const dice = new Dice(seed);
    this.dice = dice;
    this.shape = shapeOf(dice);
    const schedule = new Schedule(say);
    this.schedule = schedule;
    const time = schedule.clockOf('database', () => true);
    this.tables = new MemoryTables(() => time.now());
    this.server = new Server(schedule);
    this.hub = new Hub(schedule, dice);
    this.hub.faults = this.shape.hub;
    this.checks = new Checks(this.tables, schedule);
    for (const person of cast) this.tables.people.set(person.id, person);
    const planIds = Array.from({ length: this.shape.plans }, (_, index) => `plan_${index + 1}` as PlanId);
    for (const id of planIds) this.tables.addPlan(id, team);
    this.checks.rightsChanged();
    const around = { schedule, dice, tables: this.tables, server: this.server, hub: this.hub, signedOut: this.signedOut, faults: () => (this.healed ? faultless : this.shape.storage) };
    this.nodes = Array.from({ length: this.shape.nodes }, (_, index) => new SimulatedNode(`n${index + 1}`, around, index === 0 ? 0 : this.shape.skewMs));
    for (const node of this.nodes) node.start();
    const members = cast.filter((person) => team.includes(person.organisationId));
    const client = (name: string): Client => this.#client(name, dice.pick(members), dice.pick(planIds));
    this.clients = Array.from({ length: this.shape.clients }, (_, index) => client(`c${index + 1}`));
    this.hostile = Array.from({ length: this.shape.hostile }, (_, index) => client(`x${index + 1}`));
  }

  get everybody(): readonly Client[] {
    return [...this.clients, ...this.hostile];
  }

  #client(name: string, person: Actor, planId: PlanId): Client {
    const { dice, shape } = this;
    const readable = stage.filter((section) => (section.id !== 'death' || shape.deaths) && section.readers.includes(person.role));
    const some = readable.filter(() => dice.chance(0.5));
    const sections = some.length > 0 ? some : [dice.pick(readable)];
    const only = dice.chance(0.3) ? dice.pick(sections) : undefined;
    return new Client(name, person, planId, only?.id, only ? [only] : sections, this);
  }

  connect(client: Client): Wire | undefined {
    const up = this.nodes.filter((node) => node.live);
    if (up.length === 0) return undefined;
    const node = this.dice.pick(up);
    const wire = new Wire({ schedule: this.schedule, dice: this.dice, name: `${client.name}-${node.name}`, sent: (bytes) => { if (client.wire === wire) this.checks.sent(client, bytes); } });
    this.schedule.after(this.dice.between(0.5, 10), `${client.name} knocks at ${node.name}`, () => {
      if (node.live) node.receive(wire, client.person.id, client.planId, client.onlySection);
      else wire.die();
    });
    return wire;
  }

  newClientId = (person: Actor): number => {
    // Spread out and without order, as chance would make them.
    this.#clientIds += 1 + (this.dice.bits() % 50_000);
    this.checks.owners.set(this.#clientIds, person.id);
    return this.#clientIds;
  };
  rowsBetween(planId: PlanId, section: string, after: number, upTo: number): readonly KeptRow[] {
    // The log is dense: row n stands in place n - 1.
    return (this.tables.plans.get(planId)?.rows ?? []).slice(after, upTo).filter(({ sectionId }) => sectionId === section);
  }
  ownerOf = (clientId: number): PersonId | undefined => this.checks.owners.get(clientId);
  newServiceToken = (section: string): string => tokenOf(section, 'service', (this.#serviceTokens += 1));

  mayRead(client: Client, section: string): boolean {
    const [person, plan] = [this.tables.people.get(client.person.id), this.tables.plans.get(client.planId)];
    return person !== undefined && plan !== undefined && may(person, 'view-section', { kind: 'section', plan: this.tables.headOf(plan), section }).ok;
  }
  mayWrite(client: Client, section: string): boolean {
    const [person, plan] = [this.tables.people.get(client.person.id), this.tables.plans.get(client.planId)];
    return person !== undefined && plan !== undefined && may(person, 'edit-section', { kind: 'section', plan: this.tables.headOf(plan), section }).ok;
  }

  wrote(client: Client, section: string, change: Parameters<ClientWorld['wrote']>[2]): void {
    this.schedule.note(`${client.name} writes in ${section}: ${change.tokens.join(' ')}${change.taken.length > 0 ? ` takes away ${change.taken.join(' ')}` : ''}`);
    this.checks.noted(client.planId, section, change);
  }
  acknowledged(client: Client, section: string, changes: Parameters<ClientWorld['acknowledged']>[2]): void {
    if (changes.length > 0) this.schedule.note(`${client.name} knows as saved in ${section}: ${changes.length}`);
    this.checks.acknowledge(client, section, changes);
  }
  gaveUp(client: Client, section: string, changes: Parameters<ClientWorld['gaveUp']>[2]): void {
    if (changes.length > 0) this.schedule.note(`${client.name} gives up in ${section}: ${changes.length}`);
  }
  refused(client: Client, section: string, code: string): void {
    this.schedule.note(`${client.name} is refused in ${section}: ${code}`);
    this.checks.refused(client, section, code, this.hostile.includes(client));
  }
  violated(what: string): void {
    this.checks.violated(what);
  }

  /** Everything works again and everybody comes back. */
  heal(): void {
    this.healed = true;
    this.schedule.note('healed');
    this.hub.faults = { lost: 0, twice: 0, slow: 0 };
    this.hub.isUp = true;
    this.server.isUp = true;
    this.signedOut.clear();
    for (const node of this.nodes) if (node.line) [node.line.faults, node.line.isCut] = [faultless, false];
    for (const client of this.everybody) {
      client.wire?.readSlowly(100_000);
      if (client.wire?.isFrozen) client.wire.abandon();
      if (client.stopped === 'offline') client.comeBack();
    }
  }
  /** Whoever was told to stop loads the page anew. */
  reloadStopped(): void {
    for (const client of this.everybody) if (client.stopped !== undefined && client.stopped !== 'offline') client.reload();
  }
}
