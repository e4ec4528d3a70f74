// What every journey begins with: the page object, and a watch that fails the journey when the page
// throws, complains, breaks its policy or opens a dialog, whatever else it shows.
import { type Page, test as base } from '@playwright/test';
import { Player } from './player';
import { Trouble } from './trouble';

/** The page has drawn what the last input changed. */
export async function drawn(page: Page) {
  await page.evaluate(() => new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen))));
}

/**
 * Between two keys a person sees at least a frame, and the page moves the focus with a frame. Without
 * that pause a key of a journey may reach what had the focus before the last one.
 */
function pressAsPeopleDo(page: Page) {
  const press = page.keyboard.press.bind(page.keyboard);
  page.keyboard.press = async (...args) => {
    await press(...args);
    await drawn(page).catch(() => undefined); // The key led to another page.
  };
}

export const test = base.extend<{ player: Player; trouble: Trouble }>({
  trouble: [
    async ({ page }, use) => {
      const trouble = await Trouble.watch(page);
      pressAsPeopleDo(page);
      await use(trouble);
      trouble.expectNone();
    },
    { auto: true },
  ],
  player: async ({ page }, use) => {
    await use(new Player(page));
  },
});

export { expect } from '@playwright/test';
