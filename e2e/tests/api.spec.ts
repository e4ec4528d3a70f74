// `window.faultline`: every call of the public contract, its shape and what it does.
import type { Acted, Branch, LessonStatus, Operation, View } from '../pages/api';
import { expect, test } from '../pages/journey';

const HEX = /^[0-9a-f]{16}$/;

test('version, view, detail and digest say what there is', async ({ page, player }) => {
  await player.openSandbox('raft');
  const version = await page.evaluate(() => (window as unknown as { faultline: { version: object } }).faultline.version);
  expect(version).toEqual({ app: expect.stringMatching(/^\d+\.\d+\.\d+/), run: expect.any(Number), digest: expect.any(String) });

  const start = await player.view();
  expect(start).toMatchObject({ time: 0, event: 0, flights: expect.any(Array), because: null });
  expect(start.nodes[0]).toMatchObject({ id: 'S1', status: 'up', role: 'follower', cells: expect.any(Array) });
  expect(start.links).toContainEqual({
    from: 'S1', to: 'S3', cut: false, loss: null, duplication: null, fifo: null, latency: null,
    bandwidth: null, queue: 0, held: false, dropped: [],
  });
  expect(start.verdicts).toContainEqual(expect.objectContaining({ property: 'election-safety', holds: true, why: '', nodes: [] }));
  expect(start.next[0]).toEqual({ text: expect.stringMatching(/\w/), due: expect.any(Number), node: expect.any(String) });

  const led = await player.act({ script: 'run until leader' }).then(() => player.view());
  const flight = led.flights.find((flight) => flight.kind === 'AppendEntries')!;
  expect(flight).toMatchObject({ id: expect.stringMatching(/^m\d+$/), kind: 'AppendEntries', sentAt: expect.any(Number), due: expect.any(Number) });
  expect(flight.due).toBeGreaterThan(flight.sentAt);
  expect(led.because).toEqual({ text: expect.stringMatching(/^S\d/), source: expect.stringContaining('§'), rule: expect.stringMatching(/\w/) });

  const leader = led.nodes.find((node) => node.role === 'leader')!.id;
  const detail = await player.call<Record<string, unknown>>('detail', leader);
  expect(JSON.stringify(detail)).toContain('currentTerm');
  expect(JSON.stringify(detail)).not.toBe(JSON.stringify(await player.call('detail', leader === 'S1' ? 'S2' : 'S1')));
  await expect(player.call('detail', 'S9')).rejects.toThrow(/there is no node S9/);
  await expect(player.call('detail')).rejects.toThrow(/detail takes/);
  expect(await player.digest()).toMatch(HEX);
});

test('load opens a lesson, a protocol or a run, and refuses what it does not know', async ({ player, trouble }) => {
  trouble.allow(/404: .*\/lesson\/no-such-lesson\/lesson.json|responded with a status of 404/);
  await player.openSandbox('raft');
  const small = await player.call<View>('load', { protocol: 'raft', nodes: 3, params: { clients: '0' }, seed: 9 });
  expect(small.nodes.map((node) => node.id)).toEqual(['S1', 'S2', 'S3']);
  expect(small.event).toBe(0);
  await player.call('step', 50);
  await player.act({ crash: 'S2' });
  const [run, digest, view] = [await player.call('export', 'json'), await player.digest(), await player.view()];

  const lesson = await player.call<View>('load', { lesson: 'lost-message' });
  expect(lesson.nodes.map((node) => node.id)).toEqual(['A', 'B']);
  expect(await player.digest()).not.toBe(digest);
  expect(await player.call('load', { run })).toEqual(view);
  expect(await player.digest()).toBe(digest);

  const wrong: [object, RegExp][] = [
    [{ protocol: 'paxos-made-up' }, /paxos-made-up/],
    [{ protocol: 'raft', params: { 'no-such-knob': '1' } }, /no-such-knob/],
    [{ protocol: 'raft', params: { 'election-min': 'soon' } }, /election-min/],
    [{ protocol: 'raft', nodes: 60_000 }, /\d/],
    [{ lesson: '../../etc' }, /no lesson/],
    [{ lesson: 'no-such-lesson' }, /no lesson|server answers 404/],
    [{ run: 'AAAA' }, /link/],
    [{ run: { version: 999 } }, /run/],
    [{ nonsense: 1 }, /load takes/],
  ];
  for (const [argument, why] of wrong) {
    await expect(player.call('load', argument), JSON.stringify(argument)).rejects.toThrow(why);
  }
  expect(await player.digest(), 'what could not be loaded leaves the run alone').toBe(digest);
});

test('act resolves to its event; step, seek, play and pause move', async ({ page, player }) => {
  await player.openSandbox('raft', '?speed=0.1');
  expect(await player.call<View>('step')).toMatchObject({ event: 1 });
  const twenty = await player.call<View>('step', 19);
  expect(twenty.event).toBe(20);
  const acted: Acted = await player.act({ crash: 'S2' });
  expect(acted).toEqual({ event: 21, at: twenty.time, text: expect.stringContaining('S2') });
  expect((await player.view()).nodes[1].status).toBe('down');
  expect((await player.act({ script: 'partition S1 S2 | S3 S4 S5' })).text).toContain('splits');
  expect((await player.view()).links.find((link) => link.from === 'S1' && link.to === 'S3')!.cut).toBe(true);
  await player.call('step', 30);
  const [end, digest] = [await player.view(), await player.digest()];

  expect(await player.call<View>('seek', { event: 7 })).toMatchObject({ event: 7 });
  const middle = await player.call<View>('seek', { time: end.time / 2 });
  expect(middle.time).toBeLessThanOrEqual(end.time / 2);
  expect(await player.call<View>('seek', { end: true })).toEqual(end);
  expect(await player.digest()).toBe(digest);
  for (const bad of [{}, { event: -1 }, 'end']) await expect(player.call('seek', bad)).rejects.toThrow(/seek takes/);
  for (const bad of [-1, 1.5, 'x', 1e9]) await expect(player.call('step', bad)).rejects.toThrow(/step takes/);

  expect(await player.call('play')).toBe(true);
  await expect(page.getByRole('button', { name: 'Pause', exact: true })).toBeVisible();
  await expect.poll(async () => (await player.view()).event).toBeGreaterThan(end.event);
  await player.call('pause');
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
});

test('act takes every fault that lasts as an object, and says why it is refused', async ({ player }) => {
  await player.openSandbox('raft');
  await player.act({ script: 'run until leader' });
  await player.call('step', 60);
  const link = async () => (await player.view()).links.find(({ from, to }) => from === 'S1' && to === 'S2')!;
  const node = async () => (await player.view()).nodes.find(({ id }) => id === 'S2')!;

  expect((await player.act({ hold: ['S1', 'S2'] })).text).toBe('the link S1→S2 is held: nothing on it arrives.');
  await player.act({ dropAll: ['S1', 'S2'], kind: 'RequestVote' });
  await player.act({ bandwidth: ['S1', 'S2'], is: '10KB/s' });
  expect(await link()).toMatchObject({ held: true, dropped: ['RequestVote'], bandwidth: '10KB/s' });
  await expect(player.act({ hold: ['S1', 'S2'] })).rejects.toThrow(/already held/);
  await player.act({ release: ['S1', 'S2'] });
  await player.act({ letThrough: ['S1', 'S2'], kind: 'RequestVote' });
  await player.act({ bandwidth: ['S1', 'S2'] });
  expect(await link()).toMatchObject({ held: false, dropped: [], bandwidth: null });

  await player.act({ jump: 'S2', by: 2_000_000 });
  expect(await node()).toMatchObject({ offset: 2_000_000 });
  await player.act({ syncClock: 'S2', with: 'S1', how: 'step' });
  const synced = await node();
  expect(Math.abs(synced.offset)).toBeLessThanOrEqual(synced.synced!.error);
  await expect(player.act({ syncClock: 'S2', with: 'S2', how: 'slew' })).rejects.toThrow(/its own reference/);

  await player.act({ disk: 'S2', latency: '20ms' });
  await player.act({ disk: 'S2', slow: 300 });
  await player.act({ disk: 'S2', full: true });
  expect(await node()).toMatchObject({ diskLatency: 20_000, diskSlow: 300, diskFull: true });
  await player.act({ disk: 'S2', free: true });
  await expect(player.act({ disk: 'S2', loud: true })).rejects.toThrow(/a disk takes latency/);

  await expect(player.act({ corrupt: 'S2' })).rejects.toThrow(/its log holds no entries/);
  expect((await player.act({ crash: 'S2', keepingWrites: true })).text).toContain('its writes still reach the disk');
  await expect(player.act({ crash: 'S2', keepingWrites: true })).rejects.toThrow(/S2 is already down/);
});

test('fork, branches and switchTo keep both futures', async ({ player }) => {
  await player.openSandbox('raft');
  await player.call('step', 40);
  const old = await player.digest();
  await player.call('seek', { event: 10 });
  const forked = await player.call<Branch[]>('fork');
  expect(forked).toHaveLength(2);
  expect(forked[1]).toMatchObject({ index: 1, parent: 0, base: 10, current: true });
  await player.act({ crash: 'S1' });
  await player.call('step', 29);
  const other = await player.digest();
  expect(other).not.toBe(old);
  const back = await player.call<Branch[]>('switchTo', 0);
  expect(back[0]).toMatchObject({ current: true, length: 40 });
  await player.call('seek', { end: true });
  expect(await player.digest()).toBe(old);
  await player.call('switchTo', 1);
  await player.call('seek', { end: true });
  expect(await player.digest()).toBe(other);
  await expect(player.call('switchTo', 2)).rejects.toThrow(/from 0 to 1/);
});

test('history has the operations of clients, lesson where the learner stands', async ({ player }) => {
  await player.openSandbox('raft');
  expect(await player.call('lesson')).toBeNull();
  await player.act({ script: 'run until leader' });
  await player.act({ invoke: 'C1', operation: 'write x=7' });
  await player.act({ script: 'run 500ms' });
  const [operation] = (await player.call<Operation[]>('history')).filter((each) => each.call === 'write x=7');
  expect(operation).toEqual({
    process: 'C1', call: 'write x=7', result: 'ok', failed: false,
    invoked: expect.any(Number), invokedEvent: expect.any(Number),
    returned: expect.any(Number), returnedEvent: expect.any(Number),
  });

  await player.openLesson('lost-message', '?step=3');
  const status = await player.call<LessonStatus>('lesson');
  expect(status).toMatchObject({ slug: 'lost-message', step: 3, steps: 7, predictions: [], completed: false });
  expect(status.goals).toContainEqual({ id: 'tail-loss', text: expect.stringContaining('neither A nor B knows'), met: false });
});

test('export gives the run as script, JSON and link, and the picture as SVG and PNG', async ({ baseURL, player }) => {
  await player.openSandbox('raft', '?seed=3');
  await player.call('step', 30);
  await player.act({ crash: 'S2' });
  await player.call('step', 30);
  const digest = await player.digest();

  const script = await player.call<string>('export', 'script');
  expect(script).toMatch(/^protocol raft$/m);
  expect(script).toMatch(/crash S2$/m);
  const link = await player.call<string>('export', 'link');
  expect(link.startsWith(`${baseURL}sandbox/raft/#s=`)).toBe(true);
  const run = await player.call<{ version: number; cursor: number }>('export', 'json');
  expect(run).toMatchObject({ cursor: 61, scenario: { protocol: 'raft', seed: 3 } });
  for (const way of [link, run]) {
    await player.call('load', { lesson: 'lost-message' });
    await player.call('load', { run: way });
    expect(await player.digest()).toBe(digest);
  }

  const svg = await player.call<string>('export', 'svg');
  expect(svg).toMatch(/^<svg/);
  for (const id of ['S1', 'S5']) expect(svg).toContain(`>${id}<`);
  const png = await player.call<string>('export', 'png');
  const bytes = Buffer.from(png.replace('data:image/png;base64,', ''), 'base64');
  expect(bytes.subarray(1, 4).toString()).toBe('PNG');
  expect(bytes.readUInt32BE(16), 'as wide as the stage, twice as fine').toBeGreaterThan(800);
  await expect(player.call('export', 'pdf')).rejects.toThrow(/export takes/);
});

test('on tells of what happens until it is unsubscribed', async ({ page, player }) => {
  await player.openLesson('lost-message', '?step=3');
  const told = await page.evaluate(async () => {
    type On = (name: string, f: (value: unknown) => void) => () => void;
    const { faultline } = window as unknown as { faultline: { on: On; step(n: number): void; act(a: object): Promise<unknown> } };
    const heard: Record<string, unknown[]> = { ready: [], event: [], goal: [], complete: [], resize: [] };
    const off = Object.keys(heard).map((name) => faultline.on(name, (value) => heard[name].push(value)));
    const turn = () => new Promise((done) => setTimeout(done, 50));
    await faultline.act({ script: 'at 21ms drop A->B Message' });
    await turn();
    await faultline.act({ script: 'run 100ms' });
    await turn();
    const before = heard.event.length;
    off.forEach((f) => f());
    faultline.step(1);
    await faultline.act({ script: 'run 1ms' });
    await turn();
    return { heard, before, after: heard.event.length };
  });
  expect(told.heard.ready, 'who comes late is told at once').toHaveLength(1);
  expect(told.heard.event.at(-1)).toEqual({ event: expect.any(Number), time: expect.any(Number), text: expect.any(String), source: expect.any(String) });
  expect(told.heard.goal).toEqual([expect.objectContaining({ id: 'tail-loss', met: true })]);
  expect(told.heard.complete).toEqual([]);
  expect(told.before).toBeGreaterThan(1);
  expect(told.after).toBe(told.before);
  await expect(player.call('on', 'whatever', null)).rejects.toThrow(/on takes one of/);
  await expect(player.call('on', 'event', null)).rejects.toThrow(/a function/);
});

test('measure runs what it was asked for', async ({ player }) => {
  await player.openSandbox('raft');
  const before = await player.view();
  for (const history of [false, true]) {
    const measured = await player.call<{ milliseconds: number; deliveries: number; events: number }>('measure', { protocol: 'raft', deliveries: 5_000, history });
    expect(measured.deliveries).toBe(5_000);
    expect(measured.events).toBeGreaterThan(5_000);
    expect(measured.milliseconds).toBeGreaterThan(0);
  }
  expect(await player.view(), 'the run on stage is left alone').toEqual(before);
  await expect(player.call('measure', { protocol: 'nothing', deliveries: 5 })).rejects.toThrow(/nothing/);
  await expect(player.call('measure', { deliveries: 0 })).rejects.toThrow(/deliveries lie between/);
});
