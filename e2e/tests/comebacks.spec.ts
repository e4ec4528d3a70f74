// What was certain and wrong comes back in another lesson, and again a chapter later; nothing waits for it.
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '../pages/journey';
import type { Player } from '../pages/player';

const TITLE = 'You were sure of this once';

interface Option {
  text: { text: string }[];
  right?: boolean;
}

const words = (option: Option) => option.text.map((part) => part.text).join('');
const card = (player: Player) => player.lesson.getByRole('region', { name: TITLE, exact: true });

async function answer(player: Player, option: Option) {
  await card(player).getByRole('button', { name: 'Answer it', exact: true }).click();
  await card(player).getByRole('radio', { name: words(option), exact: true }).check();
  await card(player).getByRole('button', { name: 'Check it', exact: true }).click();
}

test('a confident error comes back in the next lessons until it is right, and once more a chapter later', async ({ page, player }) => {
  test.setTimeout(120_000);
  const lesson = await (await page.request.get('lesson/lost-message/lesson.json')).json();
  const options = lesson.steps[0].prediction.options as Option[];
  const [right, wrong] = [options.find((option) => option.right)!, options.find((option) => !option.right)!];
  await player.openLesson('lost-message');
  await player.answer(words(wrong));
  await player.answer('Certain');
  await player.pressInLesson('Check my prediction');
  await expect(player.lesson.getByText('Locked: certain.')).toBeVisible();
  await expect(card(player)).toHaveCount(0);

  // Put off in the next lesson, which goes on as if nothing had been asked.
  await player.openLesson('retry-and-idempotency');
  await expect(card(player)).toContainText('The message that never came');
  const findings = await new AxeBuilder({ page }).analyze();
  expect(findings.violations.map(({ id, nodes }) => `${id}: ${nodes[0].target}`)).toEqual([]);
  await card(player).getByRole('button', { name: 'Not now', exact: true }).click();
  await expect(card(player)).toHaveCount(0);
  await page.reload();
  await player.ready();
  await expect(card(player)).toHaveCount(0);

  // Wrong in the one after: it says so, and leads to the run.
  await player.openLesson('partial-failure');
  await answer(player, wrong);
  await expect(card(player).getByText('✕ yours')).toBeVisible();
  await expect(card(player).getByText('✓ right')).toBeVisible();
  await card(player).getByRole('link', { name: 'To the run that shows it', exact: true }).click();
  await player.ready();
  await player.expectStep(1, lesson.steps.length);

  // Right in the third, but not gone: another chapter asks once more.
  await player.openLesson('eight-fallacies');
  await answer(player, right);
  await expect(card(player).getByText('✓ yours')).toBeVisible();
  await player.openLesson('retry-and-idempotency');
  await expect(card(player)).toHaveCount(0);
  await player.openLesson('last-writer-wins');
  await answer(player, right);
  await card(player).getByRole('button', { name: 'Close', exact: true }).click();
  await player.openLesson('gossip');
  await expect(card(player)).toHaveCount(0);
});
