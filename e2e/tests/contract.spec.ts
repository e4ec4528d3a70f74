// The names that assistive technology, course pages and tests rely on, each where it is promised.
import { expect, test } from '../pages/journey';
import type { MenuItem, Tab, TransportButton } from '../pages/player';

test('every name of the player is there', async ({ page, player }) => {
  await player.openLesson('raft-elections', '?step=3');
  for (const region of [player.stage, player.spacetime, player.inspector, player.lesson]) await expect(region).toBeVisible();
  const view = await player.view();
  const leader = view.nodes.find((node) => node.role === 'leader')!;
  await expect(player.stage.getByRole('button', { name: new RegExp(`^${leader.id}, leader, term \\d+`) })).toBeVisible();
  for (const node of view.nodes) await expect(player.node(node.id)).toHaveCount(1);
  for (const a of view.nodes) for (const b of view.nodes) {
    if (a.id !== b.id) await expect(player.link(a.id, b.id)).toHaveCount(1);
  }
  const flying = await player.stepUntil((view) => view.flights.length > 0);
  for (const { kind, from, to } of flying.flights) await expect(player.message(kind, from, to)).not.toHaveCount(0);

  const transport: TransportButton[] = ['Play', 'One event forward', 'One event back', 'To the start', 'To the end'];
  for (const name of transport) await expect(page.getByRole('button', { name, exact: true })).toBeVisible();
  await expect(player.timeline).toBeVisible();
  await expect(player.speed).toBeVisible();
  await expect(player.branches).toBeAttached();
  await player.press('Play');
  await expect(page.getByRole('button', { name: 'Pause', exact: true })).toBeVisible();
  await player.press('Pause');

  const tabs: Tab[] = ['State', 'Messages', 'Next', 'Checks', 'Events', 'Charts'];
  for (const tab of tabs) await expect(await player.inspect(tab), tab).toBeVisible();

  await expect(player.lesson.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
  await player.expectStep(3, 7);
  for (const name of ['Back', 'Next', 'Hint']) await expect(player.lessonButton(name)).toBeVisible();
  await expect(player.sentence).toHaveCount(1);
  await player.openLesson('raft-elections', '?step=1');
  await expect(player.lessonButton('Check my prediction')).toBeVisible();
});

test('every item of every menu is there when it can be done', async ({ page, player }) => {
  await player.openSandbox('raft');
  await player.stepUntil((view) => view.flights.length > 0);
  const { kind, from, to } = (await player.view()).flights[0];
  const items = async (thing: ReturnType<typeof player.node>) => {
    await thing.press('Enter');
    await expect(page.getByRole('menu')).toBeVisible();
    const names = await page.getByRole('menu').getByRole('menuitem').allTextContents();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('menu')).toHaveCount(0);
    return names.map((name) => name.trim());
  };
  // The items of the public contract come first; what else can be done follows.
  const begins = (found: string[], wanted: MenuItem[]) => expect(found.slice(0, wanted.length)).toEqual(wanted);
  const node: MenuItem[] = ['Crash', 'Pause', 'Set clock…', 'Slow down…'];
  const message: MenuItem[] = ['Deliver now', 'Drop', 'Delay…', 'Duplicate'];
  const link: MenuItem[] = ['Cut', 'Cut one way', 'Lose packets…', 'Duplicate packets…', 'Keep order', 'Latency…'];
  expect(await items(player.node('S1'))).toEqual(expect.arrayContaining(node));
  begins(await items(player.message(kind, from, to).first()), message);
  begins(await items(player.link('S1', 'S3')), link);
  await player.act({ pause: 'S1' });
  await player.act({ crash: 'S2' });
  await player.act({ cut: ['S1', 'S3'] });
  expect(await items(player.node('S1'))).toContain('Resume');
  begins(await items(player.node('S2')), ['Restart', 'Restart with empty disk']);
  expect(await items(player.link('S1', 'S3'))).toContain('Heal');
});

test('an event has one sentence: in the live region, in the list, in the diagram', async ({ player }) => {
  await player.openSandbox('raft', '?at=12');
  await player.press('One event forward');
  const { because, event } = await player.view();
  await expect(player.sentence).toHaveText(because!.text);
  await expect(player.spacetime.getByRole('button', { name: because!.text, exact: true }).and(player.page.locator(`[data-event="${event}"]`))).toHaveCount(1);
  const events = await player.inspect('Events');
  await expect(events.locator('[aria-current=true]')).toHaveAccessibleName(because!.text);
  await events.getByRole('button').first().click();
  expect((await player.view()).event, 'an event of the list is a place to go to').toBeLessThan(event);
});

test('parameters of the address are obeyed', async ({ page, player }) => {
  await player.openSandbox('raft', '?seed=7&at=25&speed=0.1&theme=dark');
  expect((await player.view()).event).toBe(25);
  expect((await player.call<{ scenario: { seed: number } }>('run')).scenario.seed).toBe(7);
  await expect(player.speed).toHaveValue('0.1');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await player.openSandbox('raft', '?at=0.2s');
  const { time, next } = await player.view();
  expect(time).toBeLessThanOrEqual(200_000);
  expect(next[0].due, 'no event until then is left out').toBeGreaterThan(200_000);

  await player.openEmbed('lost-message', '?view=spacetime&controls=play');
  await expect(player.stage).toHaveCount(0);
  await expect(player.spacetime).toBeVisible();
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: 'One event forward', exact: true })).toHaveCount(0);
  await player.openEmbed('lost-message', '?view=both&controls=none');
  await expect(player.stage).toBeVisible();
  await expect(player.spacetime).toBeVisible();
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toHaveCount(0);
});
