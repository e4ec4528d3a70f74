// The plan under the timeline: faults before their time has come, moved by keys and by pointer, taken
// back, and made by chaos that can be played again.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import type { Branch } from '../pages/api';
import { expect, test } from '../pages/journey';
import type { Player } from '../pages/player';

const plan = async (player: Player) => (await player.view()).plan;
const region = (page: Page) => page.getByRole('region', { name: 'Plan', exact: true });

async function open(page: Page) {
  await page.getByRole('button', { name: 'Plan', exact: true }).click();
  await expect(region(page)).toBeVisible();
}

async function add(page: Page, at: string, line: string) {
  const button = region(page).getByRole('button', { name: 'Add to the plan…', exact: true });
  await button.click();
  await region(page).getByLabel('At', { exact: true }).fill(at);
  await region(page).getByLabel('What, as a script says it', { exact: true }).fill(line);
  await region(page).getByRole('button', { name: 'Add', exact: true }).click();
}

test('a fault is planned, moved, changed and taken out by keyboard', async ({ page, player }) => {
  await player.openSandbox('raft');
  await open(page);
  await add(page, '500ms', 'crash S2');
  const mark = player.planned('crash S2');
  await expect(mark).toBeFocused();
  await expect(mark).toHaveAttribute('aria-valuetext', 'at 500ms, planned');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+ArrowRight');
  const moved = (await plan(player))[0].at;
  expect(moved).toBeGreaterThan(500_000);
  await page.keyboard.press('ArrowLeft');
  expect((await plan(player))[0].at).toBeLessThan(moved);
  expect((await player.view()).event, 'the arrows are the marker’s own').toBe(0);

  await page.keyboard.press('Enter');
  const line = region(page).getByLabel('What, as a script says it', { exact: true });
  await expect(line).toHaveValue('crash S2');
  await line.fill('crush S2');
  await page.keyboard.press('Enter');
  await expect(region(page)).toContainText('There is no command `crush`; did you mean `crash`?');
  expect(await plan(player)).toHaveLength(1);
  await line.fill('pause S3');
  await region(page).getByLabel('At', { exact: true }).fill('0.25s');
  await page.keyboard.press('Enter');
  await expect(player.planned('pause S3')).toBeFocused();
  expect((await plan(player)).map(({ at, text }) => [at, text])).toEqual([[250_000, 'pause S3']]);

  await page.keyboard.press('Delete');
  expect(await plan(player)).toEqual([]);
  await region(page).getByRole('button', { name: 'Undo', exact: true }).click();
  expect((await plan(player)).map(({ text }) => text)).toEqual(['pause S3']);
});

test('what is planned is done at its time, or says why not', async ({ page, player }) => {
  await player.openSandbox('raft');
  await open(page);
  await add(page, '200ms', 'crash S2');
  await add(page, '210ms', 'crash S2');
  expect((await player.view()).nodes[1].status).toBe('up');
  await player.act({ script: 'run 300ms' });
  expect((await player.view()).nodes[1].status).toBe('down');
  expect((await plan(player)).map(({ at, state }) => [at, state])).toEqual([[200_000, 'done'], [210_000, 'skipped']]);
  const [first, second] = await player.planned('crash S2').all();
  await expect(first).toHaveAttribute('aria-valuetext', /^at 200ms, done as event \d+$/);
  await expect(second).toHaveAttribute('aria-valuetext', /^at 210ms, skipped: .*already down/);

  // To move what has been done is to go back before it: a branch begins, and the old future stays.
  await first.focus();
  await page.keyboard.press('Shift+ArrowRight');
  expect((await plan(player)).every(({ state }) => state === 'pending')).toBe(true);
  expect(await player.call<Branch[]>('branches')).toHaveLength(2);
  expect((await player.view()).nodes[1].status).toBe('up');
  await region(page).getByRole('button', { name: 'Undo', exact: true }).click();
  expect((await player.call<Branch[]>('branches')).map((branch) => branch.current)).toEqual([true, false]);
  expect((await plan(player)).map(({ state }) => state)).toEqual(['done', 'skipped']);
});

test('a marker is dragged along the lane', async ({ page, player }) => {
  await player.openSandbox('raft');
  await open(page);
  await add(page, '500ms', 'crash S2');
  const from = (await player.planned('crash S2').boundingBox())!;
  const lane = (await region(page).getByRole('group', { name: 'Planned faults' }).boundingBox())!;
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(lane.x + lane.width * 0.7, from.y + 10, { steps: 5 });
  await expect(player.planned('crash S2')).toHaveAttribute('aria-valuetext', 'at 700ms, planned');
  expect((await plan(player))[0].at, 'not before it is let go').toBe(500_000);
  await page.mouse.move(lane.x + lane.width * 0.8, from.y + 10);
  await page.mouse.up();
  expect((await plan(player))[0].at).toBe(800_000);
});

test('chaos is planned from a seed and can be played again', async ({ page, player }) => {
  await player.openSandbox('raft');
  await open(page);
  const chaos = async (seed: string) => {
    await region(page).getByRole('button', { name: 'Chaos…', exact: true }).click();
    await region(page).getByLabel('Seed', { exact: true }).fill(seed);
    await region(page).getByLabel('Faults a minute', { exact: true }).fill('120');
    await expect(region(page)).toContainText(/\d+ faults, each of which is undone again/);
    await region(page).getByRole('button', { name: 'Plan them', exact: true }).click();
    await expect.poll(async () => (await plan(player)).length).toBeGreaterThan(4);
    return (await plan(player)).map(({ at, text }) => [at, text] as const);
  };
  const seven = await chaos('7');
  await region(page).getByRole('button', { name: 'Clear', exact: true }).click();
  expect(await plan(player)).toEqual([]);
  expect(await chaos('8')).not.toEqual(seven);
  await region(page).getByRole('button', { name: 'Undo', exact: true }).click();
  expect(await chaos('7'), 'the same seed plans the same').toEqual(seven);
  const down = seven.reduce(
    ([now, most], [, text]) => {
      const then = now + (/^(crash|pause) /.test(text) ? 1 : /^(restart|resume) /.test(text) ? -1 : 0);
      return [then, Math.max(most, then)];
    },
    [0, 0],
  );
  expect(down, 'at most one server is down at once, and none at the end').toEqual([0, 1]);

  await player.call('step', 400);
  const digest = await player.digest();
  // In a file the entries are numbered anew.
  const planned = async () => (await plan(player)).map(({ id: _, ...rest }) => rest);
  const done = await planned();
  expect(done.some(({ state }) => state !== 'pending')).toBe(true);
  const link = await player.call<string>('export', 'link');
  await page.goto('about:blank');
  await page.goto(link);
  await player.ready();
  await expect.poll(() => player.digest()).toBe(digest);
  expect(await planned()).toEqual(done);
  await player.call('step', 200);
  const further = await player.digest();
  await page.goto('about:blank');
  await page.goto(link);
  await player.ready();
  await expect.poll(() => player.digest()).toBe(digest);
  await player.call('step', 200);
  expect(await player.digest(), 'and goes on in the same way').toBe(further);
});

test('the lane is for fingers on a phone @phone', async ({ page, player }) => {
  await player.openSandbox('raft');
  await player.show('Stage');
  await open(page);
  await add(page, '500ms', 'crash S2');
  const box = (await player.planned('crash S2').boundingBox())!;
  expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(44);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await player.planned('crash S2').tap();
  await expect(region(page).getByLabel('What, as a script says it', { exact: true })).toHaveValue('crash S2');
});

for (const theme of ['light', 'dark']) {
  test(`the lane, its forms, a workload and a menu within a menu are clean, ${theme}`, { tag: '@everywhere' }, async ({ page, player }) => {
    test.setTimeout(60_000);
    const clean = async (what: string) => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0].target} ${nodes[0].failureSummary}`), what).toEqual([]);
    };
    await player.openSandbox('raft', `?at=60&theme=${theme}`);
    if ((page.viewportSize()?.width ?? 0) < 700) await player.show('Stage');
    await open(page);
    await add(page, '500ms', 'crash S2');
    await add(page, '510ms', 'crash S2');
    await player.act({ script: 'run 1s' });
    await region(page).getByRole('button', { name: 'Chaos…', exact: true }).click();
    await clean('chaos');
    await region(page).getByRole('button', { name: 'Chaos…', exact: true }).click();
    await page.getByRole('button', { name: 'Workload', exact: true }).click();
    await clean('workload');
    await player.node('S1').press('Enter');
    await player.menuItem('Disk').click();
    await clean('disk');
  });
}
