// The charts say what happened: their tables are computed here again from the public history and events.
import type { Locator } from '@playwright/test';
import type { Operation } from '../pages/api';
import { Exchange, csv } from '../pages/exchange';
import { expect, test } from '../pages/journey';
import type { Player } from '../pages/player';

/** A Raft run in which clients ask, a leader falls, and one operation stays open. */
async function busyRun(player: Player) {
  await player.openSandbox('raft', '?seed=7');
  await player.act({ script: 'run until leader' });
  for (let i = 0; i < 8; i++) {
    await player.act({ invoke: 'C1', operation: i % 3 === 2 ? 'read x' : `write x=${i}` });
    await player.act({ script: 'run 40ms' });
    if (i === 4) {
      const leader = (await player.view()).nodes.find((node) => node.role === 'leader')!;
      await player.act({ crash: leader.id });
      await player.act({ script: 'run 600ms' });
    }
  }
  await player.act({ invoke: 'C1', operation: 'write x=99' });
}

const figure = (player: Player, title: string): Locator =>
  player.inspector.getByRole('figure').filter({ has: player.page.locator('figcaption', { hasText: new RegExp(`^${title}$`) }) });

async function table(player: Player, title: string): Promise<string[][]> {
  const chart = figure(player, title);
  const toggle = chart.getByRole('button', { name: `Table: ${title}`, exact: true });
  if ((await toggle.getAttribute('aria-expanded')) !== 'true') await toggle.click();
  return chart.getByRole('row').evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent ?? '')));
}

const length = (micros: number) => {
  if (micros === 0) return '0 ms';
  if (micros < 1_000) return `${micros} µs`;
  if (micros < 10_000) return `${(Math.floor((micros * 10 + 500) / 1_000) / 10).toFixed(1)} ms`;
  if (micros < 1_000_000) return `${Math.floor((micros + 500) / 1_000)} ms`;
  return `${(Math.floor((micros + 5_000) / 10_000) / 100).toFixed(2)} s`;
};

test('tables and percentiles are those of the history', async ({ player }) => {
  await busyRun(player);
  await player.inspect('Charts');
  const history = await player.call<(Operation & { failed: boolean })[]>('history');
  expect(history.length).toBeGreaterThanOrEqual(9);

  await expect(figure(player, 'Latency of operations')).toBeVisible();
  const [head, ...rows] = await table(player, 'Latency of operations');
  expect(head).toEqual(['client', 'asked', 'answer', 'invoked (us)', 'took (us)']);
  const expected = history.map((each) => [
    each.process,
    each.call,
    each.result ?? 'open',
    String(each.invoked),
    each.returned === null ? '' : String(each.returned - each.invoked),
  ]);
  expect(rows).toEqual(expected);

  const took = history
    .filter((each) => each.returned !== null && !each.failed)
    .map((each) => each.returned! - each.invoked)
    .sort((a, b) => a - b);
  const nearest = (share: number) => length(took[Math.max(Math.ceil((took.length * share) / 1_000), 1) - 1]);
  const note = `p50 ${nearest(500)} · p90 ${nearest(900)} · p99 ${nearest(990)} · max ${nearest(1_000)}`;
  await expect(figure(player, 'How long answers took').locator('.chart-note')).toHaveText(note);
  const buckets = (await table(player, 'How long answers took')).slice(1).map((row) => row.map(Number));
  const width = buckets[1][0];
  for (const [from, count] of buckets) {
    expect(count, `from ${from}`).toBe(took.filter((value) => value >= from && value < from + width).length);
  }

  const windows = (await table(player, 'Throughput and errors')).slice(1).map((row) => row.map(Number));
  const span = windows[1][0];
  for (const [from, answers] of windows) {
    const count = history.filter((each) => each.returned !== null && !each.failed && each.returned >= from && each.returned < from + span).length;
    expect(answers, `from ${from}`).toBeCloseTo((count * 1_000_000) / span, 2);
  }
});

test('messages and queues are those of the events and of the view', async ({ player }) => {
  await busyRun(player);
  await player.inspect('Charts');
  await expect(figure(player, 'Messages over time')).toBeVisible();
  const [head, ...rows] = await table(player, 'Messages over time');
  const [columns, ...events] = csv(await player.call<string>('export', 'csv'));
  const column = (name: string) => columns.indexOf(name);
  const waited = new Set<string>();
  const counts = new Map<string, number>();
  for (const event of events) {
    const [what, kind, message] = ['what', 'kind', 'message'].map((name) => event[column(name)]);
    if (what === 'queued') waited.add(message);
    if (what === 'delivered' && waited.delete(message)) continue;
    if (what !== 'delivered' && what !== 'queued' && what !== 'lost') continue;
    const name = what === 'lost' ? `${kind} lost ✕` : kind;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  expect(new Set(head.slice(1))).toEqual(new Set(counts.keys()));
  head.slice(1).forEach((name, i) => {
    expect(rows.reduce((sum, row) => sum + Number(row[i + 1]), 0), name).toBe(counts.get(name));
  });

  const queues = await table(player, 'Queue lengths');
  const last = queues.at(-1)!;
  expect(Number(last[queues[0].indexOf('messages in flight')])).toBe((await player.view()).flights.length);
  expect((await table(player, 'Availability')).at(-1)!.at(-1), 'one of five servers is down').toBe('80');
});

test('the keyboard reads values out and goes there', async ({ page, player }) => {
  await busyRun(player);
  await player.inspect('Charts');
  const reader = page.getByRole('slider', { name: 'Read out: Throughput and errors', exact: true });
  await reader.focus();
  await page.keyboard.press('Home');
  await expect(reader).toHaveAttribute('aria-valuetext', /^at 0\.000 s; answers 0\/s; errors 0\/s$/);
  const windows = (await table(player, 'Throughput and errors')).slice(1);
  const first = windows.findIndex((row) => Number(row[1]) > 0);
  await reader.focus();
  await page.keyboard.press('Home');
  for (let i = 0; i < first; i++) await page.keyboard.press('ArrowRight');
  await expect(reader).toHaveAttribute('aria-valuenow', windows[first][0]);
  await expect(reader).toHaveAttribute('aria-valuetext', new RegExp(`; answers ${windows[first][1].replace('.', '\\.')}/s;`));
  const before = (await player.view()).event;
  await page.keyboard.press('Enter');
  const view = await player.view();
  expect(view.event).toBeLessThan(before);
  expect(view.time).toBeLessThanOrEqual(Number(windows[first][0]));
  const next = await player.call<{ at: number }[]>('events', { from: view.event + 1, to: view.event + 1 });
  expect(next[0].at).toBeGreaterThan(Number(windows[first][0]));
});

test('the pointer reads values out in every chart at once, and a click goes there', async ({ page, player }) => {
  await busyRun(player);
  await player.inspect('Charts');
  const plot = (title: string) => page.getByRole('slider', { name: `Read out: ${title}`, exact: true });
  const throughput = plot('Throughput and errors');
  await throughput.scrollIntoViewIfNeeded();
  const box = (await throughput.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const half = Number(await throughput.getAttribute('aria-valuemax')) / 2;
  expect(Math.abs(Number(await throughput.getAttribute('aria-valuenow')) - half)).toBeLessThan(half / 10);
  expect(await plot('Queue lengths').getAttribute('aria-valuenow')).toBe(await throughput.getAttribute('aria-valuenow'));
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  expect(Math.abs((await player.view()).time - half)).toBeLessThan(half / 4);
  await page.mouse.move(0, 0);
  await expect(throughput).toHaveAttribute('aria-valuenow', String((await player.view()).time));
});

test('a chart is saved as SVG and its numbers as CSV', async ({ page, player }) => {
  await busyRun(player);
  await player.inspect('Charts');
  const exchange = new Exchange(page);
  const rows = await table(player, 'Queue lengths');
  const numbers = await exchange.saved(() => page.getByRole('button', { name: 'CSV: Queue lengths', exact: true }).click());
  expect(numbers.name).toBe(`faultline-raft-${await player.digest()}-queues.csv`);
  const all = csv(numbers.content.toString());
  expect(all[0]).toEqual(rows[0]);
  expect(all.slice(-(rows.length - 1))).toEqual(rows.slice(1));
  const drawing = await exchange.saved(() => page.getByRole('button', { name: 'SVG: Queue lengths', exact: true }).click());
  expect(drawing.name).toMatch(/-queues\.svg$/);
  const svg = drawing.content.toString();
  expect(svg).toContain('messages in flight');
  expect(svg, 'it needs no style sheet').not.toContain('class=');
  expect(svg).toMatch(/fill:\s?rgb/);
});

test('charts follow the branch', async ({ page, player }) => {
  await busyRun(player);
  await player.inspect('Charts');
  const lost = figure(player, 'Availability');
  await expect(lost).toBeVisible();
  expect((await table(player, 'Availability')).at(-1)!.at(-1)).toBe('80');
  await player.call('seek', { event: 20 });
  await page.keyboard.press('Escape');
  expect((await table(player, 'Availability')).at(-1)!.at(-1), 'the cursor alone changes nothing').toBe('80');
  await player.call('fork');
  await player.call('step', 5);
  await expect.poll(async () => (await table(player, 'Availability')).at(-1)!.at(-1)).toBe('100');
});
