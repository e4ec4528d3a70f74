// The space-time diagram by keyboard, pointer and touch: cones, paths, lanes, axes, and how fast it is.
import type { Page } from '@playwright/test';
import { drawn, expect, test } from '../pages/journey';
import type { Player } from '../pages/player';

/** The event that can be focused under its number. */
const spot = (player: Player, event: number) => player.spacetime.locator(`[data-event="${event}"]`);

/** Which event of the diagram has the focus. */
const focused = (page: Page) =>
  page.evaluate(() => Number(document.activeElement?.getAttribute('data-event') ?? 0));

const tool = (player: Player, name: RegExp) => player.spacetime.getByRole('button', { name });

interface Told {
  number: number;
  /** At which node, "S2". */
  node: string;
  text: string;
  /** Of a receipt: the kind of message and its sender. */
  kind?: string;
  from?: string;
}

/** The events up to the cursor, as their sentences tell them. */
async function told(player: Player): Promise<Told[]> {
  const lines = await player.call<{ event: number; text: string }[]>('events', { from: 1 });
  return lines.map(({ event, text }) => {
    const receipt = /^(\w+) gets (\w+) from (\w+)/.exec(text);
    return { number: event, node: /^\w+/.exec(text)![0], text, kind: receipt?.[2], from: receipt?.[3] };
  });
}

test('arrows walk along a lane and across lanes, Enter chooses', async ({ page, player }) => {
  await player.openSandbox('raft', '?at=60');
  await spot(player, 60).focus();
  await expect(spot(player, 60)).toHaveAccessibleName((await player.view()).because!.text);
  const events = await told(player);
  const node = (event: number) => events[event - 1].node;
  const here = node(60);
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => focused(page)).toBeLessThan(60);
  const before = await focused(page);
  expect(node(before), 'the same lane').toBe(here);
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => focused(page)).toBe(60);
  await page.keyboard.press(here === 'S1' ? 'ArrowDown' : 'ArrowUp');
  await expect.poll(() => focused(page)).not.toBe(60);
  expect(node(await focused(page))).not.toBe(here);
  await page.keyboard.press('PageUp');
  const chosen = await focused(page);
  await page.keyboard.press('Enter');
  expect((await player.view()).event).toBe(chosen);
  expect((await player.call<unknown[]>('branches')).length, 'walking is no fork').toBe(1);
});

test('P and F light the past and the future of the event in focus, Escape puts them out', async ({ page, player }) => {
  await player.openSandbox('raft', '?at=60');
  await spot(player, 40).focus();
  await page.keyboard.press('p');
  await expect(player.sentence).toHaveText(/^Event 40: \d+ events? happened before it, \d+ after it; \d+ concurrent with it\.$/);
  await expect(player.spacetime.locator('.cone.past')).toHaveCount(1);
  await expect(tool(player, /^Past/)).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('f');
  await expect(player.spacetime.locator('.cone.future')).toHaveCount(1);
  expect((await player.call<unknown[]>('branches')).length, 'F is no fork here').toBe(1);
  await page.keyboard.press('Escape');
  await expect(player.spacetime.locator('.cone')).toHaveCount(0);
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await page.keyboard.press('f');
  await expect.poll(async () => (await player.call<unknown[]>('branches')).length, 'elsewhere F forks').toBe(2);
});

test('the path from one event to another is found and told', async ({ page, player }) => {
  await player.openSandbox('raft', '?at=60');
  // An election: a timer fires, and what it sends reaches several nodes.
  const events = await told(player);
  const timer = events.find((event) => /election timer fires/.test(event.text))!;
  const asked = events.filter((event) => event.kind === 'RequestVote' && event.from === timer.node && event.number > timer.number);
  expect(asked.length).toBeGreaterThan(1);
  const [one, other] = [asked[0], asked.find((event) => event.node !== asked[0].node)!];
  await tool(player, /^Whole run/).click();
  await spot(player, timer.number).focus();
  await page.keyboard.press('Enter');
  await spot(player, one.number).focus();
  await page.keyboard.press('t');
  await expect(player.sentence).toHaveText(
    `Event ${timer.number} happened before event ${one.number} by one message: RequestVote ${timer.node}→${one.node} (event ${one.number}).`,
  );
  await expect(player.spacetime.locator('.way-found')).toHaveCount(1);
  // Two receipts of one broadcast are concurrent. The pointer asks with the button.
  await spot(player, one.number).focus();
  await page.keyboard.press('Enter');
  await tool(player, /^Path/).click();
  await spot(player, other.number).click();
  await expect(player.sentence).toHaveText(
    `Events ${one.number} and ${other.number} are concurrent: neither happened before the other.`,
  );
  await expect(player.spacetime.locator('.way-found')).toHaveCount(0);
});

test('lanes fold and move by keyboard, and a walk skips what is folded', async ({ page, player }) => {
  await player.openSandbox('raft', '?at=60');
  const lane = (name: string) => player.spacetime.getByRole('button', { name: `Lane ${name}`, exact: true });
  const height = async (name: string) => (await lane(name).boundingBox())!.y;
  expect(await height('S1')).toBeLessThan(await height('S2'));
  await lane('S1').focus();
  await page.keyboard.press('Shift+ArrowDown');
  await expect.poll(async () => (await height('S1')) > (await height('S2'))).toBe(true);
  await expect(lane('S1')).toBeFocused();
  await expect(player.sentence).toHaveText(/^Lane S1: 2 of \d\.$/);
  await page.keyboard.press('ArrowUp');
  await expect(lane('S2')).toBeFocused();
  await expect(lane('S2')).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.press('Enter');
  await expect(lane('S2')).toHaveAttribute('aria-expanded', 'false');
  const hidden = (await told(player)).filter((event) => event.node === 'S2').at(-1)!;
  await expect(spot(player, hidden.number)).toHaveCount(0);
  await page.keyboard.press('Enter');
  await expect(lane('S2')).toHaveAttribute('aria-expanded', 'true');
  await expect(spot(player, hidden.number)).toHaveCount(1);
});

test('on the axis of event numbers every event takes the same room', async ({ page, player }) => {
  await player.openSandbox('raft', '?at=30');
  await player.spacetime.getByRole('combobox', { name: 'Axis' }).selectOption('Event number');
  const x = async (event: number) => (await spot(player, event).boundingBox())!.x;
  await expect.poll(async () => Math.round((await x(25)) - (await x(24)))).toBeGreaterThan(5);
  const step = (await x(25)) - (await x(24));
  expect((await x(28)) - (await x(25))).toBeCloseTo(3 * step, 0);
  await player.spacetime.getByRole('combobox', { name: 'Axis' }).selectOption('Logical time');
  const events = await told(player);
  const timer = events.find((event) => /election timer fires/.test(event.text))!;
  const asked = events.filter((event) => event.kind === 'RequestVote' && event.from === timer.node && event.number > timer.number);
  // All receipts of one broadcast stand one step after it, whenever they came.
  const first = asked.filter((event) => events.every((before) => before.node !== event.node || before.number >= event.number));
  expect(first.length).toBeGreaterThan(1);
  const step2 = (await x(first[0].number)) - (await x(timer.number));
  expect(step2).toBeGreaterThan(5);
  for (const receipt of first) expect((await x(receipt.number)) - (await x(timer.number))).toBeCloseTo(step2, 0);
  await expect(page.locator('.now-text')).toHaveText(/^now \d+$/);
});

test('vector timestamps are written and told', async ({ page, player }) => {
  await player.openSandbox('raft', '?at=12');
  await spot(player, 12).focus();
  await page.keyboard.press('v');
  await expect(player.sentence).toHaveText(/^Vector timestamp: S1 \d+, S2 \d+, /);
  await expect(player.spacetime.locator('.note.vector').first()).toHaveText(/^\[\d+( \d+)+\]$/);
});

test('a lost message says why, a clock that is off ticks on its lane', async ({ page, player }) => {
  await player.openSandbox('raft');
  await player.act({ script: 'run until leader' });
  await player.stepUntil((view) => view.flights.length > 0);
  await player.act({ drop: (await player.view()).flights[0].id });
  await expect(player.spacetime.locator('.note.loss')).toHaveText(['dropped']);
  await player.act({ script: 'skew S2 +3s' });
  await expect(player.spacetime.locator('.note.local').first()).toHaveText(/^3\.\d+ s$/);
  await expect(page.locator('.local-tick')).toHaveAttribute('d', /^M/);
});

test('a path is found by touch alone', { tag: '@phone' }, async ({ page, player }) => {
  await player.openSandbox('raft', '?at=60');
  await player.show('Diagram');
  for (const name of [/^Past/, /^Future/, /^Path/, /^Vector/, /^Zoom in/, /^Whole run/]) {
    const box = (await tool(player, name).boundingBox())!;
    expect(Math.min(box.width, box.height), String(name)).toBeGreaterThanOrEqual(44);
  }
  await tool(player, /^Past/).tap();
  await expect(player.spacetime.locator('.cone.past')).toHaveCount(1);
  await player.spacetime.getByRole('button', { name: 'Clear', exact: true }).tap();
  await expect(player.spacetime.locator('.cone')).toHaveCount(0);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});

test('diagram of 5,000 events', async ({ page, player }) => {
  test.setTimeout(120_000);
  await player.openSandbox('raft');
  await player.call('step', 5_000);
  expect((await player.view()).event).toBe(5_000);
  const figures = await page.evaluate(async () => {
    const plot = document.querySelector('.spacetime-plot')!;
    const whole = [...document.querySelectorAll('button')].find((button) => button.getAttribute('aria-label') === 'Whole run')!;
    const frame = () => new Promise<number>(requestAnimationFrame);
    await frame();
    const start = performance.now();
    whole.click();
    await frame();
    await frame();
    const draw = performance.now() - start;
    const run = async (init: (i: number) => WheelEventInit) => {
      const box = plot.getBoundingClientRect();
      const times: number[] = [];
      let last = await frame();
      for (let i = 0; i < 60; i++) {
        plot.dispatchEvent(new WheelEvent('wheel', { bubbles: true, cancelable: true, clientX: box.left + 600, clientY: box.top + 80, ...init(i) }));
        const now = await frame();
        times.push(now - last);
        last = now;
      }
      return times.sort((a, b) => a - b);
    };
    const zoom = await run((i) => ({ deltaY: i % 12 < 6 ? -100 : 100 }));
    const scroll = await run((i) => ({ deltaX: i % 40 < 20 ? 24 : -24, shiftKey: true }));
    const canvas = plot.querySelector('canvas');
    return { draw, zoom, scroll, drawn: canvas !== null && !canvas.hidden };
  });
  expect(figures.drawn, 'so many marks are on the canvas').toBe(true);
  const at = (times: number[], share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(1);
  for (const name of ['zoom', 'scroll'] as const) {
    console.log(`measured: ${name} over 5,000 events: median ${at(figures[name], 0.5)} ms, 95 % ${at(figures[name], 0.95)} ms a frame`);
  }
  console.log(`measured: 5,000 events drawn within ${figures.draw.toFixed(0)} ms, two frames included`);
});

test('a crowd is counted in circles, and a click shows what is in one', async ({ page, player }) => {
  test.setTimeout(120_000);
  await player.openSandbox('raft');
  await player.call('step', 20_000);
  await tool(player, /^Whole run/).click();
  const plot = (await page.locator('.spacetime-plot').boundingBox())!;
  const lane = (await player.spacetime.getByRole('button', { name: 'Lane S3', exact: true }).boundingBox())!;
  const readout = player.spacetime.locator('.readout');
  // A circle stands every 38 pixels: somewhere along the lane one is under the pointer.
  for (let x = 300; x < 360; x += 6) {
    await page.mouse.move(plot.x + x, lane.y + lane.height / 2);
    await drawn(page);
    if ((await readout.count()) > 0 && /events from/.test((await readout.textContent()) ?? '')) break;
  }
  await expect(readout).toHaveText(/^S3: \d+ events from \d+.* s to \d+.* s\. Click to see them\.$/);
  await page.mouse.down();
  await page.mouse.up();
  await expect(readout.filter({ hasText: 'Click to see them' })).toHaveCount(0);
  const labels = await page.locator('.tick-text').allTextContents();
  expect(new Set(labels).size, 'times that differ have labels that differ').toBe(labels.length);
});

test('two fingers zoom the diagram, and one moves it', { tag: '@phone' }, async ({ page, player }) => {
  await player.openSandbox('raft', '?at=60');
  await player.show('Diagram');
  const plot = (await page.locator('.spacetime-plot').boundingBox())!;
  const distance = async () => {
    const [a, b] = [await spot(player, 54).boundingBox(), await spot(player, 60).boundingBox()];
    return { apart: Math.abs(a!.x - b!.x), at: b!.x };
  };
  const before = await distance();
  const touch = await page.context().newCDPSession(page);
  const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: { x: number; y: number; id: number }[]) =>
    touch.send('Input.dispatchTouchEvent', { type, touchPoints: points });
  const [x, y] = [plot.x + plot.width * 0.7, plot.y + 80];
  const pair = (far: number) => [{ x: x - far, y, id: 0 }, { x: x + far, y, id: 1 }];
  await send('touchStart', pair(30).slice(0, 1));
  await send('touchStart', pair(30));
  for (let far = 33; far <= 60; far += 3) await send('touchMove', pair(far));
  await expect.poll(async () => (await distance()).apart).toBeGreaterThan(before.apart * 1.6);
  const zoomed = await distance();
  await send('touchEnd', []);
  const one = (by: number) => [{ x: x - by, y, id: 0 }];
  await send('touchStart', one(0));
  for (let by = 5; by <= 40; by += 5) await send('touchMove', one(by));
  await send('touchEnd', []);
  await expect.poll(async () => (await distance()).at).toBeLessThan(zoomed.at - 25);
  expect((await player.view()).event, 'no finger was a click').toBe(60);
});

test('a run with few messages is not drawn over one with many', async ({ page, player }) => {
  await player.openSandbox('raft');
  const impatient = { 'election-min': '12ms', 'election-max': '24ms', latency: 'constant 20ms' };
  await player.call('load', { protocol: 'raft', nodes: 5, params: impatient, seed: 1 });
  await player.act({ script: 'run 2s' });
  const plate = player.spacetime.locator('canvas');
  await expect(plate).toBeVisible();
  await player.call('load', { protocol: 'raft', nodes: 3, params: {}, seed: 1 });
  await expect(plate).toBeHidden();
});
