// Pairs are made with the mouse, with a finger and with keys alone; what is wrong is refuted by a run.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from '../pages/journey';
import type { Player } from '../pages/player';

interface Pair {
  cause: { text: string }[];
  effect: { text: string }[];
}

const SLUG = 'eight-fallacies';
const words = (line: { text: string }[]) => line.map((part) => part.text).join('');

/** Opens the lesson at the step with its pairs. */
async function open(page: Page, player: Player): Promise<{ causes: string[]; effects: string[] }> {
  const lesson = await (await page.request.get(`lesson/${SLUG}/lesson.json`)).json();
  const steps = lesson.steps as { matching?: { pairs: Pair[] } }[];
  const index = steps.findIndex((step) => step.matching !== undefined);
  const pairs = steps[index].matching!.pairs;
  await player.openLesson(SLUG, `?step=${index + 1}`);
  return { causes: pairs.map((pair) => words(pair.cause)), effects: pairs.map((pair) => words(pair.effect)) };
}

const place = (player: Player, cause: string) => player.lesson.getByRole('button', { name: new RegExp(`^${cause}: `) });
const effect = (player: Player, name: string) =>
  player.lesson.getByRole('group', { name: 'Not paired yet', exact: true }).getByRole('button', { name, exact: true });

async function drag(page: Page, player: Player, name: string, cause: string) {
  const target = place(player, cause);
  await effect(player, name).scrollIntoViewIfNeeded();
  const from = (await effect(player, name).boundingBox())!;
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2 - 10);
  // The pane scrolls at its edge; one move after the other until the place is in sight.
  for (let i = 0; i < 120; i++) {
    const to = (await target.boundingBox())!;
    const pane = (await page.locator('.lesson-page').boundingBox())!;
    if (to.y > pane.y + 60 && to.y + to.height < pane.y + pane.height - 60) break;
    await page.mouse.move(from.x + from.width / 2, (to.y <= pane.y + 60 ? pane.y + 10 : pane.y + pane.height - 10) + (i % 2));
  }
  const to = (await target.boundingBox())!;
  await page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 3 });
  await page.mouse.up();
  await expect(target).toHaveAccessibleName(`${cause}: ${name}`);
}

/** The same with a finger, which scrolls everywhere but on the grip. */
async function dragByTouch(page: Page, player: Player, name: string, cause: string) {
  const [button, target] = [effect(player, name), place(player, cause)];
  await button.scrollIntoViewIfNeeded();
  const from = (await button.locator('.pair-grip').boundingBox())!;
  const touch = await page.context().newCDPSession(page);
  const send = (type: string, points: { x: number; y: number }[]) => touch.send('Input.dispatchTouchEvent', { type: type as 'touchStart', touchPoints: points });
  const [x, y] = [from.x + from.width / 2, from.y + from.height / 2];
  await send('touchStart', [{ x, y }]);
  await send('touchMove', [{ x, y: y - 12 }]);
  const pane = (await page.locator('.lesson-page').boundingBox())!;
  for (let i = 0; i < 120 && (await target.boundingBox())!.y < pane.y + 60; i++) await send('touchMove', [{ x, y: pane.y + 10 + (i % 2) }]);
  const to = (await target.boundingBox())!;
  await send('touchMove', [{ x: to.x + 30, y: to.y + to.height / 2 }]);
  await send('touchEnd', []);
  await expect(target).toHaveAccessibleName(`${cause}: ${name}`);
}

/** To the moment that matters, and past its question. */
async function watch(player: Player) {
  await player.call('seek', { end: true });
  await player.lesson.getByRole('radio').first().check();
  await player.lessonButton('Check what I see').click();
}

test('pairs are dragged, changed, taken back, locked and refuted', { tag: ['@desktop', '@tablet'] }, async ({ page, player }) => {
  test.setTimeout(120_000);
  const { causes, effects } = await open(page, player);
  await expect(player.lessonButton('Undo')).toBeDisabled();
  for (const [index, cause] of causes.slice(0, 6).entries()) await drag(page, player, effects[index], cause);
  // The last two the wrong way round.
  await drag(page, player, effects[7], causes[6]);
  await player.lessonButton('Check my prediction').click();
  await expect(player.lesson.getByText('Pair them all first.')).toBeVisible();
  await drag(page, player, effects[6], causes[7]);
  await expect(player.lesson.getByText('All are paired.')).toBeVisible();
  await player.lessonButton('Undo').click();
  await expect(place(player, causes[7])).toHaveAccessibleName(`${causes[7]}: empty`);
  await drag(page, player, effects[6], causes[7]);
  await player.lessonButton('Check my prediction').click();
  await expect(player.lesson.getByText('Say how sure you are first.')).toBeVisible();
  await player.answer('Certain');
  await player.lessonButton('Check my prediction').click();
  await expect(player.lesson.getByText('Locked: certain.')).toBeVisible();
  await expect(player.lesson.getByText('✕ yours')).toHaveCount(0);
  await watch(player);
  await expect(player.lesson.getByText('6 of 8 are right (certain).')).toBeVisible();
  await expect(player.lesson.getByText('✕ yours')).toHaveCount(2);
  const before = await player.digest();
  await player.lesson.getByRole('button', { name: `Run what I believed: ${causes[6]}: ${effects[7]}`, exact: true }).click();
  await expect(player.lesson.getByText(/^✕\s+Expected: .*Found: /)).toBeVisible();
  await player.lessonButton('Back to my run').click();
  await expect.poll(() => player.digest()).toBe(before);
  expect((await player.status()).predictions.map(({ choice, confidence, right }) => ({ choice, confidence, right }))).toEqual([
    { choice: '6 of 8 pairs', confidence: 'certain', right: false },
  ]);
  await page.reload();
  await player.ready();
  await expect(player.lesson.getByText('✓ yours')).toHaveCount(6);
});

test('pairs are made with keys alone, and each change is said', async ({ page, player }) => {
  const { causes, effects } = await open(page, player);
  const said = player.sentence;
  await effect(player, effects[2]).focus();
  await page.keyboard.press('Enter');
  await expect(said).toContainText(`Taken up: ${effects[2]}`);
  await expect(place(player, causes[0])).toBeFocused();
  const cursor = (await player.view()).event;
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(place(player, causes[2])).toBeFocused();
  await page.keyboard.press('Space');
  await expect(place(player, causes[2])).toHaveAccessibleName(`${causes[2]}: ${effects[2]}`);
  await expect(said).toContainText('1 of 8 paired.');
  // On with the next; Escape puts it back.
  const first = player.lesson.getByRole('group', { name: 'Not paired yet', exact: true }).getByRole('button').first();
  await expect(first).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await expect(first).toBeFocused();
  await expect(said).toContainText('Put back.');
  expect((await player.view()).event, 'arrows stayed with the pairs').toBe(cursor);
  // A place that is full gives its effect up; two change places.
  await place(player, causes[2]).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(place(player, causes[1])).toHaveAccessibleName(`${causes[1]}: ${effects[2]}`);
  await expect(place(player, causes[2])).toHaveAccessibleName(`${causes[2]}: empty`);
  await place(player, causes[1]).focus();
  await page.keyboard.press('Delete');
  await expect(player.lesson.getByRole('group', { name: 'Not paired yet', exact: true }).getByRole('button')).toHaveCount(8);
  for (const [index, cause] of causes.entries()) {
    await effect(player, effects[index]).focus();
    await page.keyboard.press('Enter');
    // What is taken up goes to the first place that is free: its own, as they are filled in order.
    await expect(said).toContainText(`Taken up: ${effects[index]}`);
    await expect(place(player, cause)).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(place(player, cause)).toHaveAccessibleName(`${cause}: ${effects[index]}`);
    // The focus goes on to the next of those that are left.
    if (index + 1 < causes.length) await expect(first).toBeFocused();
  }
  await player.answer('Fairly sure');
  await player.lessonButton('Check my prediction').click();
  await watch(player);
  await expect(player.lesson.getByText('8 of 8 are right (fairly sure).')).toBeVisible();
});

test('pairs are made by tapping, and are clean', { tag: '@everywhere' }, async ({ page, player }) => {
  test.setTimeout(180_000);
  const { causes, effects } = await open(page, player);
  const clean = async (what: string) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const findings = async () => (await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => `${id}: ${nodes[0].target}`);
      await expect.poll(findings, { message: `${what}, ${colorScheme}`, timeout: 60_000 }).toEqual([]);
    }
  };
  await effect(player, effects[4]).click();
  await place(player, causes[4]).click();
  await expect(place(player, causes[4])).toHaveAccessibleName(`${causes[4]}: ${effects[4]}`);
  await effect(player, effects[0]).click();
  await clean('an effect taken up');
  await place(player, causes[0]).click();
  const small: string[] = [];
  const phone = (page.viewportSize()?.width ?? 0) < 700;
  for (const button of await player.lesson.locator('.pair-place, .pair-effect').all()) {
    const box = (await button.boundingBox())!;
    if (box.height < (phone ? 44 : 24) || box.width < 44) small.push(await button.innerText());
  }
  expect(small).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
  if (phone) await dragByTouch(page, player, effects[6], causes[6]);
  for (const [index, cause] of causes.entries()) {
    if (index === 0 || index === 4 || (phone && index === 6)) continue;
    await effect(player, effects[index]).click();
    await place(player, cause).click();
  }
  await player.answer('A guess');
  await player.lessonButton('Check my prediction').click();
  if (phone) await player.show('Lesson');
  await watch(player);
  await expect(player.lesson.getByText('8 of 8 are right (a guess).')).toBeVisible();
  await clean('right pairs');
});
