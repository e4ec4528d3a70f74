// Runs go out of the page in every form and come back the same; what is no run is refused in words and
// changes nothing.
import { Exchange, csv } from '../pages/exchange';
import { expect, test } from '../pages/journey';
import { Player } from '../pages/player';

/** A run with a branch, faults of several kinds and the cursor before the end. */
async function faultyRun(player: Player) {
  await player.openSandbox('raft', '?seed=11');
  await player.act({ script: 'run until leader' });
  await player.act({ invoke: 'C1', operation: 'write x=1' });
  await player.call('step', 12);
  await player.act({ crash: 'S2' });
  await player.act({ script: 'partition S1 S3 | S4 S5' });
  await player.call('step', 60);
  await player.act({ restart: 'S2' });
  await player.call('step', 30);
  await player.call('seek', { event: 80 });
}

const FORMS = [
  ['file', 'run.json'],
  ['script', 'run.txt'],
  ['link', 'link.txt'],
  ['svg', 'stage.svg'],
  ['png', 'stage.png'],
  ['diagram-svg', 'diagram.svg'],
  ['diagram-png', 'diagram.png'],
] as const;

test('every form of a run opens as the run', async ({ page, player }) => {
  test.setTimeout(120_000);
  await faultyRun(player);
  const [digest, view] = [await player.digest(), await player.view()];
  const texts: string[] = [];
  for (const [form] of FORMS) texts.push(await player.call<string>('export', form));
  const exchange = new Exchange(page);
  for (const [i, [form, name]] of FORMS.entries()) {
    await player.openSandbox('raft');
    const text = texts[i];
    const content = text.startsWith('data:') ? Buffer.from(text.split(',')[1], 'base64') : Buffer.from(text);
    await exchange.choose(name, content);
    await exchange.expectOpened(`Opened ${name}: `);
    expect(await player.digest(), form).toBe(digest);
    expect((await player.view()).nodes, form).toEqual(view.nodes);
    await expect(exchange.desk).not.toContainText('not as its file says');
  }
});

test('a file of JSON says what made it', async ({ player }) => {
  await faultyRun(player);
  const file = JSON.parse(await player.call<string>('export', 'file'));
  const version = await player.page.evaluate(() => (window as never as { faultline: { version: { app: string; digest: string } } }).faultline.version);
  expect(file).toMatchObject({
    format: 'faultline run',
    version: 1,
    app: version.app,
    trace: { algorithm: version.digest, digest: await player.digest(), every: 1 },
    run: { scenario: { protocol: 'raft', seed: 11 }, cursor: 80 },
  });
  expect(file.protocolVersion).toMatch(/^[0-9a-f]{8}$/);
  expect(file.trace.marks).toHaveLength(file.run.length * 6);
  expect(file.run).toEqual(await player.call('export', 'json'));
});

test('the events are a line each', async ({ player }) => {
  await faultyRun(player);
  const [head, ...rows] = csv(await player.call<string>('export', 'csv'));
  expect(head).toEqual(['event', 'time_us', 'what', 'node', 'kind', 'message', 'from', 'to', 'rule', 'sentence']);
  const events = await player.call<{ event: number; at: number; text: string; rule: string }[]>('events', { from: 1, to: 100_000 });
  expect(rows.map((row) => [row[0], row[1], row[8], row[9]])).toEqual(
    events.map((event) => [String(event.event), String(event.at), event.rule, event.text]),
  );
  const crash = rows.find((row) => row[2] === 'crashed')!;
  expect(crash.slice(3, 8)).toEqual(['S2', '', '', '', '']);
});

test('a link is pasted, a script is dropped, and the way back is open both ways', async ({ page, player }) => {
  const exchange = new Exchange(page);
  await faultyRun(player);
  const [digest, link] = [await player.digest(), await player.call<string>('export', 'link')];
  await player.openSandbox('raft', '?seed=3&at=25');
  await player.call('fork');
  await player.act({ crash: 'S1' });
  const [mine, branches] = [await player.digest(), await player.call('branches')];
  await exchange.paste(link);
  await exchange.expectOpened('Opened What was pasted: ');
  expect(await player.digest()).toBe(digest);

  const back = page.getByRole('button', { name: 'Back to the previous run', exact: true });
  await back.focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => player.digest()).toBe(mine);
  expect(await player.call('branches'), 'nothing of it is lost').toEqual(branches);
  await back.click();
  await expect.poll(() => player.digest()).toBe(digest);

  await exchange.drop('protocol raft\nseed 5\nrun 33 events\ncrash S4\n');
  await exchange.expectOpened('Opened What was dropped: 34 events');
  await exchange.drop('crash S1\n', 'more.txt');
  await exchange.expectOpened('Opened more.txt: 1 events');
  expect((await player.call<{ scenario: { seed: number } }>('run')).scenario.seed, 'lines without a header are for the run on stage').toBe(5);
});

test('a run of another version says what differs, and opens as far as it can', async ({ page, player }) => {
  const exchange = new Exchange(page);
  await faultyRun(player);
  const file = JSON.parse(await player.call<string>('export', 'file'));
  const open = (change: (file: never) => void) => {
    const copy = structuredClone(file);
    change(copy as never);
    return exchange.drop(JSON.stringify(copy), 'theirs.json');
  };
  await open((copy: { app: string; protocolVersion: string }) => {
    copy.app = '9.1.0';
    copy.protocolVersion = 'ffffffff';
  });
  await exchange.expectOpened('it was made by Faultline 9.1.0, and this is');
  await expect(exchange.desk).toContainText('the protocol raft was version ffffffff there');
  await expect(exchange.desk).toContainText('Event for event it plays the same here.');

  await open((copy: { trace: { marks: string } }) => {
    copy.trace.marks = `${copy.trace.marks.slice(0, 41 * 6)}${'0'.repeat(copy.trace.marks.length - 41 * 6)}`;
  });
  await exchange.expectOpened('event 42 is the first that is another one (here: “');
  const here = await player.call<{ text: string }[]>('events', { from: 42, to: 42 });
  await expect(exchange.desk).toContainText(here[0].text);

  const at = file.run.interventions.at(-1).after as number;
  await open((copy: { run: { interventions: { action: unknown }[] } }) => {
    copy.run.interventions.at(-1)!.action = { crash: 1 };
  });
  await exchange.expectOpened(`It could be played only up to event ${at}: `);
  await expect(exchange.desk).toContainText('S2 is already down');
  expect((await player.view()).event).toBe(Math.min(80, at));
});

test('what is no run is refused in words and changes nothing', async ({ page, player }) => {
  test.setTimeout(90_000);
  const exchange = new Exchange(page);
  await faultyRun(player);
  const file = JSON.parse(await player.call<string>('export', 'file'));
  const png = Buffer.from((await player.call<string>('export', 'png')).split(',')[1], 'base64');
  const before = [await player.digest(), await player.call('branches')];
  const changed = (change: (run: typeof file.run) => void) => {
    const copy = structuredClone(file);
    change(copy.run);
    return JSON.stringify(copy);
  };
  const flipped = Buffer.from(png);
  flipped[200] ^= 1;
  const cases: [string, Buffer | string, RegExp][] = [
    ['empty.json', '', /there is nothing in it/],
    ['cut.json', JSON.stringify(file).slice(0, -40), /this is no JSON: .+/],
    ['other.json', '{"format": "something"}', /its format is not “faultline run”/],
    ['list.json', '[1, 2]', /this JSON is no run/],
    ['newer.json', JSON.stringify({ ...file, version: 2 }), /made by a newer Faultline/],
    ['third.json', changed((run) => (run.interventions[2].action = { Explode: 1 })), /intervention 3 cannot be read: unknown variant `Explode`/],
    ['cursor.json', changed((run) => (run.cursor = run.length + 1)), /the cursor stands at event/],
    ['endless.json', changed((run) => (run.length = 4_000_000_000)), /at most 2000000 are allowed/],
    ['protocol.json', changed((run) => (run.scenario.protocol = '<img src=x>')), /there is no protocol `<img src=x>`; there are: /],
    ['knob.json', changed((run) => (run.scenario.set = [['no-such-knob', '1']])), /no-such-knob/],
    ['script.txt', 'protocol raft\nrun 5 events\ncrush S1', /as a script: .*line 3/i],
    ['photo.jpg', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 1]), /neither text nor a PNG/],
    ['plain.svg', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', /this SVG holds no run/],
    ['cut.png', png.subarray(0, 300), /this PNG is damaged: it breaks off/],
    ['flipped.png', flipped, /this PNG is damaged: the checksum/],
    ['address.txt', 'https://example.org/', /this address holds no run/],
    ['link.txt', 'https://example.org/#s=AQAAAA', /damaged/],
    ['nested.json', '['.repeat(100_000), /this is no JSON|this JSON is no run/],
    ['large.json', `{"x": "${'y'.repeat(5_000_000)}"}`, /too large/],
  ];
  for (const [name, content, why] of cases) {
    await exchange.choose(name, content);
    await expect(exchange.desk, name).toContainText(`${name} cannot be opened: `);
    await expect(exchange.desk, name).toContainText(why);
  }
  expect([await player.digest(), await player.call('branches')]).toEqual(before);
  await expect(page.locator('img')).toHaveCount(0);
});

test('a run of another protocol opens on its own page, and the way back is open', async ({ page, player, baseURL }) => {
  const exchange = new Exchange(page);
  await faultyRun(player);
  const digest = await player.digest();
  await exchange.paste('protocol paxos\nseed 2\ninvoke P1 propose A\nrun until quiet');
  await expect(page).toHaveURL(`${baseURL}sandbox/paxos/`);
  await player.ready();
  await exchange.expectOpened('Opened What was pasted: ');
  expect((await player.call<{ scenario: { protocol: string } }>('run')).scenario.protocol).toBe('paxos');
  await page.getByRole('button', { name: 'Back to the previous run', exact: true }).click();
  await expect(page).toHaveURL(`${baseURL}sandbox/raft/`);
  await player.ready();
  await exchange.expectOpened();
  expect(await player.digest()).toBe(digest);
});

test('the start page and a lesson take runs, too', async ({ page, player, baseURL }) => {
  const exchange = new Exchange(page);
  await player.openLesson('raft-elections');
  await player.call('step', 30);
  const up = (await player.view()).nodes.find((node) => node.status === 'up' && !node.client)!;
  await player.act({ crash: up.id });
  const [digest, file] = [await player.digest(), await player.call<string>('export', 'file')];
  await player.call('seek', { event: 3 });
  await exchange.drop(file, 'mine.json');
  await exchange.expectOpened('Opened mine.json');
  expect(await player.digest()).toBe(digest);
  await player.expectStep(1, (await player.status()).steps);

  await player.openHome();
  await expect(page.getByRole('navigation', { name: 'Site', exact: true })).toBeVisible();
  await exchange.drop(file, 'mine.json');
  await expect(page).toHaveURL(`${baseURL}lesson/raft-elections/`);
  await player.ready();
  await exchange.expectOpened('Opened mine.json');
  expect(await player.digest()).toBe(digest);

  await player.openHome();
  await expect(page.getByRole('navigation', { name: 'Site', exact: true })).toBeVisible();
  await exchange.drop('no run at all', 'x.txt');
  await expect(exchange.desk).toContainText('x.txt cannot be opened');
});

test('everything is saved from the sheet by keyboard', async ({ page, player }) => {
  const exchange = new Exchange(page);
  await faultyRun(player);
  const digest = await player.digest();
  await page.getByRole('button', { name: 'Share', exact: true }).focus();
  await page.keyboard.press('Enter');
  const sheet = page.getByRole('region', { name: 'Share', exact: true });
  for (const [word, ending, begins] of [
    ['Run, JSON', '.json', '{'],
    ['Run, script', '.txt', 'protocol raft'],
    ['Events, CSV', '.csv', 'event,time_us'],
    ['Stage, SVG', '.svg', '<svg'],
    ['Stage, PNG', '.png', '\u0089PNG'],
    ['Diagram, SVG', '-diagram.svg', '<svg'],
    ['Diagram, PNG', '-diagram.png', '\u0089PNG'],
  ]) {
    const button = sheet.getByRole('group', { name: 'Save' }).getByRole('button', { name: word, exact: true });
    await button.focus();
    const { name, content } = await exchange.saved(() => page.keyboard.press('Enter'));
    expect(name).toBe(`faultline-raft-${digest}${ending}`);
    expect(content.toString('latin1').startsWith(begins), word).toBe(true);
    await expect(exchange.desk).toContainText(`Saved as ${name}.`);
  }
  const text = sheet.getByRole('textbox', { name: 'Link, script or JSON', exact: true });
  await text.fill('seed 9\nrun 12 events');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await exchange.expectOpened('Opened The text: 12 events');
  await expect(sheet, 'the sheet makes room').toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Back to the previous run', exact: true })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect.poll(() => player.digest()).toBe(digest);
});

test('the stage is recorded until somebody stops it', async ({ page, player }) => {
  test.setTimeout(60_000);
  const exchange = new Exchange(page);
  await player.openSandbox('raft', '?speed=0.05');
  await exchange.share();
  await page.getByRole('button', { name: 'Record the stage', exact: true }).click();
  const desk = page.getByRole('region', { name: 'Recording', exact: true });
  await expect(desk).toContainText(/Recording the stage: [2-9] s, [1-9]/, { timeout: 20_000 });
  const stage = (await page.locator('.stage-field').boundingBox())!;
  await expect(desk.getByRole('button', { name: 'Stop and save', exact: true })).toBeFocused();
  const { name, content } = await exchange.saved(() => desk.getByRole('button', { name: 'Stop and save', exact: true }).click());
  expect(name).toMatch(/^faultline-raft-[0-9a-f]{16}\.webm$/);
  expect(content.subarray(0, 4).toString('hex'), 'an EBML header').toBe('1a45dfa3');
  expect(content.length).toBeGreaterThan(2_000);
  // It plays, and it has the size of the stage.
  const screen = await page.context().newPage();
  const size = await screen.evaluate(async (data) => {
    const video = document.createElement('video');
    video.src = `data:video/webm;base64,${data}`;
    await new Promise((resolve, reject) => {
      video.onloadeddata = resolve;
      video.onerror = () => reject(new Error('it does not play'));
    });
    return [video.videoWidth, video.videoHeight];
  }, content.toString('base64'));
  await screen.close();
  expect(size[0] / size[1]).toBeCloseTo(stage.width / stage.height, 1);

  await exchange.share();
  await page.getByRole('button', { name: 'Record the stage', exact: true }).click();
  await desk.getByRole('button', { name: 'Cancel recording', exact: true }).click();
  await expect(exchange.desk).toContainText('The recording was thrown away.');
});

test('a browser that cannot record says so', async ({ page, player }) => {
  await page.addInitScript(() => delete (window as { MediaRecorder?: unknown }).MediaRecorder);
  await player.openSandbox('raft');
  await new Exchange(page).share();
  await expect(page.getByRole('group', { name: 'Record', exact: true })).toContainText('This browser cannot record');
});
