// Every lesson ships its solutions and wrong paths; here they are played in the page itself, and what
// was achieved outlives a reload.
import type { Page } from '@playwright/test';
import { expect, test } from '../pages/journey';
import type { Player } from '../pages/player';

interface Goal {
  id: string;
  solution: string;
  wrong: string;
}
interface Step {
  goals?: Goal[];
  prediction?: { options: { text: { text: string }[]; right?: boolean }[] };
  observation?: object;
}

async function stepsOf(page: Page, slug: string): Promise<Step[]> {
  const lesson = await (await page.request.get(`lesson/${slug}/lesson.json`)).json();
  return lesson.steps;
}

/** A wrong path may end in a refusal: something it waits for never comes. */
const refused = (why: unknown) => String(why);

for (const slug of ['lost-message', 'partial-failure', 'retry-and-idempotency', 'last-writer-wins', 'reading-clocks', 'leases-and-fencing', 'vector-clocks', 'paxos', 'total-order', 'raft-logs', 'raft-commit', 'two-phase-commit']) {
  test(`${slug}: every wrong path leaves its goal open and every solution meets it`, async ({ page, player }) => {
    test.setTimeout(60_000);
    const steps = await stepsOf(page, slug);
    const all: string[] = [];
    for (const [index, step] of steps.entries()) {
      for (const goal of step.goals ?? []) {
        all.push(goal.id);
        await player.openLesson(slug, `?step=${index + 1}`);
        await settle(page, steps[index]);
        if (step.observation) await observe(player);
        await player.lessonButton('Start the run again').click();
        // The wrong path of one goal may be the way to its neighbour, which has been met by then.
        const before = step.goals!.slice(0, step.goals!.indexOf(goal));
        if (!before.some((other) => other.wrong === goal.solution)) {
          expect(await player.goalMet(goal.id), `${goal.id} at first`).toBe(false);
          await player.perform(goal.wrong).catch(refused);
          expect(await player.goalMet(goal.id), `${goal.id} on the wrong path`).toBe(false);
        }
        await player.lessonButton('Start the run again').click();
        await player.perform(goal.solution);
        await expect.poll(() => player.goalMet(goal.id), { message: `${goal.id} solved` }).toBe(true);
        await expect(player.lesson.getByText('✓ done').first()).toBeVisible();
      }
    }
    expect(all.length).toBeGreaterThan(2);

    await page.reload();
    await player.ready();
    await expect.poll(async () => (await player.status())?.goals.filter((goal) => goal.met).map((goal) => goal.id)).toEqual(all);
    await player.openHome();
    const card = page.getByRole('main').locator(`a[href="lesson/${slug}/"]`).last();
    await expect(card).toContainText(/step \d of \d|quiz \d of \d|done/);
  });
}

for (const slug of ['lost-message', 'last-writer-wins', 'raft-commit']) {
  test(`${slug} is gone through to its end, by a wrong path and the solutions, quiz and all`, async ({ page, player }) => {
    test.setTimeout(60_000);
    const lesson = await (await page.request.get(`lesson/${slug}/lesson.json`)).json();
    await player.openLesson(slug);
    await page.evaluate(() => {
      const { faultline } = window as unknown as { faultline: { on(name: string, f: () => void): void } };
      faultline.on('complete', () => (document.documentElement.dataset.complete = String(Number(document.documentElement.dataset.complete ?? 0) + 1)));
    });
    let strayed = false;
    for (const [index, step] of (lesson.steps as Step[]).entries()) {
      await player.expectStep(index + 1, lesson.steps.length);
      await settle(page, step);
      if (step.observation) await observe(player);
      for (const goal of step.goals ?? []) {
        await player.lessonButton('Start the run again').click();
        if (!strayed) {
          await player.perform(goal.wrong).catch(refused);
          expect(await player.goalMet(goal.id), `${goal.id} on the wrong path`).toBe(false);
          await player.lessonButton('Start the run again').click();
          strayed = true;
        }
        await player.perform(goal.solution);
        await expect.poll(() => player.goalMet(goal.id), { message: `${goal.id} solved` }).toBe(true);
      }
      await player.pressInLesson('Next');
    }
    expect(strayed).toBe(true);
    expect((await player.status()).completed, 'the quiz is still to come').toBe(false);
    for (const [index, question] of (lesson.quiz as { options: { right?: boolean }[] }[]).entries()) {
      await expect(player.lesson.getByText(`Question ${index + 1} of ${lesson.quiz.length}`)).toBeVisible();
      await player.lesson.getByRole('radio').nth(question.options.findIndex((option) => option.right)).check();
      await player.lessonButton('Check my answer').click();
      await player.pressInLesson('Next');
    }
    await expect(player.lesson.getByRole('heading', { name: 'Done', exact: true })).toBeVisible();
    await expect(player.lesson.getByText(`${lesson.quiz.length} of ${lesson.quiz.length} at the first attempt`)).toBeVisible();
    expect((await player.status()).completed).toBe(true);
    await expect(page.locator('html')).toHaveAttribute('data-complete', '1');
    await player.openHome();
    await expect(page.getByRole('main').locator(`a[href="lesson/${slug}/"]`).last()).toContainText('✓ done');
  });
}

/** Goes to the outcome and says what is to be seen, after as many wrong answers as it takes. */
async function observe(player: Player) {
  const check = player.lessonButton('Check what I see');
  await player.call('seek', { end: true });
  await expect(check).toBeVisible();
  const options = player.lesson.locator('.observation').getByRole('radio');
  for (let i = 0; (await check.count()) > 0; i++) {
    await options.nth(i).check();
    await check.click();
  }
}

/** Gets a step's questions out of the way, if it has any, so that its goals are open. */
async function settle(page: Page, step: Step) {
  const lesson = page.getByRole('region', { name: 'Lesson', exact: true });
  const check = lesson.getByRole('button', { name: 'Check my prediction', exact: true });
  if (!step.prediction) return;
  const right = step.prediction.options.findIndex((option) => option.right);
  await lesson.getByRole('radio').nth(right).check();
  await lesson.getByRole('radio', { name: 'A guess' }).check();
  await check.click();
  await expect(check).toHaveCount(0);
}

test('lost-message: the last message is dropped by its menu, and nobody notices', async ({ player }) => {
  await player.openLesson('lost-message', '?step=3');
  await player.stepUntil((view) => view.flights.some((flight) => flight.text.includes('3')));
  await player.choose(player.message('Message', 'A', 'B').last(), 'Drop');
  await player.stepUntil((view) => view.next.length === 0);
  await expect.poll(() => player.goalMet('tail-loss')).toBe(true);
  await expect(player.lesson.getByText('par 1 drop · you 1')).toBeVisible();
  await expect(player.sentence).toHaveText('Goal met.');
  const verdict = (await player.view()).verdicts.find((verdict) => verdict.property === 'everything-noticed')!;
  expect(verdict.holds).toBe(false);
  const checks = await player.inspect('Checks');
  await expect(checks).toContainText(verdict.why);
});

test('a drop of another message does not meet the goal, and a hint says what is missing', async ({ player }) => {
  await player.openLesson('lost-message', '?step=3');
  await player.stepUntil((view) => view.flights.some((flight) => flight.kind === 'Message'));
  await player.choose(player.message('Message', 'A', 'B').first(), 'Drop');
  await player.stepUntil((view) => view.next.length === 0);
  expect(await player.goalMet('tail-loss')).toBe(false);
  await player.pressInLesson('Hint');
  await expect(player.lesson.getByText('not yet').first()).toBeAttached();
  await player.pressInLesson('Hint');
  await expect(player.lesson.getByText('A gap has two edges. Which message has nothing behind it?')).toBeVisible();
});

const storages: [string, () => void, RegExp][] = [
  [
    'forbidden',
    () => {
      Object.defineProperty(window, 'localStorage', {
        get() {
          throw new DOMException('The operation is insecure.', 'SecurityError');
        },
      });
    },
    /does not let the page keep your progress/,
  ],
  [
    'full',
    () => {
      Storage.prototype.setItem = () => {
        throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
      };
    },
    /storage is full/,
  ],
];
for (const [name, break_it, notice] of storages) {
  test(`a storage that is ${name} is said and loses nothing on screen`, async ({ page, player }) => {
    await page.addInitScript(break_it);
    await player.openLesson('lost-message', '?step=3');
    await player.perform('at 21ms drop A->B Message\nrun 100ms');
    await expect.poll(() => player.goalMet('tail-loss')).toBe(true);
    await expect(player.lesson.getByText(notice)).toBeVisible();
    await player.pressInLesson('Next');
    await player.expectStep(4, 7);
    await player.pressInLesson('Back');
    await expect(player.lesson.getByText('✓ done')).toBeVisible();
    await player.openHome();
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  });
}
