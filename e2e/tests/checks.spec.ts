// The checks: rules switched off, a search for a run that breaks something, and the run played.
import type { Page } from '@playwright/test';
import { test, expect } from '../pages/journey';
import type { Player } from '../pages/player';

interface Searched {
  states: number;
  depth: number;
  exhausted: boolean;
  ended: string;
  bounds: string;
  property: string | null;
  steps: number | null;
  counterexample: string | null;
  run: string | null;
}

/** Three servers and no clients: few enough states to look at all of them. */
async function small(player: Player, params: Record<string, string> = {}) {
  await player.openSandbox('raft');
  await player.call('load', { protocol: 'raft', nodes: 3, params: { clients: '0', ...params }, seed: 1 });
}

const search = (page: Page) => page.getByRole('button', { name: 'Search', exact: true });
const rule = (page: Page) => page.locator('[data-rule="persist-vote"]');
const results = (page: Page) => page.getByRole('region', { name: 'What was found' });

test('a vote in memory breaks, its counterexample plays, and a vote on disk does not break within the bounds', async ({ page, player }) => {
  test.slow();
  await small(player);
  const panel = await player.inspect('Checks');
  await expect(panel.getByText('At most one leader is elected in a term').first()).toBeVisible();

  await rule(page).uncheck();
  await expect(player.sentence).toContainText('is off: the run starts again');
  await search(page).press('Enter');
  const found = results(page).getByRole('listitem').first();
  await expect(found.getByRole('heading')).toContainText('It breaks in 7 steps', { timeout: 60_000 });
  await expect(found.getByRole('heading')).toBeFocused();
  await expect(found).toContainText('election-safety');
  await expect(found).toContainText(/[\d,]+ states, depth \d+, [\d,]+ states a second/);

  // It opens in the moment before it happens.
  await found.getByRole('button', { name: 'Open just before it' }).press('Enter');
  const before = (await player.view()).verdicts.find((verdict) => verdict.property === 'election-safety');
  expect(before?.holds).toBe(true);
  await expect(page.locator('.node.guilty')).toHaveCount(0);
  await player.press('One event forward');
  const after = (await player.view()).verdicts.find((verdict) => verdict.property === 'election-safety');
  expect(after?.holds).toBe(false);
  expect(after?.nodes).toHaveLength(2);
  for (const id of after?.nodes ?? []) {
    await expect(player.node(id)).toHaveAccessibleName(/in a violation/);
  }
  await expect(page.locator('.node.guilty')).toHaveCount(2);
  expect(await player.call<unknown[]>('branches')).toHaveLength(2);

  // The evidence: when each was elected, and that the first may lead no longer; lit on every pane.
  const end = (await player.view()).event;
  const evidence = panel.getByRole('list', { name: /^Evidence: At most one leader/ });
  const pieces = evidence.getByRole('button');
  await expect(pieces).toHaveCount(2);
  await expect(pieces.first()).toContainText(/^S\d leads/);
  await expect(pieces.last()).toContainText(/S\d leads: this breaks it/);
  await expect(page.locator('.guilty-spot')).toHaveAttribute('d', /A/);
  await expect(page.locator('.guilty-way')).toHaveAttribute('d', /L/);
  await expect(player.spacetime.getByRole('button', { name: /, in a violation$/ })).toHaveCount(2);
  // A piece of it is gone to by keyboard, and stays lit although nothing is broken there yet.
  await pieces.first().focus();
  await page.keyboard.press('Enter');
  const exhibit = page.getByRole('region', { name: 'Evidence', exact: true });
  await expect(exhibit).toContainText(/were both elected leader in term 1/);
  await expect(exhibit.getByRole('button').first()).toBeFocused();
  const there = await player.view();
  expect(there.event).toBeLessThan(end);
  expect(there.verdicts.find((verdict) => verdict.property === 'election-safety')?.holds).toBe(true);
  await expect(page.locator('.node.guilty')).toHaveCount(2);
  await page.getByRole('tab', { name: 'Logs' }).click();
  await expect(page.locator('.log li.guilty')).toHaveCount(1);
  await exhibit.getByRole('button', { name: `Back to event ${end}` }).click();
  await expect(page.locator('.log li.guilty')).toHaveCount(2);
  expect((await player.view()).event).toBe(end);
  await exhibit.getByRole('button', { name: 'Put away' }).click();
  await expect(exhibit).toHaveCount(0);
  await page.getByRole('tab', { name: 'Space-time' }).click();

  await rule(page).check();
  await search(page).press('Enter');
  const exhausted = results(page).getByRole('listitem').first();
  await expect(exhausted.getByRole('heading')).toContainText('Exhausted: no violation within these bounds: 2 timeouts', { timeout: 90_000 });
  await expect(exhausted).toContainText('1 crash with restart');
  await expect(exhausted).toContainText('28,636 states');
  await expect(page.locator('body')).not.toContainText(/\bproved\b/);
});

test('a search can be cancelled, and leaves the run as it was', async ({ page, player }) => {
  await player.openSandbox('raft');
  await player.call('step', 20);
  const digest = await player.digest();
  await player.inspect('Checks');
  await page.getByLabel('Timers that fire').fill('12');
  await page.getByLabel('Timers that fire').press('Tab');
  await search(page).click();
  await expect(page.locator('.find-progress')).toContainText(/[1-9][\d,]* states/);
  // It says that it will not end before it has taken much: both are read in the same frame.
  const told = await page.waitForFunction(() => {
    const warning = document.querySelector('.find-warning')?.textContent ?? '';
    return warning.includes('will not end by itself') && document.querySelector('.find-progress')!.textContent;
  });
  const taken = /([\d,]+) MiB/.exec(String(await told.jsonValue()))?.[1] ?? '';
  expect(taken, 'it says how much it has taken').not.toBe('');
  expect(Number(taken.replace(',', '')), 'MiB when it says so').toBeLessThan(128);
  await page.getByRole('button', { name: 'Cancel', exact: true }).press('Enter');
  await expect(search(page)).toBeVisible();
  await expect(page.locator('.find-progress')).toHaveCount(0);
  expect(await player.digest()).toBe(digest);
});

test('the page stays alive while the worker searches', async ({ page, player }) => {
  await player.openSandbox('raft');
  await player.inspect('Checks');
  await page.getByLabel('Timers that fire').fill('12');
  await page.getByLabel('Timers that fire').press('Tab');
  await search(page).click();
  await expect(page.locator('.find-progress')).toContainText(/[1-9][\d,]* states/);
  const took = await page.evaluate(async () => {
    const start = performance.now();
    for (let i = 0; i < 20; i++) await new Promise(requestAnimationFrame);
    return performance.now() - start;
  });
  console.log(`measured: 20 frames in ${took.toFixed(0)} ms of a search`);
  await expect(search(page), 'it is still searching').toHaveCount(0);
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
});

test('how far a violation is, and the next step there', async ({ page, player }) => {
  await small(player, { 'persist-vote': 'off' });
  await player.inspect('Checks');
  const said = page.locator('.distance-said');
  await page.getByRole('button', { name: 'How far is a violation from here?' }).click();
  await expect(said.first()).toHaveText('You are 7 steps from a violation of election-safety.', { timeout: 60_000 });
  await page.getByRole('button', { name: 'Show the next step' }).click();
  await expect(said.last()).toContainText('Next: S');
  // One step on, what was said is no longer shown: it was true of another moment.
  await player.press('One event forward');
  await expect(page.getByText('You are 7 steps')).toHaveCount(0);
});

test('search of the public contract', async ({ player }) => {
  test.slow();
  await small(player, { 'persist-vote': 'off' });
  const before = await player.view();
  const found = await player.call<Searched>('search', { property: 'election-safety', faults: { restarts: 1 } });
  expect(found).toMatchObject({ exhausted: false, ended: 'found', property: 'election-safety', steps: 7 });
  expect(await player.view(), 'the run on stage is left alone').toEqual(before);
  await player.call('load', { run: found.run });
  await player.call('step', 1);
  expect((await player.view()).verdicts.find((verdict) => verdict.property === 'election-safety')?.holds).toBe(false);
  // The script plays to the same violation.
  await player.call('load', { protocol: 'raft', nodes: 3, params: { clients: '0', 'persist-vote': 'off' }, seed: 1 });
  const lines = (found.counterexample ?? '').split('\n').filter((line) => !/^(protocol|nodes|seed|set|$)/.test(line));
  await player.perform(lines.join('\n'));

  await small(player);
  const few = await player.call<Searched>('search', { property: 'election-safety', faults: 1, maxStates: 5_000 });
  expect(few).toMatchObject({ states: 5_000, exhausted: false, ended: 'too-many-states', counterexample: null });
  expect(few.bounds).toContain('1 fault altogether');
  await expect(player.call('search', { property: 'election-safty' })).rejects.toThrow(/election-safety/);
  await expect(player.call('search', { faults: { restarts: -1 } })).rejects.toThrow(/0 to 20/);
  await expect(player.call('search', { faults: -1 })).rejects.toThrow(/0 to 20/);
  await expect(player.call('search', { faults: { reboots: 1 } })).rejects.toThrow(/no budget `reboots`.*restarts/);
  await expect(player.call('search', { maxStates: 1e9 })).rejects.toThrow(/0 to 4000000/);
});

test('a worker that cannot be started or dies is reported, and the next search works', async ({ page, player }) => {
  await small(player, { 'persist-vote': 'off' });
  await player.inspect('Checks');
  // Dies once it has been asked.
  await page.evaluate(() => {
    const own = window.Worker;
    (window as unknown as { Worker: unknown }).Worker = class extends own {
      postMessage() {
        this.dispatchEvent(new ErrorEvent('error', { message: 'out of memory', cancelable: true }));
        (window as unknown as { Worker: unknown }).Worker = own;
      }
    };
  });
  await search(page).click();
  await expect(page.getByRole('alert')).toContainText('stopped by itself: out of memory', { timeout: 30_000 });
  await search(page).click();
  await expect(results(page).getByRole('heading', { level: 3 })).toContainText('It breaks in 7 steps', { timeout: 60_000 });
  // Cannot be had at all: the page searches itself.
  await page.evaluate(() => {
    (window as unknown as { Worker: unknown }).Worker = class {
      constructor() {
        throw new Error('forbidden');
      }
    };
  });
  await search(page).click();
  await expect(results(page).getByRole('heading', { level: 3 })).toHaveCount(2, { timeout: 60_000 });
});

test('a worker that dies without a word is missed', async ({ page, player }) => {
  test.slow();
  await small(player, { 'persist-vote': 'off' });
  await player.inspect('Checks');
  await page.evaluate(() => {
    const own = window.Worker;
    (window as unknown as { Worker: unknown }).Worker = class extends own {
      postMessage() {
        this.terminate();
        (window as unknown as { Worker: unknown }).Worker = own;
      }
    };
  });
  const digest = await player.digest();
  await search(page).click();
  await expect(page.getByRole('alert')).toContainText('stopped by itself, without a word', { timeout: 45_000 });
  expect(await player.digest(), 'the run is as it was').toBe(digest);
  await search(page).click();
  await expect(results(page).getByRole('heading', { level: 3 })).toContainText('It breaks in 7 steps', { timeout: 60_000 });
});

test('judges that know no protocol say since when and why, and their evidence leads there', async ({ page, player }) => {
  // One replica takes the write and another answers the read.
  await player.openSandbox('quorum-register');
  await player.call('load', { protocol: 'quorum-register', nodes: 3, params: { r: '1', w: '1', 'retry-after': '0s' }, seed: 1 });
  const panel = await player.inspect('Checks');
  const judge = (name: string | RegExp) => panel.getByRole('button', { name });
  // Whoever is asked with everything mended answers.
  await expect(judge('holds: Answers once everything is mended')).toBeVisible();
  const nodes = (await player.view()).nodes;
  const client = nodes.find((node) => node.client)?.id;
  const first = nodes.find((node) => !node.client)?.id;
  await player.act({ invoke: client, operation: 'write x=1' });
  for (const flight of (await player.view()).flights) {
    if (flight.to !== first) await player.act({ drop: flight.id });
  }
  await player.call('step', 4);
  await player.act({ invoke: client, operation: 'read x' });
  await player.act({ script: `drop ${client}->${first} Query` });
  await player.call('step', 6);
  await expect(judge('is violated: Linearizable')).toBeVisible();
  await judge('is violated: Read your writes').press('Enter');
  const status = page.getByRole('region', { name: 'What judges say of this run' }).getByRole('status');
  await expect(status).toContainText(/after .*write x=1.*So since event \d+\./s);
  await expect(page.locator('.interval.guilty')).toHaveCount(2);
  const pieces = panel.getByRole('list', { name: 'Evidence: Read your writes' }).getByRole('button');
  await expect(pieces).toHaveCount(2);
  const before = (await player.view()).event;
  await pieces.first().press('Enter');
  await expect(page.getByRole('region', { name: 'Evidence', exact: true })).toBeVisible();
  expect((await player.view()).event).toBeLessThan(before);
  await expect(page.locator('.guilty-spot')).toHaveAttribute('d', /A/);
});

test('transactions and effects are judged where the protocol testifies', async ({ player }) => {
  await player.openSandbox('two-phase-commit');
  await player.act({ invoke: 'C', operation: 'transfer 30 P1 P2' });
  await player.call('step', 30);
  const panel = await player.inspect('Checks');
  for (const name of ['Strictly serializable', 'Serializable', 'Snapshot isolation']) {
    await expect(panel.getByRole('button', { name: `holds: ${name}`, exact: true })).toBeVisible();
  }
  await player.act({ crash: 'C' });
  await expect(panel.getByRole('button', { name: 'holds: Answers once everything is mended' })).toBeVisible();
});

test('what clients saw is judged and drawn', async ({ page, player }) => {
  await player.openSandbox('quorum-register');
  await player.call('load', { protocol: 'quorum-register', nodes: 3, params: { 'read-quorum': '1', 'write-quorum': '1' }, seed: 1 }).catch(() => undefined);
  const view = await player.view();
  const client = view.nodes.find((node) => node.operations.length > 0);
  await player.act({ invoke: client?.id, operation: client?.operations[0] });
  await player.call('step', 30);
  await player.inspect('Checks');
  const part = page.getByRole('region', { name: 'What judges say of this run' });
  await expect(part.getByRole('button', { name: 'holds: Linearizable' })).toBeVisible();
  await expect(part.locator('.interval')).toHaveCount(1);
});
