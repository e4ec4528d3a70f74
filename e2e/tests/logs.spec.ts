// What the nodes' own logs say, and what they hide: skewed stamps, and the trace of a request.
import { expect, test } from '../pages/journey';

test('a skewed clock turns the merged logs round, and the true order is at hand', async ({ page, player }) => {
  await player.openSandbox('raft');
  await player.act({ script: 'run until leader' });
  const leader = (await player.view()).nodes.find((node) => node.role === 'leader')!.id;
  await page.getByRole('tab', { name: 'Logs', exact: true }).click();
  const logs = page.getByRole('tabpanel', { name: 'Logs' });
  const told = logs.getByRole('status');
  await expect(told).toContainText('all in the order in which they were written');

  await player.call('seek', { event: 0 });
  await player.act({ script: `skew ${leader} -200ms` });
  await player.act({ script: 'run until leader' });
  await expect(told).toContainText(/\d+ of \d+ lines stand in the wrong place; \d+ lines? stands? before (its|their) cause/);
  const lines = logs.getByRole('list', { name: 'Log lines' }).getByRole('listitem');
  await expect(lines.filter({ hasText: 'before its cause' }).first()).toBeVisible();

  await logs.getByRole('button', { name: 'True order' }).click();
  await expect(lines.filter({ hasText: 'before its cause' })).toHaveCount(0);
  await expect(lines.filter({ hasText: 'out of place' })).toHaveCount(0);

  await logs.getByRole('combobox', { name: 'Lines of' }).selectOption(leader);
  await logs.getByRole('searchbox', { name: 'Only lines with this text' }).fill('election timer');
  await expect(lines).toHaveText([new RegExp(`${leader}.*election timer fires`)]);
  await lines.getByRole('button').click();
  await expect(player.inspector.getByRole('tab', { name: 'Why' })).toHaveAttribute('aria-selected', 'true');
  await expect(player.inspector.getByRole('tabpanel')).toContainText(`${leader}’s election timer fires`);
});

test('the trace of a request is a tree that arrow keys walk, and tells what no log has', async ({ page, player }) => {
  await player.openSandbox('raft');
  await player.perform('run until leader\ninvoke C1 write x=1');
  await player.stepUntil((view) => view.flights.some((flight) => flight.kind === 'AppendEntries' && /x=1/.test(flight.text)));
  const flight = (await player.view()).flights.find((flight) => flight.kind === 'AppendEntries')!;
  await player.act({ drop: flight.id });
  await player.act({ script: 'run 200ms' });
  await page.getByRole('tab', { name: 'Trace', exact: true }).click();
  const panel = page.getByRole('tabpanel', { name: 'Trace' });
  await expect(panel.getByRole('combobox', { name: 'Request' })).toContainText('C1: write x=1');
  const tree = panel.getByRole('tree', { name: 'Trace of the request' });
  const spans = tree.getByRole('treeitem');
  await expect(spans.first()).toHaveAccessibleName(/^C1 is asked to write x=1/);
  const lost = spans.filter({ hasText: `AppendEntries ${flight.from}→${flight.to}` }).filter({ hasText: 'lost: in no log' });
  await expect(lost).toHaveCount(1);
  await expect(panel.getByRole('status')).toContainText('stand in no log');

  await spans.first().focus();
  await page.keyboard.press('ArrowDown');
  await expect(spans.nth(1)).toBeFocused();
  await expect(spans.nth(1)).toHaveAttribute('aria-level', '2');
  await page.keyboard.press('Enter');
  await expect(player.inspector.getByRole('tab', { name: 'Why' })).toHaveAttribute('aria-selected', 'true');
});
