// Branches: a tree under the timeline, names, and two of them compared.
import type { Branch } from '../pages/api';
import { expect, test } from '../pages/journey';

test('two branches are compared with the sentence that names the first difference', async ({ page, player }) => {
  await player.openSandbox('raft');
  await player.stepUntil((view) => view.flights.length > 1);
  const { event, flights } = await player.view();
  const [flight] = flights;
  await player.act({ script: 'run 200ms' });
  await player.call('seek', { event });
  await player.choose(player.message(flight.kind, flight.from, flight.to).first(), 'Drop');
  await player.act({ script: 'run 200ms' });
  await expect(player.branches.getByRole('listitem')).toHaveCount(2);

  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  const tab = page.getByRole('tab', { name: 'Compare', exact: true });
  await expect(tab).toHaveAttribute('aria-selected', 'true');
  await expect(tab).toBeFocused();
  const panel = page.getByRole('tabpanel', { name: 'Compare' });
  const sentence = panel.getByRole('status');
  await expect(sentence).toContainText(`The runs are the same up to event ${event} at`);
  const lost = `${flight.kind} from ${flight.from} to ${flight.to} \\(term 1\\) is lost: dropped by hand`;
  await expect(sentence).toHaveText(new RegExp(`, in B ${lost}\\.$`));
  await expect(panel.getByRole('img', { name: /^Branches A and B on one clock/ })).toBeVisible();

  const ends = panel.getByRole('table', { name: 'In the end' });
  const length = ends.getByRole('row', { name: /^length/ });
  const branches = await player.call<Branch[]>('branches');
  await expect(length.getByRole('cell')).toHaveText(branches.map((branch) => new RegExp(`^${branch.length} events`)));
  await expect(ends.getByRole('row', { name: /at most one leader/i }).getByRole('cell')).toHaveText([/holds/, /holds/]);

  // The other way round the sentence changes sides.
  await panel.getByRole('combobox', { name: 'Branch A' }).selectOption({ index: 1 });
  await panel.getByRole('combobox', { name: 'Branch B' }).selectOption({ index: 0 });
  await expect(sentence).toHaveText(new RegExp(`then in A ${lost}, in B `));
  await panel.getByRole('combobox', { name: 'Branch A' }).selectOption({ index: 0 });
  await expect(sentence).toContainText('where both end.');
});

test('a branch is named, chosen and folded away by keyboard', async ({ page, player }) => {
  await player.openSandbox('raft', '?at=12');
  const keys = page.keyboard;
  await keys.press('ArrowLeft');
  await keys.press('f');
  await keys.press('ArrowRight');
  await page.getByRole('button', { name: 'Rename', exact: true }).press('Enter');
  const field = page.getByRole('textbox', { name: /^Name of branch 2/ });
  await expect(field).toBeFocused();
  await keys.type('the calm one');
  await keys.press('Enter');
  await expect(page.getByRole('button', { name: 'Rename', exact: true })).toBeFocused();
  await expect(player.branches.getByRole('button', { name: /^Branch 2 of 2, 12 events: the calm one$/ })).toBeVisible();
  expect((await player.call<Branch[]>('branches'))[1].label).toBe('the calm one');

  await page.getByRole('button', { name: '2 branches' }).press('Enter');
  await expect(player.branches).toBeHidden();
  await keys.press('b');
  await expect(player.branches.getByRole('button', { name: /^Branch 2 of 2/ })).toBeFocused();
  await keys.press('Shift+Tab');
  await keys.press('Enter');
  await expect.poll(async () => (await player.call<Branch[]>('branches'))[0].current).toBe(true);
});
