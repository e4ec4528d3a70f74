// Figures, printed. Slowness never fails here: machines differ. What is measured must be there.
import { gzipSync } from 'node:zlib';
import { expect, test } from '../pages/journey';

interface Measured {
  milliseconds: number;
  deliveries: number;
  events: number;
}

const print = (line: string) => console.log(`measured: ${line}`);

for (const history of [false, true]) {
  test(`a million deliveries ${history ? 'with' : 'without'} time travel`, async ({ player }) => {
    test.setTimeout(180_000);
    await player.openSandbox('raft');
    const measured = await player.call<Measured>('measure', { protocol: 'raft', deliveries: 1_000_000, history });
    expect(measured.deliveries).toBe(1_000_000);
    const rate = measured.deliveries / measured.milliseconds;
    print(`raft, history ${history}: ${measured.milliseconds.toFixed(0)} ms for ${measured.deliveries} deliveries (${measured.events} events), ${rate.toFixed(0)} thousand a second`);
  });
}

test('what a lesson’s page costs to load', async ({ page, player }) => {
  const bodies: Promise<[string, number, number]>[] = [];
  page.on('response', (response) => {
    bodies.push(response.body().then((body) => [new URL(response.url()).pathname.split('/').at(-1) || 'index.html', body.length, gzipSync(body, { level: 9 }).length]));
  });
  await page.addInitScript(() => {
    const look = () => {
      const { faultline } = window as unknown as { faultline?: { on(name: string, f: () => void): void } };
      if (!faultline) return void requestAnimationFrame(look);
      faultline.on('ready', () => (document.documentElement.dataset.ready = String(performance.now())));
    };
    look();
  });
  await player.openLesson('raft-elections');
  await page.waitForLoadState('networkidle');
  const ready = Number(await page.locator('html').getAttribute('data-ready'));
  const paint = await page.evaluate(() => performance.getEntriesByType('paint').map((entry) => `${entry.name} ${entry.startTime.toFixed(0)} ms`));
  const sizes = await Promise.all(bodies);
  for (const [name, plain, packed] of sizes) print(`${name}: ${plain} bytes, ${packed} gzip -9`);
  const total = sizes.reduce((sum, [, , packed]) => sum + packed, 0);
  print(`lesson page: ${(total / 1024).toFixed(1)} KiB gzip -9 in ${sizes.length} files; ${paint.join(', ')}; ready ${ready.toFixed(0)} ms`);
  expect(ready).toBeGreaterThan(0);
  expect(sizes.some(([name, plain]) => name.endsWith('.wasm') && plain > 100_000)).toBe(true);
});

test('frames while it plays', async ({ page, player }) => {
  await player.openSandbox('raft', '?speed=0.05');
  await player.act({ script: 'run until leader' });
  await player.call('play');
  const before = (await player.view()).event;
  const frames = await page.evaluate(async () => {
    const times: number[] = [];
    let last = await new Promise<number>(requestAnimationFrame);
    for (const until = last + 3_000; last < until; ) {
      const now = await new Promise<number>(requestAnimationFrame);
      times.push(now - last);
      last = now;
    }
    return times.sort((a, b) => a - b);
  });
  const at = (share: number) => frames[Math.min(frames.length - 1, Math.floor(frames.length * share))].toFixed(1);
  print(`frames over 3 s of Raft at ×0.05: ${frames.length}, median ${at(0.5)} ms, 95 % ${at(0.95)} ms, longest ${at(1)} ms`);
  expect((await player.view()).event).toBeGreaterThan(before);
  expect(frames.length).toBeGreaterThan(5);
});
