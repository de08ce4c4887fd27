/** Every page, wide and on a phone: nothing that shuts somebody out, and nothing to scroll sideways. */
import type { Page } from '@playwright/test';
import { faultsOf, sizes } from './faults.ts';
import { nhsNumberOf } from './numbers.ts';
import { expect, test, type Arrive } from './journey.ts';
import { PlanPage } from './pages/planPage.ts';

// The longest journeys: shared out among the workers.
test.describe.configure({ mode: 'parallel' });

const plan = '/plans/plan_winifred-hale';
const headed = (name: string) => (page: Page): Promise<void> => expect(page.getByRole('heading', { level: 1, name })).toBeAttached();

interface Look {
  readonly name: string;
  readonly at: string;
  /** Brings the page into the state to look at. */
  readonly ready: (page: Page) => Promise<void>;
}

const asCoordinator: readonly Look[] = [
  { name: 'caseload', at: '/', ready: (page) => expect(page.getByRole('row', { name: /HALE/ })).toBeVisible() },
  { name: 'new plan', at: '/plans/new', ready: headed('Add a person') },
  { name: 'new plan, refused', at: '/plans/new', ready: async (page) => {
    await page.getByRole('button', { name: 'Begin the plan' }).click();
    await expect(page.getByRole('alert').first()).toBeVisible();
  } },
  { name: 'plan', at: plan, ready: (page) => new PlanPage(page).isReady() },
  { name: 'plan, disputed', at: '/plans/plan_victor-nwosu', ready: async (page) => {
    await new PlanPage(page).isReady();
    await expect(page.getByRole('group', { name: /^Disputed: CPR/ })).toContainText(/\d\d:\d\d/);
  } },
  { name: 'care team', at: `${plan}/team`, ready: headed('Care team') },
  { name: 'versions', at: `${plan}/versions`, ready: (page) => expect(page.getByRole('link', { name: 'Version 3', exact: true })).toBeVisible() },
  { name: 'version', at: `${plan}/versions/2`, ready: headed('Signed version 2') },
  { name: 'compare', at: `${plan}/compare?from=1&to=3`, ready: (page) => expect(page.getByText(/differences between version 1 and version 3/)).toBeVisible() },
  { name: 'sign-off', at: `${plan}/sign-off`, ready: headed('Review and sign') },
  { name: 'sign-off, not ready', at: '/plans/plan_victor-nwosu/sign-off', ready: (page) => expect(page.getByRole('heading', { name: /^Not ready/ })).toBeVisible() },
  { name: 'audit', at: `${plan}/audit`, ready: (page) => expect(page.getByRole('heading', { name: 'The chain is whole' })).toBeVisible() },
  { name: 'audit, narrowed', at: `${plan}/audit`, ready: async (page) => {
    await page.getByRole('combobox', { name: 'What was done' }).selectOption({ label: 'Signed' });
    await expect(page.getByText(/^3 of \d+ entries fit/)).toBeVisible();
    await page.getByRole('textbox', { name: 'From', exact: true }).fill('yesterday');
    await page.getByRole('button', { name: 'Show these days' }).click();
    await expect(page.getByText('Type day, month and year')).toBeVisible();
  } },
  { name: 'who has looked', at: `${plan}/looked`, ready: (page) => expect(page.getByRole('article', { name: 'Who has looked at my plan' })).toContainText('looking after the person') },
  { name: 'meetings', at: '/meetings', ready: (page) => expect(page.getByRole('table', { name: 'Running and planned' })).toBeVisible() },
  { name: 'new meeting', at: '/meetings/new', ready: (page) => expect(page.getByRole('group', { name: /^Agenda: / })).toBeVisible() },
  { name: 'minutes', at: '/meetings', ready: async (page) => {
    await page.getByRole('table', { name: 'Ended' }).getByRole('link', { name: 'Minutes' }).last().click();
    await expect(page.getByRole('article')).toContainText('Present');
  } },
  { name: 'meeting, before joining', at: '/meetings', ready: openPlannedMeeting },
  { name: 'meeting', at: '/meetings', ready: async (page) => {
    await openPlannedMeeting(page);
    await page.getByRole('button', { name: 'Join the meeting' }).click();
    await expect(page.getByRole('group', { name: 'State of the meeting' })).toBeVisible();
    // A phone shows one part of the room at a time.
    if (page.viewportSize()?.width === sizes.phone.width) await page.getByRole('button', { name: 'Agenda', exact: true }).click();
    // Another look may have started it before.
    const [start, next] = [page.getByRole('button', { name: 'Start the meeting' }), page.getByRole('button', { name: /^Next: / })] as const;
    await expect(start.or(next)).toBeVisible();
    if (await start.isVisible()) await start.click();
    await expect(next).toBeVisible();
    await page.getByRole('navigation', { name: 'Agenda' }).getByRole('button', { name: /HALE/ }).click();
    await new PlanPage(page).isReady();
  } },
  { name: 'not found', at: '/nowhere', ready: headed('There is no such page') },
];
const histories: readonly Look[] = ['What matters to me', 'Telephone numbers', 'CPR recommendation'].map((label) => ({
  name: `history of ${label}`, at: plan, ready: async (page) => {
    await new PlanPage(page).isReady();
    await page.getByRole('button', { name: `History: ${label}` }).click();
    await expect(page.getByRole('dialog').getByText('Changes, newest first')).toBeVisible();
  },
}));
const asOfficer: readonly Look[] = [
  { name: 'oversight', at: '/oversight', ready: (page) => expect(page.getByRole('heading', { name: /^Unusual access since/ })).toBeVisible() },
  { name: 'who has looked, to the privacy officer', at: `${plan}/looked`, ready: (page) => expect(page.getByRole('article', { name: 'Who has looked at my plan' })).toBeVisible() },
];
const asParamedic: readonly Look[] = [
  { name: 'urgent', at: '/urgent', ready: async (page) => {
    await page.getByRole('textbox', { name: 'NHS number' }).fill(nhsNumberOf('999249523'));
    await page.getByRole('button', { name: 'Find signed plan' }).click();
    await expect(page.getByRole('article', { name: 'Signed plan' }).first()).toContainText('A newer draft exists');
  } },
  { name: 'urgent, nothing found', at: '/urgent', ready: async (page) => {
    await page.getByRole('textbox', { name: 'NHS number' }).fill(nhsNumberOf('999245713'));
    await page.getByRole('button', { name: 'Find signed plan' }).click();
    await expect(page.getByRole('alert')).toContainText('No signed plan');
  } },
];

async function openPlannedMeeting(page: Page): Promise<void> {
  await page.getByRole('table', { name: 'Running and planned' }).getByRole('link', { name: 'Northmere palliative care meeting' }).last().click();
  await expect(page.getByRole('button', { name: 'Join the meeting' })).toBeVisible();
}

async function lookAt(page: Page, looks: readonly Look[]): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const { name, at, ready } of looks) {
    await test.step(name, async () => {
      await page.goto(at);
      await ready(page);
      await expect(page.getByText('Getting ')).toHaveCount(0);
      faults.push(...await faultsOf(page, name));
    });
  }
  return faults;
}

/** A plan with others in it, a field of each kind open, and somebody writing. */
async function busyPlan(arrive: Arrive, viewport: { readonly width: number; readonly height: number }): Promise<readonly string[]> {
  const [page, second] = [await arrive('Dr Amara Osei', plan, { viewport }), new PlanPage(await arrive('Ann Reid', plan))] as const;
  const first = new PlanPage(page);
  await first.isReady();
  await second.isReady();
  await (await second.writer('whatMatters')).pressSequentially(' Windows open.');
  const faults: string[] = [];
  for (const [index, id] of ['gsfStage', 'tool', 'reviewDue', 'cprDate', 'cprDecisionMaker', 'preferredName', 'whatMatters'].entries()) {
    await first.open(id);
    // The whole plan at first and at last; in between only what is different: a whole one takes half a minute on a slow machine.
    faults.push(...await faultsOf(page, `plan, busy in ${id}`, index === 0 ? [] : ['.plan-field--open', '.plan-side']));
  }
  await first.field('contacts').getByRole('button', { name: 'Add a person' }).click();
  return [...faults, ...await faultsOf(page, 'plan, busy in contacts')];
}

for (const [size, viewport] of Object.entries(sizes)) {
  test(`[JO7] nobody is shut out of any page, ${size}`, async ({ arrive, browser, product }) => {
    test.setTimeout(600_000);
    const stranger = await (await browser.newContext({ baseURL: product.url, viewport })).newPage();
    await stranger.goto('/sign-in');
    await expect(stranger.getByRole('button', { name: 'Helen Carter' })).toBeVisible();
    const faults = [
      ...await faultsOf(stranger, 'sign in'),
      ...await lookAt(await arrive('Owen Price', '/urgent', { viewport }), asParamedic),
      ...await lookAt(await arrive('Helen Carter', '/', { viewport }), asCoordinator),
      ...await lookAt(await arrive('Edith Lowe', '/oversight', { viewport }), asOfficer),
    ];
    await stranger.context().close();
    expect(faults).toEqual([]);
  });
  test(`[JO7] nobody is shut out of the history of a field, ${size}`, async ({ arrive }) => {
    test.setTimeout(240_000);
    expect(await lookAt(await arrive('Helen Carter', '/', { viewport }), histories)).toEqual([]);
  });
  test(`[JO7] nobody is shut out of a plan with others in it, ${size}`, async ({ arrive }) => {
    // Two examinations of a whole plan and six of an open field, beside another worker's.
    test.setTimeout(480_000);
    expect(await busyPlan(arrive, viewport)).toEqual([]);
  });
}
