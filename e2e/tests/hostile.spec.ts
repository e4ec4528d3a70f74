// Whatever an address, a link, a lesson file or a form brings: a visible sentence, a page that works,
// text that stays text, and never a dialog (the watch of every journey sees to that one).
import { expect, test } from '../pages/journey';

const MARKUP = '<img src=x onerror=alert(1)>';

const parameters = [
  ['seed', 'x'],
  ['seed', '-1'],
  ['step', '0'],
  ['at', 'soon'],
  ['speed', '0'],
  ['theme', 'pink'],
  ['lang', 'xx'],
  ['view', 'all'],
  ['controls', 'some'],
];

test('each bad parameter is said and the page works with the default', async ({ page, player }) => {
  for (const [name, value] of parameters) {
    await player.openSandbox('raft', `?${name}=${value}`);
    await expect(player.notice(`The address says ${name}=${value}, which cannot be used`)).toBeVisible();
    expect((await player.view()).event).toBe(0);
    await player.press('One event forward');
    expect((await player.view()).event).toBe(1);
  }
  expect((await player.call<{ scenario: { seed: number } }>('run')).scenario.seed).toBe(42);
  await page.getByRole('button', { name: 'Dismiss this message' }).click();
  await expect(player.notice('cannot be used')).toHaveCount(0);
});

test('many bad parameters at once are all said', async ({ page, player }) => {
  const query = parameters.slice(1).map(([name, value]) => `${name}=${value}`).join('&');
  for (const path of ['lesson/lost-message/', 'sandbox/raft/', 'embed/lost-message/']) {
    await page.goto(`${path}?${query}`);
    await player.ready();
    for (const [name, value] of parameters.slice(1)) await expect(player.notice(`${name}=${value}`), `${path} ${name}`).toBeVisible();
  }
});

test('the start page says what it cannot use', async ({ page }) => {
  await page.goto('?theme=pink');
  await expect(page.getByText('The address says theme=pink, which cannot be used')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
});

test('a bad parameter is quoted as text', async ({ page, player }) => {
  await player.openSandbox('raft', `?seed=${encodeURIComponent(MARKUP)}`);
  await expect(player.notice(`seed=${MARKUP}`)).toBeVisible();
  await expect(page.locator('img')).toHaveCount(0);
});

test('a damaged link says so and the page works', async ({ page, player }) => {
  await player.openSandbox('raft');
  await player.call('step', 20);
  await player.act({ crash: 'S1' });
  const link = await player.call<string>('export', 'link');
  const [address, text] = link.split('#s=');
  const bytes = Buffer.from(text, 'base64url');
  const newer = Buffer.from(bytes);
  newer[0] = 200;
  const flipped = Buffer.from(bytes);
  flipped[bytes.length - 3] ^= 0x10;
  const cases: [string, RegExp][] = [
    ['', /holds no run/],
    [text.slice(0, -4), /damaged/],
    [`${text.slice(0, 8)}!${text.slice(9)}`, /'!' at position 9 does not belong/],
    [flipped.toString('base64url'), /damaged.*checksum/],
    [newer.toString('base64url'), /made by a newer Faultline/],
    ['A'.repeat(70_000), /too long/],
  ];
  for (const [fragment, why] of cases) {
    await page.goto('about:blank');
    await page.goto(`${address}#s=${fragment}`);
    await player.ready();
    await expect(player.notice(/The linked run cannot be opened/)).toContainText(why);
    await player.press('One event forward');
    expect((await player.view()).event).toBe(1);
  }
});

test('a link to another protocol, or with faults that cannot be, is refused in words', async ({ page, player }) => {
  await player.openSandbox('raft');
  await player.call('step', 20);
  const run = await player.call<Record<string, unknown>>('export', 'json');
  for (const bad of [
    { ...run, scenario: { protocol: MARKUP } },
    { ...run, cursor: 4_000_000_000, length: 4_000_000_000 },
    { ...run, interventions: [{ after: 5, at: 0, action: { crash: 99 } }] },
  ]) {
    await expect(player.call('load', { run: bad })).rejects.toThrow(/\w+ \w+/);
  }
  expect((await player.view()).event).toBe(20);
  await expect(page.locator('img')).toHaveCount(0);
});

test('an unknown lesson answers with a page that leads home', async ({ page, trouble, baseURL }) => {
  trouble.allow(/404/);
  for (const path of ['lesson/no-such-lesson/', 'sandbox/no-such-protocol/', 'embed/..%2f..%2fetc/']) {
    const response = await page.goto(path);
    expect(response!.status()).toBe(404);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await page.getByRole('link').click();
    await expect(page).toHaveURL(baseURL!);
  }
});

test('a lesson file that does not come, or is damaged, is said and can be tried again', async ({ page, player, trouble }) => {
  trouble.allow(/lesson\.json|503/);
  let answer: 'fail' | 'nonsense' | 'real' = 'fail';
  await page.route('**/lesson.json', (route) => {
    if (answer === 'real') return route.continue();
    return answer === 'fail' ? route.fulfill({ status: 503 }) : route.fulfill({ body: '{"title": 5}' });
  });
  await page.goto('lesson/lost-message/');
  await expect(player.lesson.getByText(/the server answers 503/)).toBeVisible();
  answer = 'nonsense';
  await player.lessonButton('Try again').click();
  await expect(player.lesson.getByText(/the file is damaged/)).toBeVisible();
  answer = 'real';
  await player.lessonButton('Try again').click();
  await player.expectStep(1, 7);
});

test('markup in a client’s operation stays text', async ({ page, player }) => {
  await player.openSandbox('last-writer-wins');
  const operation = `write x=${MARKUP}`;
  const outcome = await player.act({ invoke: 'C1', operation }).catch((why: Error) => why.message);
  expect(JSON.stringify(outcome)).toMatch(/img|word|letters/);
  await player.act({ script: `invoke C1 ${operation}` }).catch(String);
  await page.getByRole('button', { name: 'Client request', exact: true }).click();
  await page.getByLabel('Operation', { exact: true }).fill(operation);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await player.call('step', 30);
  for (const tab of ['State', 'Messages', 'Next', 'Checks', 'Events', 'Charts'] as const) await player.inspect(tab);
  await expect(page.locator('img')).toHaveCount(0);
  await expect(page.locator('[onerror]')).toHaveCount(0);
});

test('markup and script addresses in a lesson file stay text', async ({ page, player, trouble }) => {
  await page.route('**/lesson.json', async (route) => {
    const lesson = await (await route.fetch()).json();
    lesson.title = MARKUP;
    lesson.steps[0].title = MARKUP;
    lesson.steps[0].prose = [{ paragraph: [{ text: MARKUP }, { formula: MARKUP }, { code: MARKUP }] }];
    await route.fulfill({ json: lesson });
  });
  await player.openLesson('lost-message');
  await expect(player.lesson.getByRole('heading', { level: 1 })).toHaveText(MARKUP);
  await expect(player.lesson.locator('.lesson-prose').first()).toContainText(MARKUP);
  await expect(page.locator('img')).toHaveCount(0);

  await page.unroute('**/lesson.json');
  await page.route('**/lesson.json', async (route) => {
    const lesson = await (await route.fetch()).json();
    lesson.steps[0].prose = [{ paragraph: [{ link: { text: [{ text: 'here' }], href: 'javascript:alert(1)' } }] }];
    await route.fulfill({ json: lesson });
  });
  trouble.allow(/lesson\.json/);
  await page.goto('lesson/lost-message/');
  await expect(player.lesson.getByText(/the file is damaged/)).toBeVisible();
  await expect(page.locator('a[href^="javascript"]')).toHaveCount(0);
});
