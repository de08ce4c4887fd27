/** What a screen does when its session ends, or becomes another person's, while words on it are nowhere else. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { standing } from '../../client/app/owner.ts';
import { SomebodyElse } from '../../client/app/SomebodyElse.tsx';
import { OpenHere } from '../../client/collab/openHere.ts';
import { PlanConnection } from '../../client/collab/planConnection.ts';
import { writeField } from '../../client/collab/writing.ts';
import type { Session } from '../../client/data/session.ts';
import { saveWords } from '../../client/plan/SaveIndicator.tsx';
import { fieldById } from '../../shared/content/standard.ts';
import { readField } from '../../shared/crdt/sectionDocument.ts';
import { eventually } from '../support/eventually.ts';
import { nodeSurroundings } from '../support/nodeSurroundings.ts';
import { CollabClientServer } from './collabClientServer.ts';

const name = fieldById('preferredName');
if (name === undefined) throw new Error('No such field.');
const may = { createPlan: true, createMeeting: true, seeCaseload: true, seeMeetings: true, urgentView: false, readDrafts: true, breakGlass: true, privacyAlerts: false, seeColleagues: false, seeOwnPlans: false };
const session = (id: string, called: string): Session => ({ person: { id, name: called, role: 'gp', roleLabel: 'GP', jobTitle: 'GP', organisation: 'Elm Surgery' }, may, demo: true });
const [amara, ann] = [session('person_amara', 'Dr Amara Osei'), session('person_ann', 'Ann Reid')];

let server: CollabClientServer;
let around: ReturnType<typeof nodeSurroundings>;
let connection: PlanConnection;
beforeEach(async () => {
  server = await CollabClientServer.start();
  around = nodeSurroundings();
  connection = new PlanConnection({ url: server.url, sections: [{ id: 'identity', mayEdit: true }], around, onAccessChanged: () => undefined });
  await eventually(() => expect(connection.status.value).toMatchObject({ kind: 'saved' }));
});
afterEach(async () => {
  connection.destroy();
  around.end();
  await server.stop();
});

/** Writes what the server never takes, and ends the session. */
async function signedOutWith(words: string): Promise<void> {
  server.holding = true;
  writeField(connection, 'identity', name!, words);
  server.hangUp(4401);
  await eventually(() => expect(connection.status.value).toMatchObject({ kind: 'stopped', why: 'sign-in' }));
  server.holding = false;
}
const onServer = (): unknown => readField(server.room('identity').doc, name!);

describe('a session that ended', () => {
  test('[CC20] HAZ-04 what is unsaved is counted and kept for copying; once the same person is back it is sent and no longer kept', async () => {
    await signedOutWith('Peggy');
    expect(saveWords(connection.status.value)).toBe('Signed out: 1 change only on this device');
    expect(connection.kept.value).toMatchObject([{ section: 'identity', field: 'preferredName', value: 'Peggy' }]);
    writeField(connection, 'identity', name!, 'Peggy Ann');
    expect(connection.kept.value).toMatchObject([{ value: 'Peggy Ann' }]);
    connection.signedInAgain();
    await eventually(() => expect(connection.status.value).toMatchObject({ kind: 'saved' }));
    expect(onServer()).toBe('Peggy Ann');
    expect([connection.kept.value, connection.unsavedFields]).toEqual([[], 0]);
  });

  test('[CC20] HAZ-04 an open line that is stopped goes on as well, with what was written meanwhile', async () => {
    connection.stop('sign-in');
    writeField(connection, 'identity', name!, 'Peggy');
    connection.signedInAgain();
    await eventually(() => expect(onServer()).toBe('Peggy'));
    await eventually(() => expect(connection.status.value).toMatchObject({ kind: 'saved' }));
  });

  test('[CC21] HAZ-09 what was written for one person is not sent while another is signed in', async () => {
    await signedOutWith('Peggy');
    connection.stop('other-person');
    expect(saveWords(connection.status.value)).toBe('Somebody else signed in in this browser: 1 change only on this device');
    expect(connection.kept.value).toHaveLength(1);
    const before = server.connections;
    around.network(true);
    await new Promise((resolve) => { setImmediate(resolve); });
    expect([server.connections, onServer()]).toEqual([before, undefined]);
    connection.signedInAgain();
    await eventually(() => expect(onServer()).toBe('Peggy'));
  });

  test('[CC22] HAZ-04 the screen knows of every word that is only here until it is saved, copied or left', async () => {
    const here = new OpenHere();
    const forget = here.add(connection);
    expect(here.texts.value).toEqual([]);
    await signedOutWith('Peggy');
    expect(here.texts.value).toMatchObject([{ value: 'Peggy' }]);
    connection.dismissKept();
    expect([here.texts.value, connection.unsavedFields]).toEqual([[], 0]);
    forget();
    here.add(connection)();
    expect(here.texts.value).toEqual([]);
  });
});

describe('whose screen it is', () => {
  test('[SC21] HAZ-04 nobody is led away to sign in while words are nowhere else', () => {
    expect(standing(amara, null, 1)).toEqual({ kind: 'pages', owner: amara });
    expect(standing(amara, null, 0)).toEqual({ kind: 'sign-in' });
    expect(standing(undefined, null, 0)).toEqual({ kind: 'sign-in' });
    expect(standing(undefined, undefined, 0)).toEqual({ kind: 'unknown' });
    expect(standing(amara, undefined, 0)).toEqual({ kind: 'pages', owner: amara });
  });

  test('[SC22] HAZ-09 once somebody else is signed in the screen says so, with the words of the first to copy', () => {
    expect(standing(amara, ann, 1)).toEqual({ kind: 'somebody-else', owner: amara, now: ann });
    expect(standing(amara, ann, 0)).toEqual({ kind: 'somebody-else', owner: amara, now: ann });
    expect(standing(amara, amara, 1)).toEqual({ kind: 'pages', owner: amara });
    const said = renderToStaticMarkup(createElement(SomebodyElse, { owner: amara, now: ann, here: '/plans/plan_x', texts: [{ section: 'identity', field: 'preferredName', value: 'Peggy', why: '' }] }));
    expect(said).toContain('Somebody else signed in in this browser');
    expect(said).toMatch(/open for Dr Amara Osei\. Ann Reid is signed in now/);
    expect(said).toContain('<pre class="plan-kept__words">Peggy</pre>');
  });
});
