// The program comes in chunks: a page fetches its own protocol and what it shows, no more; and what
// could not be fetched is said, and can be had when the network is back.
import { type Page } from '@playwright/test';
import { expect, test } from '../pages/journey';

/** Names of the WebAssembly files that a page has asked for, without what tells their content. */
function fetched(page: Page): string[] {
  const names: string[] = [];
  page.on('request', (request) => {
    const file = new URL(request.url()).pathname.match(/\/([a-z-]+?)(?:-[0-9a-f]{16})?(?:_bg)?\.wasm$/);
    if (file) names.push(file[1]);
  });
  return names;
}

const PROTOCOLS = ['unreliable-link', 'last-writer-wins', 'quorum-register', 'abd-register', 'lease-lock', 'paxos', 'two-phase-commit'];

test('a lesson is played with its own protocol, and no other is fetched', async ({ page, player }) => {
  const names = fetched(page);
  await player.openLesson('raft-elections');
  const before = (await player.view()).event;
  await player.answer('It does not converge');
  await player.answer('Certain');
  await player.pressInLesson('Check my prediction');
  await expect.poll(async () => (await player.view()).event, { timeout: 20_000 }).toBeGreaterThan(before);
  await expect(player.spacetime).toBeVisible();
  await page.waitForLoadState('networkidle');
  expect(names).toContain('raft');
  expect(names.filter((name) => PROTOCOLS.includes(name))).toEqual([]);
  expect(names).not.toContain('home');
  expect(names).not.toContain('sandbox');
});

test('another protocol comes when a run of it is opened', async ({ page, player }) => {
  const names = fetched(page);
  await player.openSandbox('raft');
  expect(names).not.toContain('paxos');
  await player.call('load', { protocol: 'paxos', nodes: 3 });
  expect(names).toContain('paxos');
  expect((await player.view()).nodes.length).toBeGreaterThan(2);
});

test('a room that cannot be fetched says so, and comes when asked again', async ({ page, player, trouble }) => {
  trouble.allow(/rooms-|Failed to fetch|ERR_FAILED/);
  await page.route(/\/rooms-[0-9a-f]+\.wasm$/, (route) => route.abort());
  await player.openSandbox('raft');
  const panel = await player.inspect('Checks');
  const alert = panel.getByRole('alert');
  await expect(alert).toContainText('The checks could not be loaded: a part of the program could not be fetched.');
  await page.unroute(/\/rooms-[0-9a-f]+\.wasm$/);
  await alert.getByRole('button', { name: 'Try again' }).click();
  await expect(panel.getByText('At most one leader is elected in a term').first()).toBeVisible();
  await expect(alert).toHaveCount(0);
});

test('a protocol that cannot be fetched says so in the lesson, which can be tried again', async ({ page, player, trouble }) => {
  trouble.allow(/raft-|Failed to fetch|ERR_FAILED/);
  await page.route(/\/raft-[0-9a-f]+\.wasm$/, (route) => route.abort());
  await page.goto('lesson/raft-elections/');
  await expect(player.lesson.getByRole('heading', { name: 'The lesson could not be loaded' })).toBeVisible();
  await expect(player.lesson).toContainText('the protocol `raft` could not be fetched');
  await page.unroute(/\/raft-[0-9a-f]+\.wasm$/);
  await player.lesson.getByRole('button', { name: 'Try again' }).click();
  await player.ready();
  await expect(player.node('S1')).toBeVisible();
});
