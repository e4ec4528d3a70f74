// Free play with Raft: every knob starts the run again and says so, every fault of the menus does
// what it says, and what cannot be done is refused with a reason.
import type { Locator } from '@playwright/test';
import type { Operation } from '../pages/api';
import { expect, test } from '../pages/journey';
import type { Player } from '../pages/player';

const node = async (player: Player, id: string) => (await player.view()).nodes.find((node) => node.id === id)!;
const link = async (player: Player, from: string, to: string) =>
  (await player.view()).links.find((link) => link.from === from && link.to === to)!;

/** Opens a menu's form, fills its first field and sends it. */
async function fill(player: Player, thing: Locator, item: Parameters<Player['choose']>[1], value: string, button = 'Set') {
  await player.choose(thing, item);
  const form = player.page.getByRole('dialog').locator('form');
  await form.getByRole('textbox').first().fill(value);
  await form.getByRole('button', { name: button, exact: true }).click();
}

test('a knob starts the run again and says so', async ({ page, player }) => {
  await player.openSandbox('raft', '?at=40');
  expect((await player.view()).event).toBe(40);
  const knob = page.getByLabel('Election min', { exact: true });
  await knob.fill('200ms');
  await knob.press('Enter');
  await expect(player.sentence).toHaveText('election-min is 200ms: the run starts again.');
  expect((await player.view()).event).toBe(0);
  const run = await player.call<{ scenario: { set: [string, string][] } }>('run');
  expect(run.scenario.set).toContainEqual(['election-min', '200ms']);
  const changed = await player.call<unknown>('step', 40).then(() => player.digest());

  await knob.fill('soon');
  await knob.press('Enter');
  await expect(page.getByRole('alert')).toContainText('election-min');
  expect(await player.digest(), 'a bad value leaves the run alone').toBe(changed);

  await page.getByRole('button', { name: 'Undo 1 change', exact: true }).click();
  await player.call('step', 40);
  expect(await player.digest()).not.toBe(changed);
  await page.getByLabel('Seed', { exact: true }).fill('43');
  await page.getByLabel('Seed', { exact: true }).press('Enter');
  await expect(player.sentence).toHaveText('Seed 43: the run starts again.');
});

test('every fault of a node’s menu does what it says', async ({ player }) => {
  await player.openSandbox('raft', '?at=60');
  const s2 = player.node('S2');
  await player.choose(s2, 'Crash');
  expect((await node(player, 'S2')).status).toBe('down');
  await player.choose(s2, 'Restart');
  expect((await node(player, 'S2')).status).toBe('up');
  await player.choose(s2, 'Crash');
  await player.choose(s2, 'Restart with empty disk');
  expect((await node(player, 'S2')).status).toBe('up');
  await expect(player.sentence).toContainText('empty disk');
  await player.choose(s2, 'Pause');
  expect((await node(player, 'S2')).status).toBe('paused');
  await expect(s2).toHaveAccessibleName(/paused/);
  await player.choose(s2, 'Resume');
  expect((await node(player, 'S2')).status).toBe('up');
  await fill(player, s2, 'Set clock…', '3');
  expect((await node(player, 'S2')).offset).toBe(3_000_000);
  await expect(s2).toHaveAccessibleName(/clock \+3s/);
  await fill(player, s2, 'Slow down…', '250');
  expect((await node(player, 'S2')).slow).toBe(250);

  await player.choose(s2, 'Slow down…');
  const form = player.page.getByRole('dialog').locator('form');
  await form.getByRole('textbox').fill('very');
  await form.getByRole('button', { name: 'Set' }).click();
  await expect(form.getByText('Write a whole number from 1 to 100000.')).toBeVisible();
  expect((await node(player, 'S2')).slow).toBe(250);
});

test('every fault of a message’s menu does what it says', async ({ player }) => {
  await player.openSandbox('raft');
  const flying = await player.stepUntil((view) => view.flights.length >= 4);
  const [first, second, third, fourth] = flying.flights;
  const at = (flight: { kind: string; from: string; to: string }) => player.message(flight.kind, flight.from, flight.to).first();
  const now = async (id: string) => (await player.view()).flights.find((flight) => flight.id === id);

  await player.choose(at(first), 'Deliver now');
  expect(await now(first.id)).toBeUndefined();
  await player.choose(at(second), 'Drop');
  expect(await now(second.id)).toBeUndefined();
  await fill(player, at(third), 'Delay…', '20', 'Delay');
  expect((await now(third.id))!.due).toBe(third.due + 20_000);
  await player.choose(at(fourth), 'Duplicate');
  const copies = (await player.view()).flights.filter(
    (flight) => flight.kind === fourth.kind && flight.from === fourth.from && flight.to === fourth.to,
  );
  expect(copies).toHaveLength(2);
});

test('every fault of a link’s menu does what it says', async ({ player }) => {
  await player.openSandbox('raft', '?at=30');
  const way = player.link('S1', 'S3');
  await player.choose(way, 'Cut');
  expect([(await link(player, 'S1', 'S3')).cut, (await link(player, 'S3', 'S1')).cut]).toEqual([true, true]);
  await player.choose(way, 'Heal');
  expect([(await link(player, 'S1', 'S3')).cut, (await link(player, 'S3', 'S1')).cut]).toEqual([false, false]);
  await player.choose(way, 'Cut one way');
  expect([(await link(player, 'S1', 'S3')).cut, (await link(player, 'S3', 'S1')).cut]).toEqual([true, false]);
  await player.choose(way, 'Heal');
  await fill(player, way, 'Lose packets…', '30');
  expect((await link(player, 'S3', 'S1')).loss).toBe('30%');
  await fill(player, way, 'Duplicate packets…', '20');
  expect((await link(player, 'S1', 'S3')).duplication).toBe('20%');
  await player.choose(way, 'Keep order');
  expect((await link(player, 'S1', 'S3')).fifo).toBe(true);
  await fill(player, way, 'Latency…', '80');
  expect((await link(player, 'S1', 'S3')).latency).toBe('constant 80ms');
});

test('the network is partitioned by a list, and healed', async ({ page, player }) => {
  await player.openSandbox('raft', '?at=30');
  await page.getByRole('button', { name: 'Partition', exact: true }).click();
  const tool = page.getByRole('group', { name: 'Partition', exact: true });
  const group = (id: string) => tool.getByRole('combobox', { name: `Group of ${id}`, exact: true });
  for (const id of ['S1', 'S2']) await group(id).selectOption('1');
  for (const id of ['S3', 'S4', 'S5']) await group(id).selectOption('2');
  await tool.getByRole('button', { name: 'Split', exact: true }).click();
  const cut = (await player.view()).links.filter((link) => link.cut).map((link) => `${link.from} ${link.to}`);
  for (const a of ['S1', 'S2']) for (const b of ['S3', 'S4', 'S5']) expect(cut).toEqual(expect.arrayContaining([`${a} ${b}`, `${b} ${a}`]));
  expect(cut).not.toContain('S1 S2');
  await expect(page.getByRole('button', { name: 'Partition on', exact: true })).toBeVisible();
  await tool.getByRole('button', { name: 'Heal all', exact: true }).click();
  expect((await player.view()).links.some((link) => link.cut)).toBe(false);
});

test('a client’s write returns', async ({ page, player }) => {
  await player.openSandbox('raft');
  await player.act({ script: 'run until leader' });
  await page.getByRole('button', { name: 'Client request', exact: true }).click();
  const tool = page.getByRole('group', { name: 'Client request', exact: true });
  await tool.getByRole('combobox', { name: 'Node' }).selectOption('C1');
  await tool.getByLabel('Operation', { exact: true }).fill('write x=41');
  await tool.getByRole('button', { name: 'Send', exact: true }).click();
  const mine = async () => (await player.call<Operation[]>('history')).find((each) => each.call === 'write x=41');
  expect(await mine()).toMatchObject({ process: 'C1', result: null, returned: null });
  await player.speed.selectOption({ label: '×0.5' });
  await player.press('Play');
  await expect.poll(async () => (await mine())?.result, { timeout: 10_000 }).toBe('ok');
  await player.press('Pause');
  const done = (await mine())!;
  expect(done.returned!).toBeGreaterThan(done.invoked);
});

test('a refusal says why and changes nothing', async ({ page, player }) => {
  await player.openSandbox('raft', '?at=30');
  const before = await player.view();
  const refusals: [object, RegExp][] = [
    [{ crash: 'S9' }, /there is no node S9; there are: S1, S2/],
    [{ restart: 'S1' }, /S1.*(is not|not) (down|crashed)|S1 is (up|running)/i],
    [{ drop: 'm99999' }, /m99999/],
    [{ drop: 17 }, /a message is named by its id/],
    [{ cut: ['S1'] }, /a link is named by its ends/],
    [{ invoke: 'C1', operation: 'frobnicate' }, /`frobnicate` is no operation: use `write x=1`/],
    [{ script: 'drop S1->S9 AppendEntries' }, /S9/],
    [{ script: 'crash S1\ncrash S2' }, /one/i],
    [{ explode: 'S1' }, /act takes an object with one of: .*\bdrop, .*\bcrash, /],
    [{}, /act takes an object with one of/],
  ];
  for (const [argument, why] of refusals) {
    await expect(player.act(argument), JSON.stringify(argument)).rejects.toThrow(why);
  }
  expect(await player.view()).toEqual(before);

  await page.getByRole('button', { name: 'Client request', exact: true }).click();
  await page.getByLabel('Operation', { exact: true }).fill('frobnicate');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(page.getByRole('group', { name: 'Client request', exact: true })).toContainText('`frobnicate` is no operation');
  expect(await player.view()).toEqual(before);
});
