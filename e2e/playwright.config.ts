// The journeys run against the site as visitors get it, in dist/, served under a path of its own:
// an address that would only work at a host's top fails here. `cargo xtask test` builds it first;
// alone: `cargo xtask build --release`, then `npx playwright test` in this folder.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { defineConfig, devices } from '@playwright/test';

const site = process.env.FAULTLINE_SITE ?? 'http://127.0.0.1:4173/faultline/';
const { port, pathname } = new URL(site);
const serve = process.env.FAULTLINE_XTASK ?? 'cargo xtask';

/** Any Chrome or Chromium; without one on PATH, the one that Playwright may have installed. */
function browser(): string | undefined {
  const named = process.env.FAULTLINE_CHROME;
  if (named) return named;
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const folders = (process.env.PATH ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync);
}

export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  fullyParallel: true,
  forbidOnly: !!process.env.CI,
  retries: 0,
  workers: 2,
  timeout: 60_000,
  // What is waited for comes at once on a quiet machine; a busy one may take its time.
  expect: { timeout: 10_000 },
  reporter: [['list'], ['html', { open: 'never', outputFolder: 'playwright-report' }]],
  use: {
    baseURL: site,
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: browser(),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-dev-shm-usage',
        '--disable-quic',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    },
  },
  // Each journey runs on the desktop, unless its tags name other screens instead: a tag is the name
  // of a project, and @everywhere is all three.
  projects: [
    {
      name: 'desktop',
      grep: /^(?!.*@(tablet|phone)\b)|@desktop|@everywhere/,
      use: { ...devices['Desktop Chrome'], viewport: { width: 1440, height: 900 } },
    },
    {
      name: 'tablet',
      grep: /@tablet|@everywhere/,
      use: { ...devices['Desktop Chrome'], viewport: { width: 1024, height: 768 }, hasTouch: true },
    },
    {
      name: 'phone',
      grep: /@phone|@everywhere/,
      use: { ...devices['Pixel 7'], viewport: { width: 390, height: 844 } },
    },
  ],
  webServer: {
    command: `${serve} serve --no-build --port ${port} --base ${pathname}`,
    cwd: '..',
    url: site,
    reuseExistingServer: !process.env.CI,
    timeout: 120_000,
  },
});
