// Everything that a page can do wrong without looking wrong.
import { type Page, expect } from '@playwright/test';

/** Watches a page from before it loads; `expectNone` tells what went wrong since then. */
export class Trouble {
  private readonly seen: string[] = [];
  private readonly allowed: RegExp[] = [];

  private constructor() {}

  static async watch(page: Page): Promise<Trouble> {
    const trouble = new Trouble();
    const note = (what: string) => trouble.seen.push(what);
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') note(`${message.type()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => note(`exception: ${error.message}`));
    page.on('requestfailed', (request) => {
      const why = request.failure()?.errorText;
      // A page that is left gives up what it was still fetching.
      if (why === 'net::ERR_ABORTED') return;
      note(`failed: ${request.url()} ${why}`);
    });
    page.on('response', (response) => {
      if (response.status() >= 400) note(`${response.status()}: ${response.url()}`);
    });
    page.on('dialog', async (dialog) => {
      note(`dialog: ${dialog.message()}`);
      await dialog.dismiss();
    });
    await page.exposeFunction('noteViolation', (what: string) => note(`policy: ${what}`));
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        const note = (window as unknown as { noteViolation(what: string): void }).noteViolation;
        note(`${event.violatedDirective} blocked ${event.blockedURI}`);
      });
    });
    return trouble;
  }

  /** What a journey brings about itself, such as the answer to a missing address. */
  allow(pattern: RegExp) {
    this.allowed.push(pattern);
  }

  expectNone() {
    const unexpected = this.seen.filter((what) => !this.allowed.some((pattern) => pattern.test(what)));
    expect(unexpected).toEqual([]);
  }
}
