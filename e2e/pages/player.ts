// The one page object: the names of the public contract, said once. A journey speaks of nodes,
// messages and buttons; where they are in the document is nobody's business.
import { type Locator, type Page, expect } from '@playwright/test';

/** What the menu of a node, a message or a link offers. */
export type MenuItem =
  | 'Crash' | 'Restart' | 'Restart with empty disk' | 'Pause' | 'Resume' | 'Set clock…' | 'Slow down…'
  | 'Deliver now' | 'Drop' | 'Delay…' | 'Duplicate'
  | 'Cut' | 'Heal' | 'Cut one way' | 'Lose packets…' | 'Latency…';

export type TransportButton =
  | 'Play' | 'Pause' | 'One event forward' | 'One event back' | 'To the start' | 'To the end';

export type Tab = 'State' | 'Messages' | 'Next' | 'Checks' | 'Events' | 'Charts';

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
    await expect(this.stage).toBeVisible();
  }

  async openSandbox(protocol: string, query = '') {
    await this.page.goto(`sandbox/${protocol}/${query}`);
    await expect(this.stage).toBeVisible();
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
