// The same seed gives the same trace here and natively.
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '../pages/journey';

const root = join(import.meta.dirname, '..', '..');
const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target');

/** When a source of the command was last changed. */
function changed(): number {
  const crates = ['model', 'sim', 'protocols', 'check', 'lessons', 'cli'].map((name) => join(root, 'crates', name, 'src'));
  const files = crates.flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }));
  return Math.max(...files.map((file) => statSync(join(file.parentPath, file.name)).mtimeMs));
}

/** The `faultline` command, if it has been built from this source: an older one says nothing of it. */
function command(): string | undefined {
  const built = ['faultline', 'faultline.exe'].map((name) => join(target, 'debug', name)).find(existsSync);
  return built && statSync(built).mtimeMs >= changed() ? built : undefined;
}

/** What the command prints last. */
async function native(command: string, args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(command, ['run', ...args], { maxBuffer: 1 << 26 });
  return stdout.trim().split('\n').at(-1)!.replace('trace ', '');
}

/** As the command printed them: a change of these breaks links, and belongs in the change log. */
const PINNED: Record<string, string> = {
  raft: 'fe6c89f187c4d934',
  'raft on a slow network': '23c01cccef50bbaa',
  'last writer wins': '21c9d9debbf99ebb',
};

const scenarios: [string, string[], object, number][] = [
  ['raft', ['raft', '--seed', '7', '--events', '300'], { protocol: 'raft', seed: 7 }, 300],
  [
    'raft on a slow network',
    ['raft', '--seed', '11', '--nodes', '3', '--set', 'latency=exponential 20ms', '--events', '500'],
    { protocol: 'raft', seed: 11, nodes: 3, params: { latency: 'exponential 20ms' } },
    500,
  ],
  ['last writer wins', ['last-writer-wins', '--seed', '3', '--set', 'anti-entropy=500ms', '--events', '200'], { protocol: 'last-writer-wins', seed: 3, params: { 'anti-entropy': '500ms' } }, 200],
];

for (const [name, args, scenario, events] of scenarios) {
  test(`${name}: the page and the command line agree`, async ({ player }) => {
    const expected = PINNED[name];
    const faultline = command();
    test.info().annotations.push({ type: 'native', description: faultline ?? 'not built from this source: pinned digests only' });
    if (faultline) expect(await native(faultline, args), 'links to older runs break when a digest changes').toBe(expected);
    await player.openSandbox('raft');
    await player.call('load', scenario);
    const start = await player.digest();
    await player.call('step', events);
    expect((await player.view()).event).toBe(events);
    expect(await player.digest()).toBe(expected);
    // The digest is of the trace up to the cursor, not of the whole of it.
    await player.call('seek', { event: events - 1 });
    expect(await player.digest()).not.toBe(expected);
    await player.call('seek', { event: 0 });
    expect(await player.digest()).toBe(start);
  });
}
