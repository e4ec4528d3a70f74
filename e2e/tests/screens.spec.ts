// Small screens and readers who ask for less motion.
import { expect, test } from '../pages/journey';
import type { Player } from '../pages/player';

const pages: [string, (player: Player) => Promise<unknown>][] = [
  ['the start page', (player) => player.openHome()],
  ['a lesson', (player) => player.openLesson('raft-elections')],
  ['a lesson’s goal', (player) => player.openLesson('last-writer-wins', '?step=2')],
  ['free play', (player) => player.openSandbox('raft', '?at=60')],
  ['an embed', (player) => player.openEmbed('raft-elections', '?view=both')],
];

for (const [what, open] of pages) {
  test(`${what} does not scroll sideways`, { tag: ['@desktop', '@tablet', '@phone'] }, async ({ page, player }) => {
    await open(player);
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(await overflow()).toBeLessThanOrEqual(0);
    const panes = page.getByRole('tablist', { name: 'Panes' });
    if (!(await panes.isVisible())) return;
    for (const tab of await panes.getByRole('tab').all()) {
      await tab.click();
      expect(await overflow(), (await tab.textContent())!).toBeLessThanOrEqual(0);
    }
  });
}

test('what is touched is large enough to be touched', { tag: '@phone' }, async ({ page, player }) => {
  await player.openLesson('raft-elections', '?step=3');
  await player.show('Stage');
  await player.call('seek', { event: 5 });
  await player.call('fork');
  const transport = page.getByRole('group', { name: 'Transport', exact: true });
  const targets = [...(await transport.getByRole('button').all()), ...(await page.getByRole('tablist', { name: 'Panes' }).getByRole('tab').all())];
  expect(targets.length).toBeGreaterThan(8);
  const small: string[] = [];
  for (const target of targets) {
    const box = await target.boundingBox();
    const name = (await target.getAttribute('aria-label')) ?? (await target.textContent());
    if (!box || box.width < 44 || box.height < 44) small.push(`${name}: ${box?.width} × ${box?.height}`);
  }
  expect(small).toEqual([]);
});

test('a menu opens by touch and stays on the screen', { tag: '@phone' }, async ({ page, player }) => {
  await player.openLesson('raft-elections', '?step=3');
  await player.show('Stage');
  const view = await player.view();
  for (const node of view.nodes) {
    await player.node(node.id).tap();
    const menu = (await page.getByRole('menu').boundingBox())!;
    expect(menu.x).toBeGreaterThanOrEqual(0);
    expect(menu.x + menu.width).toBeLessThanOrEqual(390);
    await page.keyboard.press('Escape');
  }
  const leader = view.nodes.find((node) => node.role === 'leader')!.id;
  await player.node(leader).tap();
  await player.menuItem('Crash').tap();
  expect((await player.view()).nodes.find((node) => node.id === leader)!.status).toBe('down');
});

/**
 * Where messages are drawn while it plays, by event: how many places per event at most. Looks until
 * there are `enough`, for how many depends on the frames that the machine makes, or for so long.
 */
async function placesPerEvent(player: Player, enough: number, longest: number): Promise<number> {
  await player.openSandbox('raft', '?at=60&speed=0.005');
  await player.act({ script: 'run until leader' });
  await player.call('play');
  return player.page.evaluate(async ([enough, longest]) => {
    const { faultline } = window as unknown as { faultline: { view(): { event: number } } };
    const places = new Map<string, Set<string>>();
    const until = performance.now() + longest;
    while (performance.now() < until && ![...places.values()].some((set) => set.size >= enough)) {
      await new Promise(requestAnimationFrame);
      for (const mark of document.querySelectorAll('.msg')) {
        const key = `${faultline.view().event} ${mark.querySelector('[id]')!.id}`;
        if (!places.has(key)) places.set(key, new Set());
        places.get(key)!.add(mark.getAttribute('transform')!);
      }
    }
    return Math.max(0, ...[...places.values()].map((set) => set.size));
  }, [enough, longest]);
}

test('messages travel, but not for who asks for less motion', async ({ page, player }) => {
  // Without motion there are at most two.
  expect(await placesPerEvent(player, 3, 20_000)).toBeGreaterThan(2);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const still = await placesPerEvent(player, Infinity, 1_200);
  expect(still, 'there are messages on the stage').toBeGreaterThan(0);
  // A frame may be caught between an event and its drawing.
  expect(still).toBeLessThanOrEqual(2);
  const moving = await page.evaluate(() => document.getAnimations().filter((each) => Number(each.effect?.getTiming().duration) > 10).length);
  expect(moving).toBe(0);
});

test('the theme is turned by its button and remembered', async ({ page, player }) => {
  await player.openSandbox('raft');
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.getByRole('button', { name: 'Theme: auto', exact: true }).click();
  const light = await ground();
  await page.getByRole('button', { name: 'Theme: light', exact: true }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  const dark = await ground();
  expect(dark).not.toBe(light);
  await page.reload();
  await player.ready();
  expect(await ground()).toBe(dark);
});
