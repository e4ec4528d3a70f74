// A learner's progress as a whole: saved as a file, read on another device, forgotten, and taken back.
import { Exchange } from '../pages/exchange';
import { expect, test } from '../pages/journey';

test('progress is saved, forgotten, taken back, and read where there is none', async ({ page, player }) => {
  await player.openLesson('lost-message', '?step=2');
  await player.pressInLesson('Next');
  await player.expectStep(3, 7);
  await player.openHome();
  const card = page.getByRole('link', { name: /^The message that never came/ });
  await expect(card).toContainText('step 3 of 7');
  const row = page.getByRole('region', { name: 'Your progress', exact: true });
  const button = (name: string) => row.getByRole('button', { name, exact: true });

  const saved = await new Exchange(page).saved(() => button('Save it as a file').click());
  expect(saved.name).toBe('faultline-progress.json');
  expect(JSON.parse(saved.content.toString()).lessons['lost-message'].reached).toBe(2);

  await button('Forget it').click();
  await expect(card).toContainText('7 steps');
  await expect(row.getByRole('status')).toHaveText('Everything is forgotten.');
  await expect(button('Undo')).toBeFocused();
  await page.reload();
  await expect(card).toContainText('7 steps');
  await expect(button('Forget it')).toBeDisabled();
  await expect(button('Undo')).toHaveCount(0);

  const choose = async (name: string, content: string) => {
    const chooser = page.waitForEvent('filechooser');
    await button('Read it from a file…').click();
    await (await chooser).setFiles({ name, mimeType: 'application/json', buffer: Buffer.from(content) });
  };
  for (const other of ['nonsense', '{"version":1}', '{"version":1,"lessons":5}', '{"lessons":{"x":{}}}']) {
    await choose('other.json', other);
    await expect(row.getByRole('status')).toHaveText('other.json is not read: it holds no progress that was saved here. Your progress is as it was.');
    await choose('newer.json', '{"version":99,"lessons":{}}');
    await expect(row.getByRole('status')).toContainText('a newer Faultline saved it');
  }
  await choose('mine.json', saved.content.toString());
  await expect(row.getByRole('status')).toHaveText('Read from mine.json.');
  await expect(card).toContainText('step 3 of 7');
  await button('Undo').press('Enter');
  await expect(card).toContainText('7 steps');
  await expect(row.getByRole('status')).toHaveText('It is as it was before.');
});
