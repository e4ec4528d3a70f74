// An embed in somebody's page: the same calls by postMessage, the same keys once the stage has focus.
import { expect, test } from '../pages/journey';

const HOST = `<!doctype html><html lang="en"><title>A course page</title><body>
<p>Look at this:</p>
<iframe src="embed/lost-message/" title="The message that never came" width="900" height="520"></iframe>
<script>
  window.told = [];
  window.waiting = new Map();
  addEventListener('message', (event) => {
    if (event.data.faultline === 'answer') window.waiting.get(event.data.id)(event.data);
    else window.told.push(event.data);
  });
  let id = 0;
  window.ask = (name, argument) => new Promise((resolve) => {
    waiting.set(++id, resolve);
    frames[0].postMessage({ faultline: 'call', id, name, argument }, '*');
  });
</script>`;

test('a page talks to its embed by postMessage', async ({ page, baseURL }) => {
  await page.route('**/course.html', (route) => route.fulfill({ contentType: 'text/html', body: HOST }));
  await page.goto(`${baseURL}course.html`);
  type Host = { told: Record<string, unknown>[]; ask(name: string, argument?: unknown): Promise<{ value?: unknown; error?: string }> };
  const ask = (name: string, argument?: unknown) =>
    page.evaluate(([name, argument]) => (window as unknown as Host).ask(name as string, argument), [name, argument] as const);
  const told = () => page.evaluate(() => (window as unknown as Host).told);

  await expect.poll(async () => (await told()).map((each) => each.name)).toContain('ready');
  await expect.poll(async () => (await told()).some((each) => each.name === 'resize' && Number(each.value) > 100)).toBe(true);
  expect(await told()).toContainEqual(expect.objectContaining({ context: 'iframe.resize' }));
  expect(await told()).toContainEqual(expect.objectContaining({ subject: 'lti.frameResize' }));

  const start = await ask('digest');
  expect(start.value).toMatch(/^[0-9a-f]{16}$/);
  expect(await ask('step', 3)).toMatchObject({ value: { event: 3 } });
  expect((await ask('digest')).value).not.toBe(start.value);
  expect((await ask('act', { script: 'run until quiet' })).value).toMatchObject({ event: expect.any(Number) });
  expect(await ask('act', { crash: 'Z' })).toMatchObject({ error: expect.stringContaining('there is no node Z') });
  expect(await ask('explode')).toMatchObject({ error: expect.stringContaining('explode') });
  await expect.poll(async () => (await told()).filter((each) => each.name === 'event').length).toBeGreaterThan(1);
});

test('keys work in an embed once its stage has focus', async ({ page, baseURL }) => {
  await page.route('**/course.html', (route) => route.fulfill({ contentType: 'text/html', body: HOST }));
  await page.goto(`${baseURL}course.html`);
  const frame = page.frameLocator('iframe');
  const stage = frame.getByRole('region', { name: 'Stage', exact: true });
  await stage.getByRole('button', { name: /^A\b/ }).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  const timeline = frame.getByRole('slider', { name: 'Timeline', exact: true });
  await expect(timeline).toHaveAttribute('aria-valuetext', /^event 2 of 2/);
  await page.keyboard.press('Enter');
  await expect(frame.getByRole('menu')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Home');
  await expect(timeline).toHaveAttribute('aria-valuetext', /^event 0 of 2/);
});

test('the embed leads on to the whole lesson', async ({ context, page, player }) => {
  await player.openEmbed('lost-message');
  const opened = context.waitForEvent('page');
  await page.getByRole('link', { name: 'Open in Faultline' }).click();
  await expect(await opened).toHaveURL(/\/lesson\/lost-message\/$/);
});
