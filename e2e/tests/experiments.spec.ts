// The experiments of a lesson: measured in the worker, by keyboard, with a way to stop, on any screen.
import AxeBuilder from '@axe-core/playwright';
import { Exchange, csv } from '../pages/exchange';
import { expect, test } from '../pages/journey';
import type { Player } from '../pages/player';

/** The experiment of that title, opened by keyboard. */
async function bench(player: Player, title: string) {
  const bench = player.lesson.locator('details').filter({ has: player.page.getByText(`Measure it: ${title}`, { exact: true }) });
  await bench.locator('summary').focus();
  await player.page.keyboard.press('Enter');
  return bench;
}

const FIGURE = 'Raft Figure 16: the time without a leader';

test('Figure 16 is measured, can be cancelled, and shows each number beside the paper’s', async ({ page, player }) => {
  test.setTimeout(90_000);
  await player.openLesson('raft-elections', '?step=3');
  const figure = await bench(player, FIGURE);
  const run = figure.getByRole('button', { name: 'Run 1,000 trials a curve', exact: true });
  await run.press('Enter');
  const cancel = figure.getByRole('button', { name: 'Cancel', exact: true });
  await expect(figure.getByRole('progressbar')).toBeVisible();
  await expect(figure.getByText(/[1-9][\d,]* of 5,000 trials/)).toBeVisible();
  await cancel.press('Enter');
  await expect(run).toBeVisible();
  await expect(figure.getByRole('progressbar')).toHaveCount(0);

  await run.press('Enter');
  // Half-way there are numbers, and no verdict yet.
  await expect(figure.getByRole('img', { name: /share of trials over time without a leader/ })).toBeVisible();
  await expect(figure.getByText(/5,000 trials with seed 1 in [\d.]+ s: 7 of 7 numbers agree/)).toBeVisible({ timeout: 60_000 });
  const median = figure.getByRole('row').filter({ hasText: '150–155 ms: median' });
  await expect(median).toContainText(/2\d\d(\.\d)? ms✓ agrees, 270 ms to 305 ms287 msP · Raft \(extended\) §9\.3, Fig\. 16 top/);
  await expect(figure.getByText(/P: read in the primary source/)).toBeVisible();

  await figure.getByRole('button', { name: 'Table: the points of the curves', exact: true }).press('Enter');
  const points = figure.getByRole('region', { name: `Points: ${FIGURE}`, exact: true });
  await expect(points.getByRole('row').filter({ hasText: 'the paper’s median, 150–155 ms' })).toContainText('287 ms50 %');
  const file = figure.getByRole('button', { name: 'CSV: all points as a file', exact: true });
  const saved = await new Exchange(page).saved(() => file.press('Enter'));
  expect(saved.name).toBe('faultline-raft-figure-16.csv');
  const rows = csv(saved.content.toString());
  expect(rows[0]).toEqual(['curve', 'time without a leader', 'share of trials']);
  const short = rows.filter(([curve]) => curve === '12–24 ms');
  expect(short.length).toBeGreaterThan(100);
  expect(Number(short.at(-1)![2]), 'all of its elections end').toBe(1);

  // Going on to another step and back loses nothing.
  const steps = player.lesson.getByRole('list', { name: 'Steps', exact: true });
  await player.lessonButton('Back').click();
  await expect(figure).toHaveCount(0);
  await steps.getByRole('button', { name: /^3\. / }).click();
  await expect(figure.getByText(/7 of 7 numbers agree/)).toBeVisible();
});

test('an experiment is clean and fits on any screen', { tag: '@everywhere' }, async ({ page, player }) => {
  test.setTimeout(60_000);
  await player.openLesson('raft-elections', '?step=3');
  const figure = await bench(player, 'How often votes are split, and what it costs');
  await bench(player, 'The earliest of several election timeouts');
  await figure.getByRole('button', { name: /^Run/ }).press('Enter');
  await expect(figure.getByText(/11 of 11 numbers agree/)).toBeVisible({ timeout: 40_000 });
  const wide = await figure.evaluate((element) => element.scrollWidth > element.clientWidth + 1);
  expect(wide, 'nothing sticks out').toBe(false);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const findings = async () => (await new AxeBuilder({ page }).include('.lesson').analyze()).violations.map(({ id }) => id);
    await expect.poll(findings, { message: colorScheme, timeout: 8_000 }).toEqual([]);
  }
});

test('nothing is offered to measure while the lesson still asks for a prediction', async ({ player }) => {
  await player.openLesson('raft-elections');
  await expect(player.lesson.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(player.lesson.getByText(/^Measure it/)).toHaveCount(0);
});
