// The course's main job, whole: predict, watch, observe, understand, do, and pass it on.
import type { Branch } from '../pages/api';
import { expect, test } from '../pages/journey';
import { Player } from '../pages/player';

const phone = { tag: ['@desktop', '@phone'] };

/** On a small screen one pane shows at a time. */
async function lessonPane(player: Player) {
  const tab = player.page.getByRole('tab', { name: 'Lesson', exact: true });
  if (await tab.isVisible()) await tab.click();
}

test('a learner predicts, watches and explains the first step', phone, async ({ player }) => {
  await player.openLesson('raft-elections');
  await expect(player.lesson.getByRole('heading', { level: 1 })).toHaveText(/Raft elections/);
  await player.expectStep(1, 7);
  const start = await player.digest();

  await player.pressInLesson('Check my prediction');
  await expect(player.lesson.getByText('Choose an answer first.')).toBeVisible();
  await player.answer('It does not converge');
  await player.pressInLesson('Check my prediction');
  await expect(player.lesson.getByText('Say how sure you are first.')).toBeVisible();
  expect(await player.digest(), 'nothing happens before the prediction is locked').toBe(start);

  await player.answer('Certain');
  await player.pressInLesson('Check my prediction');
  await expect(player.page.getByRole('button', { name: 'Pause', exact: true })).toBeVisible();
  // The run goes on by itself and stops by itself, where four candidates stand.
  await expect(player.page.getByRole('button', { name: 'Play', exact: true })).toBeVisible({ timeout: 20_000 });
  const view = await player.view();
  expect(view.nodes.filter((node) => node.role === 'candidate')).toHaveLength(4);
  expect((await player.status()).predictions).toEqual([
    { step: 1, choice: 'It does not converge', confidence: 'certain', right: true },
  ]);

  await lessonPane(player);
  await expect(player.lesson.getByRole('heading', { name: 'Why' })).toHaveCount(0);
  await player.answer('For S3, which asked it');
  await player.lessonButton('Check what I see').click();
  await expect(player.lesson.getByText('That is not what is there. Look again.')).toBeVisible();
  await player.answer('For itself');
  await player.lessonButton('Check what I see').click();
  await expect(player.lesson.getByRole('heading', { name: 'Why' })).toBeVisible();
  await expect(player.lesson.getByText('You predicted this (certain).')).toBeVisible();

  await player.pressInLesson('Next');
  await player.expectStep(2, 7);
  await player.pressInLesson('Back');
  await player.expectStep(1, 7);
  expect((await player.status()).predictions, 'a locked prediction stays').toHaveLength(1);
});

test('time does not run before the prediction', phone, async ({ player }) => {
  await player.openLesson('raft-elections');
  const start = await player.digest();
  await player.press('Play');
  await expect(player.sentence).toHaveText('Make your prediction first: then the run starts.');
  await player.press('One event forward');
  expect(await player.digest()).toBe(start);
  await expect(player.page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
});

test('what was observed opens the contrast, and both its sides can be run', async ({ player }) => {
  await player.openLesson('raft-elections', '?step=2&speed=0.1');
  await player.pressInLesson('Next');
  await expect(player.lesson.getByText('Watch the run first: press Play.')).toBeVisible();
  await player.press('Play');
  await player.answer('None');
  await player.lessonButton('Check what I see').click();
  await expect(player.lesson.getByRole('heading', { name: 'Why' })).toBeVisible();
  const own = await player.digest();

  const ends: boolean[] = [];
  for (const side of ['150–150 ms', '150–200 ms']) {
    await player.lesson.getByRole('button', { name: `Show the run: ${side}`, exact: true }).click();
    await expect(player.lessonButton('Back to my run')).toBeVisible();
    const view = await player.call<{ nodes: { role: string; status: string }[] }>('seek', { end: true });
    ends.push(view.nodes.some((node) => node.role === 'leader' && node.status === 'up'));
    await player.lessonButton('Back to my run').click();
  }
  expect(ends, 'without randomness nobody leads, with a little somebody does').toEqual([false, true]);
  expect(await player.digest(), 'the learner’s own run is back').toBe(own);
});

test('a learner crashes the leader, loses a vote, sees a new leader, forks and shares', async ({ browser, baseURL, player }) => {
  test.setTimeout(60_000);
  await player.openLesson('raft-elections', '?step=3');
  await player.expectStep(3, 7);
  const { nodes } = await player.view();
  const leader = nodes.find((node) => node.role === 'leader')!.id;
  expect(await player.goalMet('new-leader')).toBe(false);

  await player.choose(player.node(leader), 'Crash');
  await expect(player.node(leader)).toHaveAccessibleName(/crashed/);
  const voted = await player.stepUntil((view) => view.flights.some((flight) => flight.kind === 'RequestVoteReply'));
  const vote = voted.flights.find((flight) => flight.kind === 'RequestVoteReply')!;
  await player.choose(player.message('RequestVoteReply', vote.from, vote.to), 'Drop');
  await expect(player.message('RequestVoteReply', vote.from, vote.to)).toHaveCount(0);
  await expect(player.sentence).toContainText(vote.from);

  await player.speed.selectOption({ label: '×0.1' });
  await player.press('Play');
  await expect(player.lesson.getByText('✓ done')).toBeVisible({ timeout: 15_000 });
  await expect(player.page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  expect(await player.goalMet('new-leader')).toBe(true);
  const after = await player.view();
  const next = after.nodes.find((node) => node.role === 'leader' && node.status === 'up')!.id;
  expect(next).not.toBe(leader);
  await expect(player.node(next)).toHaveAccessibleName(new RegExp(`^${next}, leader`));
  await expect(player.lesson.getByRole('heading', { name: 'Why' })).toBeVisible();

  for (let i = 0; i < 3; i++) await player.press('One event back');
  expect((await player.view()).event).toBe(after.event - 3);
  await player.page.keyboard.press('f');
  await player.choose(player.node(next), 'Crash');
  await expect(player.branches.getByRole('listitem')).toHaveCount(2);
  const branches = await player.call<Branch[]>('branches');
  expect(branches.map((branch) => branch.current)).toEqual([false, true]);
  expect(branches[1].base).toBe(after.event - 3);

  await player.page.getByRole('button', { name: 'Share', exact: true }).click();
  const link = await player.page.getByRole('textbox', { name: 'Link to this run' }).inputValue();
  expect(link.startsWith(`${baseURL}lesson/raft-elections/#s=`)).toBe(true);
  // Whoever gets the link has another browser, without this one's storage.
  const theirs = await browser.newContext({ baseURL });
  const other = new Player(await theirs.newPage());
  await other.page.goto(link);
  await other.ready();
  await expect.poll(() => other.digest()).toBe(await player.digest());
  expect(await other.view()).toEqual(await player.view());
  await expect(other.timeline).toHaveAttribute('aria-valuetext', (await player.timeline.getAttribute('aria-valuetext'))!);
  await theirs.close();
});
