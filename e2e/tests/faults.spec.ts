// Every fault by hand: with the keyboard alone, through the menus behind menus, and what each does to
// the run; what cannot be done is not offered.
import type { Page } from '@playwright/test';
import type { Operation } from '../pages/api';
import { expect, test } from '../pages/journey';
import type { Player } from '../pages/player';

const node = async (player: Player, id: string) => (await player.view()).nodes.find((node) => node.id === id)!;
const link = async (player: Player, from: string, to: string) =>
  (await player.view()).links.find((link) => link.from === from && link.to === to)!;
const on = async (player: Player, from: string, to: string) =>
  (await player.view()).flights.filter((flight) => flight.from === from && flight.to === to);

/** Walks down the open menu to an item and takes it, without a pointer. */
async function take(page: Page, label: string) {
  await expect(page.getByRole('menuitem').first()).toBeFocused();
  for (let i = 0; i < 16; i++) {
    if ((await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))) === label) break;
    await page.keyboard.press('ArrowDown');
  }
  await expect(page.getByRole('menuitem', { name: label, exact: true })).toBeFocused();
  await page.keyboard.press('Enter');
}

test('a message is dropped, and all like it, by keyboard alone', async ({ page, player }) => {
  await player.openSandbox('raft');
  const flying = await player.stepUntil((view) => view.flights.length >= 2);
  const [first, second] = flying.flights;
  const now = async (id: string) => (await player.view()).flights.find((flight) => flight.id === id);

  await player.message(first.kind, first.from, first.to).first().focus();
  await page.keyboard.press('Enter');
  await take(page, 'Drop');
  expect(await now(first.id)).toBeUndefined();
  await expect(page.getByRole('menu')).toHaveCount(0);

  await player.message(second.kind, second.from, second.to).first().focus();
  await page.keyboard.press('Enter');
  await take(page, 'Drop all like this');
  expect((await now(second.id))?.doomed ?? true, 'it dies on its way').toBe(true);
  expect((await link(player, second.from, second.to)).dropped).toEqual([second.kind]);
});

test('all like a message are dropped until they are let through', async ({ player }) => {
  await player.openSandbox('raft');
  await player.act({ script: 'run until leader' });
  const flying = await player.stepUntil((view) => view.flights.some((flight) => flight.kind === 'AppendEntries'));
  const { kind, from, to } = flying.flights.find((flight) => flight.kind === 'AppendEntries')!;
  await player.choose(player.message(kind, from, to).first(), 'Drop all like this');
  const arrives = `${to} gets AppendEntries from ${from}`;
  const heard = async (since: number) => {
    const told = await player.call<{ text: string }[]>('events', { from: since });
    return told.filter((event) => event.text.startsWith(arrives)).length;
  };
  const dropped = (await player.view()).event;
  await player.call('step', 40);
  expect(await heard(dropped), 'none arrives while they are dropped').toBe(0);
  await player.choose(player.link(from, to), `Let ${kind} through`);
  expect((await link(player, from, to)).dropped).toEqual([]);
  const through = (await player.view()).event;
  await player.call('step', 300);
  expect(await heard(through), 'and they arrive again').toBeGreaterThan(0);
});

test('a held link keeps its messages and releases all of them', async ({ player }) => {
  await player.openSandbox('raft');
  await player.act({ script: 'run until leader' });
  const leader = (await player.view()).nodes.find((node) => node.role === 'leader')!.id;
  const other = leader === 'S1' ? 'S2' : 'S1';
  await player.choose(player.link(leader, other), 'Hold all on this link');
  expect([(await link(player, leader, other)).held, (await link(player, other, leader)).held]).toEqual([true, true]);
  await player.call('step', 30);
  const waiting = await on(player, leader, other);
  expect(waiting.length).toBeGreaterThan(0);
  expect(waiting.every((flight) => flight.held)).toBe(true);
  await player.choose(player.link(leader, other), 'Release');
  const kept = (await on(player, leader, other)).map((flight) => flight.id);
  expect(kept, 'nothing is lost by the release').toEqual(waiting.map((flight) => flight.id));
  await player.call('step', 40);
  const left = (await on(player, leader, other)).map((flight) => flight.id);
  expect(left.filter((id) => kept.includes(id))).toEqual([]);
});

test('a link’s latency is drawn as it will be, and its bandwidth makes messages queue', async ({ player }) => {
  await player.openSandbox('raft');
  await player.act({ script: 'run until leader' });
  const leader = (await player.view()).nodes.find((node) => node.role === 'leader')!.id;
  const other = leader === 'S1' ? 'S2' : 'S1';
  const way = player.link(leader, other);

  await player.choose(way, 'Latency…');
  const shapes = [
    ['uniform', { 'At least': '40', 'At most': '120' }, 'uniform 40ms 120ms'],
    ['exponential', { Mean: '80' }, 'exponential 80ms'],
    ['Pareto', { 'At least': '40', Exponent: '2.5' }, 'pareto 40ms 2.5'],
    ['normal', { Mean: '60', Deviation: '15' }, 'normal 60ms 15ms'],
  ] as const;
  for (const [shape, fields, text] of shapes) {
    await player.form.getByRole('combobox', { name: 'Distribution', exact: true }).selectOption({ label: shape });
    for (const [label, value] of Object.entries(fields)) await player.form.getByLabel(label, { exact: true }).fill(value);
    await expect(player.form.getByRole('img', { name: `Density of ${text}`, exact: true })).toBeVisible();
  }
  await player.form.getByRole('button', { name: 'Set', exact: true }).click();
  expect((await link(player, other, leader)).latency).toBe('normal 60ms 15ms');

  await player.choose(way, 'Bandwidth…');
  await player.form.getByLabel('Carries', { exact: true }).fill('0');
  await player.form.getByRole('button', { name: 'Set', exact: true }).click();
  await expect(player.form).toContainText('It lies between 1B/s and 1000GB/s, or is unlimited.');
  await player.form.getByLabel('Carries', { exact: true }).fill('1');
  await expect(player.form).toContainText('A message of 1000 bytes keeps the link busy for 1s.');
  await player.form.getByRole('button', { name: 'Set', exact: true }).click();
  expect((await link(player, leader, other)).bandwidth).toBe('1KB/s');
  await player.call('step', 60);
  expect((await link(player, leader, other)).queue).toBeGreaterThan(0);
});

test('a full disk holds up its node’s writes until there is room', async ({ page, player }) => {
  await player.openSandbox('raft');
  await player.node('S2').focus();
  await page.keyboard.press('Enter');
  await take(page, 'Disk');
  await expect(page.getByRole('menuitem', { name: 'Crash, keep unsynced writes', exact: true })).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(player.menuItem('Disk')).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('menuitem', { name: 'Crash, keep unsynced writes', exact: true })).toBeFocused();
  // A disk that writes in no time is not offered to be slowed.
  await expect(player.menuItem('Slow the disk…')).toHaveCount(0);
  for (let i = 0; i < 2; i++) await page.keyboard.press('ArrowDown');
  await expect(player.menuItem('Fill the disk')).toBeFocused();
  await page.keyboard.press('Enter');
  expect((await node(player, 'S2')).diskFull).toBe(true);
  await player.call('step', 60);
  expect((await node(player, 'S2')).writing, 'a vote or a term waits for room').toBeGreaterThan(0);
  await player.chooseIn(player.node('S2'), 'Disk', 'Free the disk');
  expect((await node(player, 'S2')).diskFull).toBe(false);
  await player.call('step', 10);
  expect((await node(player, 'S2')).writing).toBe(0);

  await player.chooseIn(player.node('S2'), 'Disk', 'Disk latency…');
  await player.form.getByLabel('Time', { exact: true }).fill('35');
  await player.form.getByRole('button', { name: 'Set', exact: true }).click();
  expect((await node(player, 'S2')).diskLatency).toBe(35_000);
  await player.chooseIn(player.node('S2'), 'Disk', 'Slow the disk…');
  await player.form.getByRole('textbox').fill('300');
  await player.form.getByRole('button', { name: 'Set', exact: true }).click();
  expect((await node(player, 'S2')).diskSlow).toBe(300);
});

test('a clock jumps and is synchronised with another', async ({ player }) => {
  await player.openSandbox('raft', '?at=30');
  await player.chooseIn(player.node('S2'), 'Clock', 'Jump clock…');
  await player.form.getByRole('combobox', { name: 'Direction', exact: true }).selectOption('backwards');
  await player.form.getByRole('button', { name: 'Jump', exact: true }).click();
  expect((await node(player, 'S2')).offset).toBe(-5_000_000);
  await player.chooseIn(player.node('S2'), 'Clock', 'Synchronise clock…');
  await player.form.getByRole('combobox', { name: 'By the clock of', exact: true }).selectOption('S3');
  await player.form.getByRole('button', { name: 'Synchronise', exact: true }).click();
  const { offset, synced } = await node(player, 'S2');
  expect(synced!.with).toBe('S3');
  expect(Math.abs(offset), 'off by half the round trip at most').toBeLessThanOrEqual(synced!.error);
});

test('a fast clock makes a later write lose, in the lesson about it', async ({ player }) => {
  await player.openLesson('last-writer-wins', '?step=2');
  await player.choose(player.node('A'), 'Set clock…');
  await player.form.getByLabel('Off by', { exact: true }).fill('8');
  await player.form.getByRole('button', { name: 'Set', exact: true }).click();
  expect((await node(player, 'A')).offset).toBe(8_000_000);
  const done = async (client: string) =>
    (await player.call<Operation[]>('history')).find((each) => each.process === client)?.result;
  const write = async (client: string, value: string) => {
    await player.choose(player.node(client), 'Write…');
    await player.form.getByLabel('Value', { exact: true }).fill(value);
    await expect(player.form.getByLabel('Operation', { exact: true })).toHaveValue(`write x=${value}`);
    await player.form.getByRole('button', { name: 'Send', exact: true }).click();
    for (let i = 0; i < 20 && (await done(client)) !== 'ok'; i++) await player.press('One event forward');
    expect(await done(client)).toBe('ok');
  };
  await write('C1', 'green');
  await player.stepUntil((view) => view.flights.every((flight) => flight.to !== 'B'), 40);
  await write('C2', 'violet');
  const verdict = (await player.view()).verdicts.find((verdict) => verdict.property === 'no-lost-acknowledged-write')!;
  expect(verdict.holds, verdict.why).toBe(false);
  await expect.poll(() => player.goalMet('lose-a-later-write')).toBe(true);
});

test('a pause makes two leaders, in different terms', async ({ player }) => {
  await player.openSandbox('raft');
  await player.act({ script: 'run until leader' });
  const leaders = async () => (await player.view()).nodes.filter((node) => node.role === 'leader');
  const [old] = await leaders();
  await player.choose(player.node(old.id), 'Pause');
  await player.stepUntil((view) => view.nodes.filter((node) => node.role === 'leader').length === 2);
  await player.choose(player.node(old.id), 'Resume');
  const both = await leaders();
  expect(both).toHaveLength(2);
  expect(new Set(both.map((node) => node.epoch)).size, 'in different terms').toBe(2);
  const safety = (await player.view()).verdicts.find((verdict) => verdict.property === 'election-safety')!;
  expect(safety.holds, 'one leader a term').toBe(true);
});

test('nodes join and leave where the protocol lets them', async ({ page, player }) => {
  await player.openSandbox('last-writer-wins');
  const before = (await player.view()).nodes.length;
  await page.getByRole('button', { name: 'Add a node', exact: true }).click();
  const nodes = (await player.view()).nodes;
  expect(nodes).toHaveLength(before + 1);
  const joined = nodes.at(-1)!.id;
  await player.choose(player.node(joined), 'Remove');
  expect((await node(player, joined)).status).toBe('left');
  await player.openSandbox('raft');
  await expect(page.getByRole('button', { name: 'Workload', exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Add a node', exact: true })).toHaveCount(0);
});

test('a node lies, and is honest again', async ({ player }) => {
  await player.openSandbox('paxos');
  const liar = (await player.view()).nodes.find((node) => node.lies.length > 0)!;
  await player.choose(player.node(liar.id), 'Lie…');
  await expect(player.form).toContainText(liar.lies[0].sentence);
  await player.form.getByRole('button', { name: 'Lie', exact: true }).click();
  expect((await node(player, liar.id)).lying).toBe(liar.lies[0].id);
  await player.choose(player.node(liar.id), 'Stop lying');
  expect((await node(player, liar.id)).lying).toBeNull();
});

test('a workload begins, is counted, and is stopped', async ({ page, player }) => {
  await player.openSandbox('raft');
  await player.act({ script: 'run until leader' });
  await page.getByRole('button', { name: 'Workload', exact: true }).click();
  const tool = page.getByRole('group', { name: 'Workload', exact: true });
  await tool.getByLabel('Rate, per second', { exact: true }).fill('often');
  await tool.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(tool).toContainText('`often/s` is no number');
  expect((await player.view()).workload).toBeNull();
  await tool.getByLabel('Rate, per second', { exact: true }).fill('100');
  await tool.getByRole('slider', { name: 'Compare and set', exact: true }).fill('0');
  await expect(tool).toContainText('workload open 100/s write 50% read 50% keys 10 zipf 0.99');
  await tool.getByRole('button', { name: 'Start', exact: true }).click();
  expect((await player.view()).workload!.text).toBe('open 100/s write 50% read 50% keys 10 zipf 0.99');
  await player.call('step', 100);
  const issued = (await player.view()).workload!.issued;
  expect(issued).toBeGreaterThan(5);
  expect(await player.call<Operation[]>('history')).toHaveLength(issued);
  await expect(tool.getByRole('status')).toContainText(`Operations so far: ${issued}.`);
  await expect(page.getByRole('button', { name: `Workload: ${issued} so far` })).toBeVisible();
  await tool.getByRole('button', { name: 'Stop', exact: true }).click();
  expect((await player.view()).workload).toBeNull();
});

test('a menu is a sheet on a phone, and fits @phone', async ({ page, player }) => {
  await player.openSandbox('raft', '?at=40');
  await player.show('Stage');
  await player.node('S1').tap();
  const menu = page.getByRole('menu');
  await expect(menu).toBeVisible();
  const box = (await menu.boundingBox())!;
  expect([box.x, Math.round(box.y + box.height)]).toEqual([0, 844]);
  expect(box.width).toBe(390);
  for (const item of await menu.getByRole('menuitem').all()) {
    expect((await item.boundingBox())!.height).toBeGreaterThanOrEqual(44);
  }
  await player.menuItem('Clock').tap();
  await player.menuItem('Jump clock…').tap();
  await expect(player.form.getByLabel('Jumps by', { exact: true })).toBeFocused();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
});
