/** The client's live plan against a server that does as it is told, for each test anew. */
import { afterEach, beforeEach, expect } from '@jest/globals';
import type { Field } from '../../shared/content/kinds.ts';
import { fieldById } from '../../shared/content/standard.ts';
import { writeValue } from '../../shared/crdt/sectionDocument.ts';
import { PlanConnection } from '../../client/collab/planConnection.ts';
import { eventually } from '../support/eventually.ts';
import { nodeSurroundings } from '../support/nodeSurroundings.ts';
import { CollabClientServer } from './collabClientServer.ts';

export const field = (id: string): Field => {
  const found = fieldById(id);
  if (found === undefined) throw new Error(`No field ${id}.`);
  return found;
};
export const name = field('preferredName');
export const place = field('ppd1');
export const sections = [{ id: 'identity', mayEdit: true }, { id: 'place-of-death', mayEdit: true }, { id: 'home', mayEdit: false }];

export interface ClientWorld {
  server: CollabClientServer;
  around: ReturnType<typeof nodeSurroundings>;
  accessAsked: number;
  open: () => PlanConnection;
}

/** Begins and ends with each test of the file that calls this; what it answers with is filled before each. */
export function clientWorld(): ClientWorld {
  const opened: PlanConnection[] = [];
  const world = {} as ClientWorld;
  world.open = () => {
    const connection = new PlanConnection({ url: world.server.url, sections, around: world.around, onAccessChanged: () => { world.accessAsked += 1; } });
    opened.push(connection);
    return connection;
  };
  beforeEach(async () => {
    world.server = await CollabClientServer.start();
    world.around = nodeSurroundings();
    world.accessAsked = 0;
  });
  afterEach(async () => {
    for (const connection of opened.splice(0)) connection.destroy();
    world.around.end();
    await world.server.stop();
  });
  return world;
}

/** As an editor does that is bound to the document. */
export function writeDirectly(connection: PlanConnection, section: string, value: string): void {
  const doc = connection.doc(section);
  if (doc === undefined) throw new Error(`${section} is not open.`);
  writeValue(doc, name, value);
}
export const ready = async (connection: PlanConnection): Promise<void> => eventually(() => expect(connection.status.value).toMatchObject({ kind: 'saved' }));
