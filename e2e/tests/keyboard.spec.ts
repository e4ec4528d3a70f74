// The whole player by keyboard alone: not one click.
import type { Page } from '@playwright/test';
import type { Branch } from '../pages/api';
import { expect, test } from '../pages/journey';

/** Tabs on until the element in focus has an id that begins so. */
async function tabTo(page: Page, prefix: string, most = 200) {
  for (let i = 0; i < most; i++) {
    await page.keyboard.press('Tab');
    const id = await page.evaluate(() => document.activeElement?.id ?? '');
    if (id.startsWith(prefix)) return id;
  }
  throw new Error(`Tab does not lead to ${prefix}`);
}

test('the player is played by keyboard alone', async ({ page, player }) => {
  await player.openSandbox('raft');
  const keys = page.keyboard;
  const event = async () => (await player.view()).event;
  const pauseShown = page.getByRole('button', { name: 'Pause', exact: true });
  const playShown = page.getByRole('button', { name: 'Play', exact: true });

  await tabTo(page, 'node-');
  await expect(player.node('S1')).toBeFocused();
  await keys.press('Enter');
  await expect(page.getByRole('menu')).toBeVisible();
  await expect(page.getByRole('menuitem').first()).toBeFocused();
  await keys.press('Escape');
  await expect(page.getByRole('menu')).toHaveCount(0);
  await expect(player.node('S1')).toBeFocused();
  await keys.press('Enter');
  await expect(page.getByRole('menuitem').first()).toBeFocused();
  await keys.press('c');
  for (let i = 0; i < 8 && !(await player.menuItem('Crash').evaluate((item) => item === document.activeElement)); i++) {
    await keys.press('ArrowDown');
  }
  await keys.press('Enter');
  await expect(page.getByRole('menu')).toHaveCount(0);
  await expect(player.node('S1')).toBeFocused();
  await expect(player.node('S1')).toHaveAccessibleName(/crashed/);

  await keys.press('c');
  await expect(player.node('S1')).not.toHaveAccessibleName(/crashed/);
  await keys.press('c');
  await expect(player.node('S1')).toHaveAccessibleName(/crashed/);

  await keys.press('Space');
  await expect(pauseShown).toBeVisible();
  await expect.poll(event).toBeGreaterThan(6);
  await keys.press('Space');
  await expect(playShown).toBeVisible();
  const here = await event();
  await keys.press('ArrowLeft');
  expect(await event()).toBe(here - 1);
  await keys.press('ArrowRight');
  expect(await event()).toBe(here);
  await keys.press('Home');
  expect(await event()).toBe(0);
  await keys.press('End');
  expect(await event()).toBe(here);

  for (let i = 0; i < 200 && (await player.view()).flights.length === 0; i++) await keys.press('ArrowRight');
  const id = await tabTo(page, 'msg-');
  const flight = `m${id.slice('msg-'.length)}`;
  const flying = async () => (await player.view()).flights.some((each) => each.id === flight);
  expect(await flying()).toBe(true);
  await keys.press('d');
  await expect.poll(flying).toBe(false);

  await keys.press('Home');
  await keys.press('ArrowRight');
  await keys.press('f');
  await expect(player.branches.getByRole('listitem')).toHaveCount(2);
  await keys.press('b');
  await expect(player.branches.getByRole('button', { name: /^Branch 2 of 2/ })).toBeFocused();
  await keys.press('Shift+Tab');
  await expect(player.branches.getByRole('button', { name: /^Branch 1 of 2/ })).toBeFocused();
  await keys.press('Enter');
  await expect.poll(async () => (await player.call<Branch[]>('branches'))[0].current).toBe(true);

  const list = page.getByRole('region', { name: 'Keys', exact: true });
  await expect(list.getByRole('heading', { name: 'Keys' })).toHaveCount(0);
  await keys.press('?');
  await expect(list.getByRole('heading', { name: 'Keys' })).toBeVisible();
  await keys.press('?');
  await expect(list.getByRole('heading', { name: 'Keys' })).toHaveCount(0);
});

test('keys never fire while somebody is typing', async ({ page, player }) => {
  await player.openSandbox('raft', '?at=20');
  const before = await player.view();
  const still = async () => {
    expect(await player.view()).toEqual(before);
    expect(await player.call<Branch[]>('branches')).toHaveLength(1);
    await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
    await expect(page.getByRole('heading', { name: 'Keys' })).toHaveCount(0);
  };
  const knob = page.getByLabel('Election min', { exact: true });
  await knob.focus();
  await page.keyboard.press('End');
  await page.keyboard.type(' fFbBdDcC?');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Home');
  await expect(knob).toHaveValue(/ fFbBdDcC\?$/);
  await still();

  await page.getByRole('button', { name: 'Client request', exact: true }).click();
  const operation = page.getByLabel('Operation', { exact: true });
  await operation.fill('');
  await operation.pressSequentially('write c=f ?');
  await expect(operation).toHaveValue('write c=f ?');
  await still();

  await player.speed.focus();
  await page.keyboard.press('End');
  await page.keyboard.press('f');
  expect(await player.call<Branch[]>('branches')).toHaveLength(1);
  expect(await player.digest()).toBeTruthy();
  expect(await player.view()).toEqual(before);
});

test('arrows in a list of tabs or on the timeline are its own', async ({ page, player }) => {
  await player.openSandbox('raft', '?at=20');
  await player.inspector.getByRole('tab', { name: 'State' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(player.inspector.getByRole('tab', { name: 'Messages' })).toBeFocused();
  expect((await player.view()).event).toBe(20);
  await player.timeline.focus();
  await page.keyboard.press('ArrowLeft');
  expect((await player.view()).event, 'one, not two').toBe(19);
  await page.keyboard.press('Home');
  expect((await player.view()).event).toBe(0);
});

test('Shift and arrows turn the steps of a lesson', async ({ page, player }) => {
  await player.openLesson('lost-message', '?step=3');
  await page.keyboard.press('Shift+ArrowLeft');
  await player.expectStep(2, 7);
  await page.keyboard.press('Shift+ArrowRight');
  await player.expectStep(3, 7);
});

test('Escape closes a menu that has not taken the focus yet', async ({ page, player }) => {
  await player.openSandbox('raft');
  // The first menu fetches its part of the program; from then on a menu is drawn at once.
  await player.node('S1').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menu')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menu')).toBeHidden();
  // Within one task: the menu is drawn, and the next frame, which brings the focus, has not come.
  const seen = await page.evaluate(async () => {
    const press = (key: string) =>
      document.activeElement!.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    const count = () => document.querySelectorAll('[role=menu]').length;
    const settled = async (wanted: number) => {
      for (let i = 0; i < 50 && count() !== wanted; i++) await Promise.resolve();
      return count();
    };
    document.querySelector<SVGElement>('#node-0')!.focus();
    press('Enter');
    const opened = await settled(1);
    const outside = document.activeElement!.id;
    press('Escape');
    return { opened, outside, closed: await settled(0) };
  });
  expect(seen).toEqual({ opened: 1, outside: 'node-0', closed: 0 });
  await expect(player.node('S1')).toBeFocused();
});
