// The stage itself: its layouts, a partition drawn across it, hundreds of nodes, its clocks.
import type { Locator, Page } from '@playwright/test';
import { expect, test } from '../pages/journey';
import type { Player } from '../pages/player';

async function middle(thing: Locator): Promise<{ x: number; y: number }> {
  const box = await thing.boundingBox();
  if (!box) throw new Error('it is not on the page');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

async function tool(player: Player, name: string): Promise<Locator> {
  const row = player.stage.getByRole('group', { name, exact: true });
  if (!(await row.isVisible())) {
    await player.stage.getByRole('button', { name: new RegExp(`^${name}( on)?$`) }).click();
  }
  await expect(row).toBeVisible();
  return row;
}

/** Who cannot reach whom, as sorted text: "S1>S4". */
async function cuts(player: Player): Promise<string[]> {
  const view = await player.view();
  return view.links.filter((link) => link.cut).map((link) => `${link.from}>${link.to}`).sort();
}

/** The cuts between two groups. */
function between(a: string[], b: string[]): string[] {
  return a.flatMap((one) => b.flatMap((other) => [`${one}>${other}`, `${other}>${one}`])).sort();
}

/** A line from above to below the stage, halfway between two nodes. */
async function lineBetween(player: Player, left: string, right: string) {
  const [a, b] = [await middle(player.node(left)), await middle(player.node(right))];
  const field = await player.stage.locator('.picture').boundingBox();
  if (!field) throw new Error('no picture');
  const x = (a.x + b.x) / 2;
  return { from: { x, y: field.y + 6 }, to: { x, y: field.y + field.height - 6 } };
}

async function drag(page: Page, from: { x: number; y: number }, to: { x: number; y: number }, drop = true) {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 6 });
  await page.mouse.move(to.x, to.y, { steps: 6 });
  if (drop) await page.mouse.up();
}

/** The same with a finger, by the browser's own touch events. */
async function swipe(page: Page, from: { x: number; y: number }, to: { x: number; y: number }) {
  const touch = await page.context().newCDPSession(page);
  const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: { x: number; y: number }[]) =>
    touch.send('Input.dispatchTouchEvent', { type, touchPoints: points });
  await send('touchStart', [from]);
  for (let i = 1; i <= 12; i++) {
    const share = i / 12;
    await send('touchMove', [{ x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }]);
  }
  await send('touchEnd', []);
}

/** Puts an open tool away: the stage has its whole room again. */
async function close(player: Player, name: string) {
  await player.stage.getByRole('button', { name: `Close ${name}`, exact: true }).click();
  await expect(player.stage.getByRole('group', { name, exact: true })).toHaveCount(0);
}

async function layout(player: Player, word: string) {
  const row = await tool(player, 'View');
  await row.getByRole('combobox', { name: 'Layout' }).selectOption(word);
}

test('a line across the stage splits the network, and Escape takes the line back', async ({ page, player }) => {
  await player.openSandbox('raft');
  await layout(player, 'chain');
  await tool(player, 'Partition');
  const { from, to } = await lineBetween(player, 'S2', 'S3');

  await drag(page, from, to, false);
  await expect(player.stage.locator('.sketch')).toBeVisible();
  await expect(player.stage.locator('.sketch text')).toHaveText(/S1 S2.* \| S3 S4 S5/);
  await page.keyboard.press('Escape');
  await expect(player.stage.locator('.sketch')).toHaveCount(0);
  await page.mouse.up();
  expect(await cuts(player)).toEqual([]);

  await drag(page, from, to);
  // C1 stands at the left of the chain and goes with the servers there.
  await expect.poll(() => cuts(player)).toEqual(between(['S1', 'S2', 'C1'], ['S3', 'S4', 'S5']));

  // A second line parts the group that it runs through; the first cut stays.
  const second = await lineBetween(player, 'S3', 'S4');
  await drag(page, second.from, second.to);
  const expected = [
    ...between(['S1', 'S2', 'C1'], ['S3', 'S4', 'S5']),
    ...between(['S3'], ['S4', 'S5']),
  ].sort();
  await expect.poll(() => cuts(player)).toEqual(expected);
  await expect(player.stage.locator('.partition')).toHaveCount(1);

  await (await tool(player, 'Partition')).getByRole('button', { name: 'Heal all' }).click();
  await expect.poll(() => cuts(player)).toEqual([]);
});

test('a finger draws a partition', { tag: '@phone' }, async ({ page, player }) => {
  await player.openSandbox('raft');
  await layout(player, 'ring');
  await tool(player, 'Partition');
  const field = await player.stage.locator('.picture').boundingBox();
  const [two, three] = [await middle(player.node('S2')), await middle(player.node('S3'))];
  if (!field) throw new Error('no picture');
  const y = (two.y + three.y) / 2;
  await swipe(page, { x: field.x + 4, y }, { x: field.x + field.width - 4, y });
  // The client goes where it stands: beside the ring, or below it.
  const low = (await middle(player.node('C1'))).y > y;
  const [above, below] = [['S1', 'S2', 'S5'], ['S3', 'S4']];
  (low ? below : above).push('C1');
  await expect.poll(() => cuts(player)).toEqual(between(above, below));
});

test('two fingers make the stage larger, one moves it', { tag: '@phone' }, async ({ page, player }) => {
  await player.openSandbox('raft', '?at=20');
  const apart = async () => {
    const [a, b] = [await middle(player.node('S1')), await middle(player.node('S4'))];
    return Math.hypot(a.x - b.x, a.y - b.y);
  };
  const whole = await apart();
  const field = await player.stage.locator('.picture').boundingBox();
  if (!field) throw new Error('no picture');
  const touch = await page.context().newCDPSession(page);
  const [x, y] = [field.x + field.width / 2, field.y + field.height / 2];
  const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', far?: number) =>
    touch.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: far === undefined ? [] : [{ x: x - far, y, id: 0 }, { x: x + far, y, id: 1 }],
    });
  await send('touchStart', 30);
  for (let far = 35; far <= 90; far += 5) await send('touchMove', far);
  await send('touchEnd');
  await expect.poll(apart).toBeGreaterThan(whole * 1.5);
  const before = await middle(player.node('S1'));
  await swipe(page, { x, y }, { x: x + 60, y: y + 40 });
  const after = await middle(player.node('S1'));
  expect(after.x - before.x).toBeGreaterThan(40);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  await expect(page.getByRole('menu')).toHaveCount(0);
});

test('groups are chosen by number keys alone, as many as there are', async ({ page, player }) => {
  await player.openSandbox('raft');
  const row = await tool(player, 'Partition');
  for (const [node, group] of [['S1', '1'], ['S2', '2'], ['S3', '2'], ['S4', '3'], ['S5', '3']]) {
    const chooser = row.getByRole('combobox', { name: `Group of ${node}` });
    await chooser.focus();
    await page.keyboard.press(group);
    await expect(chooser).toHaveValue(group);
  }
  await row.getByRole('button', { name: 'Split', exact: true }).press('Enter');
  const expected = [
    ...between(['S1'], ['S2', 'S3']),
    ...between(['S1'], ['S4', 'S5']),
    ...between(['S2', 'S3'], ['S4', 'S5']),
  ].sort();
  await expect.poll(() => cuts(player)).toEqual(expected);
});

test('every layout has everybody on the stage, apart from each other', { tag: '@everywhere' }, async ({ page, player }) => {
  await player.openSandbox('raft', '?at=30');
  if ((page.viewportSize()?.width ?? 0) < 700) await player.show('Stage');
  for (const word of ['pair', 'ring', 'chain', 'star', 'grid', 'tiers', 'regions', 'hash-ring', 'overlay', 'free']) {
    await layout(player, word);
    const field = await player.stage.locator('.stage-field').boundingBox();
    if (!field) throw new Error('no stage');
    const places: { x: number; y: number }[] = [];
    for (const id of ['S1', 'S2', 'S3', 'S4', 'S5', 'C1']) {
      const at = await middle(player.stage.locator(`.node:has([aria-label^="${id},"]) .body`));
      expect(at.x, `${id} in ${word}`).toBeGreaterThan(field.x);
      expect(at.x, `${id} in ${word}`).toBeLessThan(field.x + field.width);
      expect(at.y, `${id} in ${word}`).toBeGreaterThan(field.y);
      expect(at.y, `${id} in ${word}`).toBeLessThan(field.y + field.height);
      for (const other of places) expect(Math.hypot(at.x - other.x, at.y - other.y), word).toBeGreaterThan(18);
      places.push(at);
    }
  }
});

test('a free layout is arranged by keyboard and outlives a reload', async ({ page, player }) => {
  await player.openSandbox('raft', '?at=5');
  await layout(player, 'free');
  const row = await tool(player, 'View');
  await expect(row.getByRole('switch', { name: /^Arrange/ })).toBeChecked();
  await close(player, 'View');
  const before = await middle(player.node('S2'));
  const event = (await player.view()).event;
  await player.node('S2').focus();
  for (let i = 0; i < 3; i++) await page.keyboard.press('Shift+ArrowLeft');
  await page.keyboard.press('ArrowDown');
  await expect(player.sentence).toHaveText(/^S2 at \d+ % across, \d+ % down$/);
  const after = await middle(player.node('S2'));
  expect(after.x).toBeLessThan(before.x - 60);
  expect(after.y).toBeGreaterThan(before.y + 2);
  expect((await player.view()).event, 'arrows did not move the cursor').toBe(event);

  await page.reload();
  await player.ready();
  const kept = await middle(player.node('S2'));
  expect(Math.hypot(kept.x - after.x, kept.y - after.y)).toBeLessThan(3);

  // By pointer, too; and without arranging a node is a button again.
  await (await tool(player, 'View')).getByRole('switch', { name: /^Arrange/ }).check();
  const from = await middle(player.node('S1'));
  await drag(page, from, { x: from.x + 120, y: from.y + 60 });
  const dragged = await middle(player.node('S1'));
  expect(Math.hypot(dragged.x - from.x - 120, dragged.y - from.y - 60)).toBeLessThan(8);
  await expect(page.getByRole('menu')).toHaveCount(0);
});

test('the address names a layout', async ({ player }) => {
  await player.openSandbox('raft', '?layout=grid');
  const row = await tool(player, 'View');
  await expect(row.getByRole('combobox', { name: 'Layout' })).toHaveValue('grid');
  await player.openSandbox('raft', '?layout=circle');
  await expect(player.notice('a layout is')).toBeVisible();
});

test('two hundred nodes and thousands of messages', async ({ page, player }) => {
  test.setTimeout(90_000);
  await player.openSandbox('last-writer-wins');
  const servers = page.getByLabel('Servers', { exact: true });
  await servers.fill('100');
  await servers.press('Enter');
  await expect.poll(async () => (await player.view()).nodes.length).toBe(200);
  await expect(player.stage.locator('canvas')).toHaveCount(2);

  // Everybody is a button; Tab stops at one, and arrows lead on.
  await expect(player.stage.getByRole('button', { name: /^C100\b/ })).toHaveCount(1);
  await player.stage.locator('#node-7').hover();
  await expect(player.stage.locator('.named')).toBeVisible();
  await player.stage.locator('#node-0').focus();
  await page.keyboard.press('ArrowRight');
  await expect(player.stage.locator('#node-1')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menu')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(player.stage.locator('#node-1')).toBeFocused();
  await page.keyboard.press('c');
  await expect(player.stage.locator('#node-1')).toHaveAccessibleName(/crashed/);

  for (let i = 3; i <= 24; i++) await player.act({ script: `invoke C${i} write x=${i}` });
  for (let i = 0; i < 400 && (await player.view()).flights.length < 1_500; i++) await player.call('step', 5);
  const view = await player.view();
  expect(view.flights.length).toBeGreaterThan(1_000);
  // The messages that arrive next are buttons as ever.
  const next = view.flights.reduce((a, b) => (b.due < a.due ? b : a));
  await expect(player.message(next.kind, next.from, next.to).first()).toBeVisible();

  // The canvas is not empty.
  const painted = await player.stage.locator('canvas').last().evaluate((canvas: HTMLCanvasElement) => {
    const data = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height).data;
    return data.some((value, i) => i % 4 === 3 && value > 0);
  });
  expect(painted).toBe(true);
});

test('the stage shows what clocks say', async ({ player }) => {
  await player.openSandbox('raft', '?at=20');
  await player.act({ script: 'skew S2 +5s' });
  const row = await tool(player, 'View');
  await row.getByRole('switch', { name: 'Clocks' }).check();
  const seconds = (text: string | null) => Number((text ?? '').replace(/[^\d.]/g, ''));
  const truth = seconds(await player.stage.locator('.reading', { hasText: 'true time' }).textContent());
  const local = seconds(await player.stage.locator('.node:has([aria-label^="S2,"]) .reading').textContent());
  expect(local - truth).toBeCloseTo(5, 2);
});

test('the stage is made larger and fits again', async ({ page, player }) => {
  await player.openSandbox('raft', '?at=20');
  const apart = async () => {
    const [a, b] = [await middle(player.node('S1')), await middle(player.node('S4'))];
    return Math.hypot(a.x - b.x, a.y - b.y);
  };
  const row = await tool(player, 'View');
  const whole = await apart();
  await row.getByRole('button', { name: 'Larger' }).click();
  expect(await apart()).toBeGreaterThan(whole * 1.2);
  await row.getByRole('button', { name: 'Fit' }).click();
  expect(Math.abs((await apart()) - whole)).toBeLessThan(2);
  await player.node('S1').focus();
  await page.keyboard.press('+');
  expect(await apart()).toBeGreaterThan(whole * 1.1);
  await page.keyboard.press('0');
  expect(Math.abs((await apart()) - whole)).toBeLessThan(2);
});

test.describe('with less motion', () => {
  test.use({ contextOptions: { reducedMotion: 'reduce' } });

  test('messages stand still between events and leave a trail', async ({ player }) => {
    await player.openSandbox('raft', '?speed=0.05');
    await player.act({ script: 'run until leader' });
    await player.stepUntil((view) => view.flights.length > 0);
    await player.call('play');
    await expect.poll(async () => (await player.view()).flights.length).toBeGreaterThan(0);
    // Wherever a message is drawn, it is drawn at the time of the last event.
    const drawn = await player.stage.evaluate(async (stage) => {
      const places = () => [...stage.querySelectorAll('.msg')].map((mark) => mark.getAttribute('transform')).join();
      const api = (window as unknown as { faultline: { view(): { event: number } } }).faultline;
      let moved = 0;
      for (let i = 0; i < 40; i++) {
        const [event, before] = [api.view().event, places()];
        await new Promise(requestAnimationFrame);
        if (api.view().event === event && places() !== before) moved += 1;
      }
      return moved;
    });
    expect(drawn).toBe(0);
  });
});
