// Why: any event, message or state is followed back to what caused it, without moving the cursor.
import { expect, test } from '../pages/journey';

/** A leader, and a write that it answered. */
const WRITE = 'run until leader\ninvoke C1 write x=1\nrun 900ms';

test('a chain of causes is followed by keyboard to a client’s request', async ({ page, player }) => {
  await player.openSandbox('raft');
  await player.perform(WRITE);
  const [operation] = await player.call<{ call: string; returnedEvent: number | null }[]>('history');
  expect(operation.call).toBe('write x=1');
  expect(operation.returnedEvent).not.toBeNull();
  await player.call('seek', { event: operation.returnedEvent });
  const here = (await player.view()).event;
  expect(here).toBeGreaterThan(1);

  const why = await player.inspect('Why');
  const head = why.getByRole('heading', { level: 2 });
  await expect(head).toContainText(`Event ${here}`);
  await expect(why.getByText(/^It goes back to/)).toBeVisible();
  const links = why.getByRole('list', { name: 'Causes' }).getByRole('button');
  expect(await links.count()).toBeGreaterThan(2);

  // Link by link, by way of the client's own timer where it had to ask again.
  await links.first().focus();
  for (let i = 0; i < 40 && (await links.count()) > 0; i++) {
    await expect(links.first()).toBeFocused();
    const before = await head.textContent();
    await page.keyboard.press('Enter');
    await expect(head).not.toHaveText(before!);
  }
  await expect(why.getByText('Nothing in the run caused it: it is a client’s request.')).toBeVisible();
  await expect(why.getByText('C1 is asked to write x=1')).toBeVisible();
  await expect(head).toBeFocused();
  await expect(player.sentence).toContainText('C1 is asked to write x=1');
  expect((await player.view()).event, 'looking back moves nothing').toBe(here);

  // What came of it leads forwards again, and the cursor follows when it is asked to.
  await why.getByRole('list', { name: 'What came of it' }).getByRole('button').first().click();
  await expect(why.getByRole('heading', { name: /^What it changed in/ })).toBeVisible();
  await why.getByRole('button', { name: /^Go to event/ }).click();
  await expect.poll(async () => (await player.view()).event).toBeLessThan(here);
  await why.getByRole('button', { name: 'Follow the cursor' }).click();
  await player.press('One event forward');
  await expect(head).toContainText(`Event ${(await player.view()).event}`);
});

test('what an event changed is told field by field', async ({ player }) => {
  await player.openSandbox('raft');
  await player.act({ script: 'run until candidate' }).catch(() => player.act({ script: 'run until leader' }));
  await player.act({ script: 'run until leader' });
  const leader = (await player.view()).nodes.find((node) => node.role === 'leader')!;
  const why = await player.inspect('Why');
  await expect(why.getByRole('heading', { name: `What it changed in ${leader.id}` })).toBeVisible();
  const role = why.getByRole('row', { name: /^role/ });
  await expect(role.locator('del')).toHaveText('candidate');
  await expect(role.locator('mark')).toHaveText('leader');
});

test('a message tells its whole life, also when it is gone', async ({ player }) => {
  await player.openSandbox('raft');
  await player.stepUntil((view) => view.flights.length > 1);
  const [flight, other] = (await player.view()).flights;
  await player.choose(player.message(flight.kind, flight.from, flight.to).first(), 'Drop');
  await player.inspect('Events');
  await player.inspector.getByRole('button', { name: `Why event ${(await player.view()).event}`, exact: true }).click();
  const panel = player.inspector.getByRole('tabpanel');
  await panel.getByRole('button', { name: `The life of ${flight.id}` }).click();
  const life = panel.getByRole('list', { name: `The life of ${flight.kind} from ${flight.from} to ${flight.to}` });
  await expect(life.getByRole('listitem')).toHaveText([/^sent by/, /^lost.*dropped by hand/]);
  await expect(panel.getByText(/^Dropped by hand after/)).toBeVisible();
  await player.act({ script: 'run 100ms' });
  await expect(life).toBeVisible();
  expect((await player.view()).flights.some((flying) => flying.id === other.id)).toBe(false);
});

test('a node tells how it came to its state', async ({ player }) => {
  await player.openSandbox('raft');
  await player.act({ script: 'run until leader' });
  const view = await player.view();
  const leader = view.nodes.find((node) => node.role === 'leader')!;
  const state = await player.inspect('State');
  await state.getByRole('button', { name: leader.id, exact: true }).click();
  const open = state.getByRole('button', { name: `How ${leader.id} came to this` });
  await expect(open).toHaveAttribute('aria-expanded', 'false');
  await open.click();
  const past = state.getByRole('list', { name: `How ${leader.id} came to this` });
  const role = past.getByRole('button', { name: /^role leader/ });
  await expect(role).toContainText('before: candidate');
  await expect(role).toContainText(`event ${view.event}`);
  const term = past.getByRole('button', { name: /^term 1/ });
  await expect(term).toContainText('timer fires');
  await term.click();
  await expect(state.getByText('Nothing in the run caused it').or(state.getByText('It goes back to a timer.'))).toBeVisible();
  expect((await player.view()).event).toBe(view.event);
});
