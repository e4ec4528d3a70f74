// A lesson by keyboard alone: whatever a press takes away, the focus stays near, and what comes of it is said.
import type { Page } from '@playwright/test';
import { expect, test } from '../pages/journey';
import type { Player } from '../pages/player';

/** Presses keys until the element in focus has that name. */
async function goTo(page: Page, key: 'Tab' | 'Shift+Tab', name: string, most = 80) {
  for (let i = 0; i < most; i++) {
    await page.keyboard.press(key);
    const here = await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent);
    if (here === name) return;
  }
  throw new Error(`${key} does not lead to ${name}`);
}

const inFocus = (page: Page) => page.evaluate(() => document.activeElement?.textContent ?? '');

/** The first step of the first lesson, as far as its contrast, by keys. */
async function toContrast(page: Page, player: Player) {
  await player.openLesson('lost-message');
  await player.lesson.getByRole('radio', { name: 'Nothing at all' }).focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  await player.call('seek', { end: true });
  await expect(player.lessonButton('Check what I see')).toBeVisible();
  const seen = player.lesson.getByRole('radio', { name: 'm1, m3, and nothing else' });
  await seen.focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  await expect(player.lessonButton('Next')).toBeFocused();
}

test('a run shown beside one’s own is fetched and put back without losing the focus', async ({ page, player }) => {
  await toContrast(page, player);
  await goTo(page, 'Shift+Tab', 'Show the run: Numbered messages');
  await page.keyboard.press('Enter');
  await expect(player.sentence).toHaveText('The two runs are the same up to here. Step on: the next event differs.');
  await expect.poll(() => inFocus(page)).toBe('Back to my run');
  await page.keyboard.press('Enter');
  await expect.poll(() => inFocus(page)).toBe('Show');
});

test('hints are said, and the last one leaves the focus at the goal', async ({ page, player }) => {
  await player.openLesson('lost-message', '?step=3');
  await goTo(page, 'Tab', 'Hint');
  await page.keyboard.press('Enter');
  await expect(player.sentence).toContainText('not yet');
  await page.keyboard.press('Enter');
  await expect(player.sentence).toHaveText('A gap has two edges. Which message has nothing behind it?');
  await page.keyboard.press('Enter');
  await expect(player.sentence).toHaveText('The last one. Play until m3 is in flight, then drop it.');
  await expect.poll(() => inFocus(page)).toContain('Play until m3 is in flight');
  await goTo(page, 'Tab', 'Explain it without my solving it');
  await page.keyboard.press('Enter');
  await expect.poll(() => inFocus(page)).toBe('Why');
});

test('the same answer twice is said twice', async ({ page, player }) => {
  await player.openLesson('lost-message', '?step=7');
  await page.evaluate(() => {
    const live = document.querySelector('[aria-live]')!;
    const said: string[] = [];
    (window as unknown as { said: string[] }).said = said;
    new MutationObserver(() => said.push(live.textContent!.trim())).observe(live, { subtree: true, childList: true, characterData: true });
  });
  for (const right of ['Yes', 'Once']) {
    await player.pressInLesson('Next');
    await player.answer(right);
    await player.lessonButton('Check my answer').click();
  }
  await expect.poll(() => page.evaluate(() => (window as unknown as { said: string[] }).said.filter((text) => text === 'Right.').length)).toBe(2);
});

test('on a phone the stage takes the focus when it hides the lesson, and says no longer that it waits', { tag: '@phone' }, async ({ page, player }) => {
  await player.openLesson('lost-message');
  await player.answer('Nothing at all');
  await player.answer('Certain');
  await player.lessonButton('Check my prediction').press('Enter');
  await expect(page.getByRole('tab', { name: 'Stage', exact: true })).toBeFocused();
  await player.call('seek', { end: true });
  await expect(player.notice(/The lesson asks what you see/)).toBeVisible();
  await player.show('Lesson');
  await player.answer('m1, m3, and nothing else');
  await player.lessonButton('Check what I see').click();
  await player.show('Stage');
  await expect(player.notice(/The lesson asks what you see/)).toHaveCount(0);
});

test('an operation is asked for, a timer fired and a message delivered by keyboard alone', async ({ page, player }) => {
  await player.openLesson('retry-and-idempotency', '?step=3');
  await player.node('C1').focus();
  await page.keyboard.press('Enter');
  await expect(player.menuItem('Credit…')).toBeFocused();
  await page.keyboard.press('Enter');
  // Fields that this operation does not need are hidden, and come first.
  await expect(page.getByLabel('Operation', { exact: true })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await player.view()).flights.map((flight) => flight.kind)).toEqual(['Call']);
  await expect(player.node('C1')).toBeFocused();
  await player.message('Call', 'C1', 'Stub').focus();
  await page.keyboard.press('Enter');
  await expect(player.menuItem('Deliver now')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await player.view()).flights.map((flight) => flight.kind)).toEqual(['Request']);
  // The message is gone; the focus is where it arrived, and after a drop at a node, too.
  await expect(player.node('Stub')).toBeFocused();
  await player.message('Request', 'Stub', 'Bank').focus();
  await page.keyboard.press('d');
  await expect.poll(async () => (await player.view()).flights.length).toBe(0);
  await expect.poll(() => page.evaluate(() => document.activeElement?.id.slice(0, 5))).toBe('node-');
});

test('the list of keys is read where it opens and closed with Escape', async ({ page, player }) => {
  await player.openLesson('lost-message');
  await page.keyboard.press('?');
  await expect(page.getByRole('heading', { name: 'Keys' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('heading', { name: 'Keys' })).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Keys', exact: true })).toBeFocused();
});

test('on a low tablet every tool of the diagram is in sight and the inspector’s tabs fit', { tag: '@tablet' }, async ({ page, player }) => {
  await player.openLesson('eight-fallacies');
  const beyond = await page.evaluate(() => {
    const out: string[] = [];
    for (const [pane, parts] of [['.pane-diagram', 'button, select'], ['.pane-inspector', '[role=tab]']]) {
      const box = document.querySelector(pane)!.getBoundingClientRect();
      for (const strip of document.querySelectorAll(`${pane} [role=tablist]`)) {
        if (strip.scrollWidth > strip.clientWidth) out.push(`${strip.getAttribute('aria-label')} scrolls`);
      }
      for (const part of document.querySelectorAll(`${pane} :is(${parts})`)) {
        const { left, right, bottom } = part.getBoundingClientRect();
        if (left < box.left - 1 || right > box.right + 1 || bottom > box.bottom + 1) out.push(part.getAttribute('aria-label') ?? part.textContent!);
      }
    }
    return out;
  });
  expect(beyond).toEqual([]);
});
