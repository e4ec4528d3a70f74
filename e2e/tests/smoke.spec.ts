// The site stands up: every kind of page loads under a path of its own, starts the program, breaks
// no policy and says nothing on the console.
import { expect, test } from '@playwright/test';
import { Trouble } from '../pages/trouble';

const pages = [
  { path: '', id: 'home' },
  { path: 'lesson/raft-elections/', id: 'lesson:raft-elections' },
  { path: 'sandbox/raft/', id: 'sandbox:raft' },
  { path: 'embed/raft-elections/', id: 'embed:raft-elections' },
];

for (const { path, id } of pages) {
  test(`${id} loads and starts`, { tag: '@everywhere' }, async ({ page }) => {
    const trouble = await Trouble.watch(page);
    await page.addInitScript(() => {
      addEventListener('TrunkApplicationStarted', () => (document.documentElement.dataset.started = 'yes'));
    });
    await page.goto(path);
    await expect(page.locator('html')).toHaveAttribute('data-page', id);
    await expect(page.locator('html')).toHaveAttribute('data-started', 'yes');
    await expect(page).toHaveTitle(/Faultline/);
    await page.waitForLoadState('networkidle');
    trouble.expectNone();
  });
}

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('a lesson can be read and links lead on', async ({ page }) => {
    await page.goto('lesson/raft-elections/');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await page.goto('');
    await page.locator('a[href^="lesson/raft-elections/"]').first().click();
    await expect(page).toHaveURL(/\/lesson\/raft-elections\/$/);
  });
});

test('a missing address says so and leads home', async ({ page, baseURL }) => {
  const response = await page.goto('lesson/no-such-lesson/');
  expect(response?.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.getByRole('link').click();
  await expect(page).toHaveURL(baseURL!);
});

test('an inline script would not run', async ({ page }) => {
  await page.goto('');
  const ran = await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.inlineScriptRan = true';
    document.head.append(script);
    return 'inlineScriptRan' in window;
  });
  expect(ran).toBe(false);
});
