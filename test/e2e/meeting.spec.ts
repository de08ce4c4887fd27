/** A whole meeting, from the caseload to minutes that outlive the service's death. */
import type { Page } from '@playwright/test';
import { expect, test } from './journey.ts';
import { MeetingPage } from './pages/meetingPage.ts';
import { PlanPage } from './pages/planPage.ts';

// In the order of the agenda: a death, two whose time is days, somebody new, somebody else.
const patients = ['FINCH, Albert', 'ASHBY, Maureen', 'GILL, Mohinder', 'PROCTOR, Linda', 'DOYLE, Patricia'] as const;
const [finch, ashby, gill] = patients;
const decision = 'Night sits every night until the end';
const action = 'Ring Derek each morning at nine';
const said = 'Priya: comfortable, mouth moist, family at peace.';

/** The coordinator plans a meeting about these five and answers its address. */
async function planMeeting(page: Page): Promise<string> {
  await page.getByRole('textbox', { name: 'Name of the meeting' }).fill('Northmere MDT, Tuesday');
  await page.getByRole('combobox', { name: 'Chair' }).selectOption({ label: 'Dr Priya Nair, Hospice clinician, Lantern House Hospice' });
  for (const name of ['Ann Reid', 'Daniel Moss']) await page.getByRole('group', { name: 'Invited' }).getByRole('checkbox', { name }).check();
  const agenda = page.getByRole('group', { name: /^Agenda: / });
  for (const box of await agenda.getByRole('checkbox').all()) {
    const name = (await box.locator('xpath=..').innerText()).trim();
    if (!patients.some((patient) => name.startsWith(patient))) await box.uncheck();
  }
  await expect(page.getByRole('group', { name: /^Agenda: 5 of / })).toBeVisible();
  await page.getByRole('button', { name: 'Plan the meeting' }).click();
  await expect(page.getByRole('heading', { name: 'Northmere MDT, Tuesday' })).toBeVisible();
  return new URL(page.url()).pathname;
}

test('[JO5] a whole meeting, live for three people, with minutes that survive a kill', async ({ arrive, product }) => {
  test.setTimeout(120_000);
  const carterPage = await arrive('Helen Carter', '/meetings/new');
  const address = await planMeeting(carterPage);
  const [carter, nair, reid] = [new MeetingPage(carterPage), new MeetingPage(await arrive('Dr Priya Nair', address)), new MeetingPage(await arrive('Ann Reid', address))] as const;
  const room = [carter, nair, reid] as const;

  await test.step('everybody joins; the agenda is in order; apologies are entered', async () => {
    for (const person of room) await person.join();
    await expect(carter.people.getByRole('heading', { name: 'Here: 3' })).toBeVisible();
    for (const [index, patient] of patients.entries()) await expect(reid.agenda.getByRole('listitem').nth(index)).toContainText(`${index + 1}. ${patient}`);
    await carter.button('Enter apologies of Daniel Moss').click();
    await expect(reid.people.getByRole('listitem').filter({ hasText: 'Daniel Moss' })).toContainText('apologies');
    // Whoever neither chairs nor coordinates has nothing to run the meeting with.
    await expect(reid.button('Start the meeting')).toHaveCount(0);
  });
  await test.step('the chair goes on; everybody follows', async () => {
    await nair.button('Start the meeting').click();
    await nair.button(`Next: ${finch}`).click();
    for (const person of room) await person.shows(finch);
    await nair.button(`Next: ${ashby}`).click();
    for (const person of room) await person.shows(ashby);
    await expect(reid.top).toContainText('Patient 2 of 5');
  });
  await test.step('one looks around by herself and comes back', async () => {
    await reid.button('Look around').click();
    await reid.agenda.getByRole('button', { name: gill }).click();
    await reid.shows(gill);
    await expect(reid.page.getByText('You look around by yourself; the meeting is on ASHBY')).toBeVisible();
    await nair.shows(ashby);
    await reid.button('Back to the meeting').click();
    await reid.shows(ashby);
  });
  await test.step('the plan is written live, inside the meeting', async () => {
    const [writing, reading] = [new PlanPage(nair.page), new PlanPage(reid.page)] as const;
    await writing.isReady();
    const writer = await writing.writer('discussion');
    await writer.press('Control+End');
    await writer.press('Enter');
    await writer.pressSequentially(said);
    await reading.says('discussion', said);
    await writing.finish('discussion');
    await writing.isSaved();
  });
  await test.step('a decision and an action are recorded and seen by all', async () => {
    await reid.decide(decision);
    await carter.act(action, 'Ann Reid, Community nurse');
    for (const person of room) for (const text of [decision, action]) await expect(person.record.getByRole('listitem').filter({ hasText: text })).toBeVisible();
    await expect(nair.record.getByRole('listitem').filter({ hasText: decision })).toContainText('Ann Reid');
  });
  await test.step('the chair ends it for everybody', async () => {
    await nair.button('End the meeting').click();
    await expect(nair.page.getByRole('group', { name: 'End the meeting' })).toContainText('3 patients were not discussed.');
    await nair.button('End it now').click();
    for (const { page } of room) await expect(page.getByText('The meeting has ended.')).toBeVisible();
  });

  const readMinutes = async (page: Page): Promise<void> => {
    const minutes = page.getByRole('article');
    await expect(minutes).toContainText('Dr Priya Nair, Hospice clinician');
    for (const name of ['Helen Carter', 'Dr Priya Nair', 'Ann Reid', 'Daniel Moss']) await expect(minutes).toContainText(name);
    await expect(minutes.locator('dt:text-is("Apologies") + dd')).toHaveText(/^Daniel Moss/);
    const spoken = minutes.getByRole('region', { name: new RegExp(ashby) });
    for (const text of [decision, 'Ann Reid', action]) await expect(spoken).toContainText(text);
    await expect(spoken.getByRole('listitem').filter({ hasText: 'Discussion points' })).toHaveCount(1);
    await expect(minutes).toContainText('Not discussed');
    await expect(minutes).toContainText(gill);
  };
  await test.step('the minutes show it all, before and after the service was killed', async () => {
    await reid.page.getByRole('link', { name: 'Read the minutes' }).click();
    await readMinutes(reid.page);
    await product.stop('SIGKILL');
    await product.restart();
    await carterPage.goto(`${address}/minutes`);
    await readMinutes(carterPage);
  });
});
