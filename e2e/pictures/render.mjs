// Renders the bitmaps that neither browsers nor other sites take as SVG:
// `node e2e/pictures/render.mjs`, after preview.svg or assets/favicon.svg has changed.
import { readFile } from 'node:fs/promises';
import { chromium } from '@playwright/test';

const here = (path) => new URL(path, import.meta.url);
const assets = (name) => here(`../../assets/${name}`);

const pictures = [
  { from: here('preview.svg'), to: assets('preview.png'), width: 1200, height: 630 },
  { from: assets('favicon.svg'), to: assets('icon-192.png'), width: 192, height: 192 },
  { from: assets('favicon.svg'), to: assets('icon-512.png'), width: 512, height: 512 },
];

const browser = await chromium.launch({
  executablePath: process.env.FAULTLINE_CHROME ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
for (const { from, to, width, height } of pictures) {
  const page = await browser.newPage({ viewport: { width, height } });
  const svg = await readFile(from, 'utf8');
  await page.setContent(`<style>body{margin:0}svg{display:block;width:100vw;height:100vh}</style>${svg}`);
  await page.screenshot({ path: to.pathname, omitBackground: true });
  await page.close();
}
await browser.close();
