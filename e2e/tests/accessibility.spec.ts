// axe-core finds nothing on any kind of page, in either theme, on any screen.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from '../pages/journey';
import type { Player } from '../pages/player';

async function expectClean(page: Page, what: string) {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // Judged again until the page has taken the theme on: in the frame of the change its colours are mixed.
    const findings = async () => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => `${node.target} ${node.any[0]?.message ?? node.all[0]?.message ?? ''}`).join(' | ')}`);
    };
    await expect.poll(findings, { message: `${what}, ${colorScheme}`, timeout: 8_000 }).toEqual([]);
  }
}

const lessonSteps: [string, number, (player: Player) => Promise<unknown>][] = [
  ['lost-message', 3, (player) => player.perform('at 21ms drop A->B Message\nrun 100ms')],
  ['last-writer-wins', 2, (player) => player.call('step', 4)],
  ['raft-elections', 3, (player) => player.act({ crash: 'S1' })],
];

for (const [slug, step, advance] of lessonSteps) {
  test(`${slug} is clean at its beginning and later`, { tag: '@everywhere' }, async ({ page, player }) => {
    await player.openLesson(slug);
    await expectClean(page, 'first step');
    await player.openLesson(slug, `?step=${step}`);
    await advance(player);
    await expectClean(page, `step ${step}`);
  });
}

const pages: [string, (player: Player) => Promise<unknown>][] = [
  ['the start page', (player) => player.openHome()],
  ['an embed', (player) => player.openEmbed('raft-elections', '?view=both')],
];
for (const [what, open] of pages) {
  test(`${what} is clean`, { tag: '@everywhere' }, async ({ page, player }) => {
    await open(player);
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
    await expectClean(page, what);
  });
}

test('a missing page is clean', { tag: '@everywhere' }, async ({ page, trouble }) => {
  trouble.allow(/404/);
  await page.goto('lesson/no-such-lesson/');
  await expectClean(page, 'missing');
});

test('free play is clean, with what its panels and its menus hold', { tag: '@everywhere' }, async ({ page, player }) => {
  test.setTimeout(60_000);
  await player.openSandbox('raft', '?at=60&seed=x');
  await player.act({ crash: 'S2' });
  await player.act({ cut: ['S1', 'S3'] });
  await expectClean(page, 'free play');
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  await player.node('S1').press('Enter');
  await player.menuItem('Set clock…').click();
  await expectClean(page, 'an open form');
});

for (const tab of ['Messages', 'Next', 'Checks', 'Events', 'Why', 'Charts'] as const) {
  test(`the inspector’s ${tab} are clean`, async ({ page, player }) => {
    await player.openSandbox('raft', '?at=60');
    await player.act({ crash: 'S2' });
    await player.inspect(tab);
    await expectClean(page, tab);
  });
}

test('the other views of the run are clean', { tag: '@everywhere' }, async ({ page, player }) => {
  test.setTimeout(120_000);
  await player.openSandbox('raft', '?at=60');
  await player.act({ invoke: 'C1', operation: 'write x=1' });
  await player.act({ script: 'skew S2 -40ms' });
  await player.act({ script: 'run 200ms' });
  await player.call('seek', { event: 30 });
  await player.act({ crash: 'S1' });
  await player.act({ script: 'run 100ms' });
  const panes = page.getByRole('tablist', { name: 'Panes' });
  if (await panes.isVisible()) await player.show('Diagram');
  for (const view of ['Logs', 'Trace', 'Compare']) {
    await page.getByRole('tab', { name: view, exact: true }).click();
    await expectClean(page, view);
  }
});

test('broken checks with their evidence, the judges and what a search found are clean', { tag: '@everywhere' }, async ({ page, player }) => {
  test.setTimeout(150_000);
  await player.openSandbox('raft');
  await player.call('load', { protocol: 'raft', nodes: 3, params: { 'persist-vote': 'off' }, seed: 1 });
  // S2 forgets to whom it gave its vote, and gives it once more.
  await player.perform(
    'fire S1 election\ndeliver S1->S2 RequestVote\ndeliver S2->S1 RequestVoteReply\ncrash S2\nrestart S2\n' +
      'fire S3 election\ndeliver S3->S2 RequestVote\ndeliver S2->S3 RequestVoteReply\ninvoke C1 write x=1',
  );
  const panes = page.getByRole('tablist', { name: 'Panes' });
  if (await panes.isVisible()) await player.show('Inspector');
  await player.inspect('Checks');
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  await expect(page.getByRole('heading', { name: /It breaks in/ })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('button', { name: /Answers once everything is mended/ })).toBeVisible();
  await expectClean(page, 'broken checks');
  await page.getByRole('list', { name: /^Evidence: At most one leader/ }).getByRole('button').first().press('Enter');
  await expect(page.getByRole('region', { name: 'Evidence', exact: true })).toBeVisible();
  await expectClean(page, 'chosen evidence');
});
