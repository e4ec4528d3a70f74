// The one page object: the names of the public contract, said once. A journey speaks of nodes,
// messages and buttons; where they are in the document is nobody's business.
import { type Locator, type Page, expect } from '@playwright/test';
import type { Acted, LessonStatus, View } from './api';

/** What the menu of a node, a message or a link offers. */
export type MenuItem =
  | 'Crash' | 'Restart' | 'Restart with empty disk' | 'Pause' | 'Resume' | 'Set clock…' | 'Slow down…'
  | 'Deliver now' | 'Drop' | 'Delay…' | 'Duplicate'
  | 'Cut' | 'Heal' | 'Cut one way' | 'Lose packets…' | 'Duplicate packets…' | 'Keep order' | 'Latency…'
  | 'Drop all like this' | 'Hold all on this link' | 'Release' | 'Bandwidth…' | `Let ${string} through`
  | 'Write…' | 'Lie…' | 'Stop lying' | 'Remove' | 'Clock' | 'Disk';

/** What the menus behind "Clock" and "Disk" offer. */
export type InnerItem =
  | 'Jump clock…' | 'Synchronise clock…'
  | 'Crash, keep unsynced writes' | 'Disk latency…' | 'Slow the disk…' | 'Fill the disk' | 'Free the disk' | 'Corrupt a record';

export type TransportButton =
  | 'Play' | 'Pause' | 'One event forward' | 'One event back' | 'To the start' | 'To the end';

export type Tab = 'State' | 'Messages' | 'Next' | 'Checks' | 'Events' | 'Why' | 'Charts';

export type LessonButton = 'Back' | 'Next' | 'Check my prediction' | 'Hint';

export class Player {
  readonly stage: Locator;
  readonly spacetime: Locator;
  readonly inspector: Locator;
  readonly lesson: Locator;
  readonly timeline: Locator;
  readonly speed: Locator;
  readonly branches: Locator;
  /** One polite live region says every event. */
  readonly sentence: Locator;

  constructor(readonly page: Page) {
    this.stage = page.getByRole('region', { name: 'Stage', exact: true });
    this.spacetime = page.getByRole('region', { name: 'Space-time diagram', exact: true });
    this.inspector = page.getByRole('region', { name: 'Inspector', exact: true });
    this.lesson = page.getByRole('region', { name: 'Lesson', exact: true });
    this.timeline = page.getByRole('slider', { name: 'Timeline', exact: true });
    this.speed = page.getByRole('combobox', { name: 'Speed', exact: true });
    this.branches = page.getByRole('list', { name: 'Branches', exact: true });
    this.sentence = page.locator('[aria-live="polite"]');
  }

  async openHome() {
    await this.page.goto('');
  }

  async openLesson(slug: string, query = '') {
    await this.page.goto(`lesson/${slug}/${query}`);
    await this.ready();
    await expect.poll(() => this.call<LessonStatus | null>('lesson')).not.toBeNull();
  }

  async openSandbox(protocol: string, query = '') {
    await this.page.goto(`sandbox/${protocol}/${query}`);
    await this.ready();
  }

  async openEmbed(slug: string, query = '') {
    await this.page.goto(`embed/${slug}/${query}`);
    await this.ready();
  }

  /** The program has started and has a run. On a small screen its stage may be behind a tab. */
  async ready() {
    await this.page.waitForFunction(() => {
      const api = (window as unknown as { faultline?: { view(): { nodes: unknown[] } } }).faultline;
      return api !== undefined && api.view().nodes.length > 0;
    });
  }

  /** On a small screen: brings one of the panes to the front. */
  async show(pane: 'Lesson' | 'Knobs' | 'Stage' | 'Diagram' | 'Inspector') {
    await this.page.getByRole('tablist', { name: 'Panes' }).getByRole('tab', { name: pane, exact: true }).click();
  }

  /** A message above the stage. */
  notice(text: string | RegExp): Locator {
    return this.page.locator('.notice').filter({ hasText: text });
  }

  menuItem(item: string): Locator {
    return this.page.getByRole('menu').getByRole('menuitem', { name: item, exact: true });
  }

  /** The button in the lesson that goes on, whatever it says at the moment. */
  lessonButton(name: string): Locator {
    return this.lesson.getByRole('button', { name, exact: true });
  }

  async answer(option: string) {
    await this.lesson.getByRole('radio', { name: option }).check();
  }

  /** "S2": its name goes on with its role and more. */
  node(id: string): Locator {
    return this.stage.getByRole('button', { name: new RegExp(`^${id}\\b`) });
  }

  /** Messages in flight, of one kind from one node to another. */
  message(kind: string, from: string, to: string): Locator {
    return this.stage.getByRole('button', { name: `${kind} from ${from} to ${to}`, exact: true });
  }

  link(from: string, to: string): Locator {
    return this.stage.getByRole('button', { name: `link ${from} to ${to}`, exact: true });
  }

  /** Opens the thing's menu and takes one item. */
  async choose(thing: Locator, item: MenuItem) {
    await thing.press('Enter');
    await this.page.getByRole('menu').getByRole('menuitem', { name: item, exact: true }).click();
  }

  /** Takes an item of the menu that another item opens. */
  async chooseIn(thing: Locator, outer: 'Clock' | 'Disk', item: InnerItem) {
    await this.choose(thing, outer);
    await this.menuItem(item).click();
  }

  /** The form that an item of a menu has opened. */
  get form(): Locator {
    return this.page.getByRole('dialog').locator('form');
  }

  /** The marker of a planned fault, named as a script says it. */
  planned(line: string): Locator {
    return this.page.getByRole('region', { name: 'Plan', exact: true }).getByRole('slider', { name: line, exact: true });
  }

  async press(button: TransportButton) {
    await this.page.getByRole('button', { name: button, exact: true }).click();
  }

  async inspect(tab: Tab): Promise<Locator> {
    await this.inspector.getByRole('tab', { name: tab, exact: true }).click();
    return this.inspector.getByRole('tabpanel');
  }

  async pressInLesson(button: LessonButton) {
    await this.lesson.getByRole('button', { name: button, exact: true }).click();
  }

  view(): Promise<View> {
    return this.call<View>('view');
  }

  digest(): Promise<string> {
    return this.call<string>('digest');
  }

  status(): Promise<LessonStatus> {
    return this.call<LessonStatus>('lesson');
  }

  async goalMet(id: string): Promise<boolean> {
    return (await this.status()).goals.some((goal) => goal.id === id && goal.met);
  }

  act(argument: object): Promise<Acted> {
    return this.call<Acted>('act', argument);
  }

  /** A script of several lines, each an `act` of its own. */
  async perform(script: string) {
    for (const line of script.split('\n').filter((line) => line.trim() !== '')) {
      await this.act({ script: line });
    }
  }

  /** Presses "One event forward" until the view is as wanted. */
  async stepUntil(wanted: (view: View) => boolean, most = 400): Promise<View> {
    for (let i = 0; i < most; i++) {
      const view = await this.view();
      if (wanted(view)) return view;
      await this.press('One event forward');
    }
    throw new Error(`not reached within ${most} events`);
  }

  async expectStep(step: number, of: number) {
    await expect(this.lesson.getByText(`Step ${step} of ${of}`, { exact: true })).toBeVisible();
  }

  /** A call of the public `window.faultline`, such as `call('digest')`. */
  async call<T>(name: string, ...args: unknown[]): Promise<T> {
    return this.page.evaluate(
      async ([name, args]) => {
        const api = (window as unknown as Record<string, Record<string, (...args: unknown[]) => unknown>>).faultline;
        return (await api[name](...args)) as T;
      },
      [name, args] as const,
    );
  }
}
