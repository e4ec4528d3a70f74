// What every journey begins with: the page object, and a watch that fails the journey when the page
// throws, complains, breaks its policy or opens a dialog, whatever else it shows.
import { test as base } from '@playwright/test';
import { Player } from './player';
import { Trouble } from './trouble';

export const test = base.extend<{ player: Player; trouble: Trouble }>({
  trouble: [
    async ({ page }, use) => {
      const trouble = await Trouble.watch(page);
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
