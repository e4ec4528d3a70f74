// What leads into the page and out of it: the Share sheet, the row that says what came of it, files that
// are chosen, dropped and pasted.
import { readFile } from 'node:fs/promises';
import { type Download, type Locator, type Page, expect } from '@playwright/test';

export class Exchange {
  /** The row under the header: what was opened or saved, and the way back. */
  readonly desk: Locator;

  constructor(readonly page: Page) {
    this.desk = page.getByRole('region', { name: 'Open and save', exact: true });
  }

  /** Opens the sheet unless it is open. */
  async share() {
    const button = this.page.getByRole('button', { name: 'Share', exact: true });
    if ((await button.getAttribute('aria-expanded')) !== 'true') await button.click();
  }

  async choose(name: string, content: Buffer | string) {
    await this.share();
    const chooser = this.page.waitForEvent('filechooser');
    await this.page.getByRole('button', { name: 'Choose a file…', exact: true }).click();
    const buffer = Buffer.from(content);
    await (await chooser).setFiles({ name, mimeType: 'application/octet-stream', buffer });
  }

  /** Drops a file onto the page, or text when it has no name. */
  async drop(content: string, name?: string) {
    await this.page.evaluate(
      ([content, name]) => {
        const data = new DataTransfer();
        if (name === undefined) data.setData('text/plain', content);
        else data.items.add(new File([content], name));
        const target = document.querySelector('main')!;
        const event = (kind: string) =>
          target.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
        event('dragover');
        event('drop');
      },
      [content, name] as const,
    );
  }

  async paste(text: string) {
    await this.page.evaluate((text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', text);
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, text);
  }

  async expectOpened(what: string | RegExp = /^Opened /) {
    await expect(this.desk).toContainText(what, { timeout: 15_000 });
  }

  /** What comes of pressing something: the file's name and content. */
  async saved(press: () => Promise<void>): Promise<{ name: string; content: Buffer }> {
    const waiting = this.page.waitForEvent('download');
    await press();
    const download: Download = await waiting;
    return { name: download.suggestedFilename(), content: await readFile(await download.path()) };
  }
}

/** Comma-separated values without quoted fields of several lines. */
export function csv(text: string): string[][] {
  const field = /("(?:[^"]|"")*"|[^,]*)(,|$)/g;
  const lines = text.trimEnd().split('\r\n');
  return lines.map((line) => {
    const row: string[] = [];
    for (const [, value, end] of line.matchAll(field)) {
      row.push(value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value);
      if (end === '') break;
    }
    return row;
  });
}
