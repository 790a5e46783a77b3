import { until } from '../../packages/server/src/lab/command.ts';
import type { Browser } from './browser.ts';
import * as scripts from './page-scripts.ts';

/** What a person puts into a form: fields by name. Of a choice its value or how it reads. */
export type Entries = { readonly [field: string]: string | boolean };

/** Horizon as a person uses it. Everything throws an Error with what Horizon itself says went wrong. */
export interface Pages {
  login(user: string, password: string): Promise<void>;
  /** Go to a page of it, `/project/networks/`, and wait until all of it is there. */
  visit(path: string): Promise<void>;
  logout(): Promise<void>;
  /** Go on as the same user in another project. */
  changeProject(name: string): Promise<void>;
  /** Paths of pages that the menu offers. */
  menu(): Promise<readonly string[]>;
  /** What is to be read on the page. */
  text(): Promise<string>;
  /** Throws unless the page has, or has not, this text. */
  expectText(text: string, present?: boolean): Promise<void>;
  /** Click what the selector selects with that text in it. */
  click(selector: string, text?: string): Promise<void>;
  /**
   * Fill in the form that is open, go through its steps, send it, and wait for Horizon to say that it was done: by
   * `answer` anywhere on the page, or as it always does.
   */
  submit(entries: Entries, answer?: string): Promise<void>;
  /** Choose an action of the row that has such a text, by the action's name. */
  choose(row: string, action: string): Promise<void>;
  /** Choose an action, and agree when asked. */
  agree(row: string, action: string): Promise<void>;
}

const steps = 10;
/** In the menu, but a file, or the way out. */
const noPage = /\/openrc\/|\/logout\//;

export const createPages = (browser: Browser, url: string, signal: AbortSignal): Pages => {
  const wait = (what: string, check: () => Promise<boolean>): Promise<void> =>
    until(what, check, { timeoutMs: 30_000, everyMs: 100, signal });
  const listen = async (): Promise<scripts.Said> => (await browser.run(scripts.said)) as scripts.Said; // its own form
  const order = async (script: string, ...args: readonly unknown[]): Promise<void> => {
    const trouble = await browser.run(script, ...args);
    if (trouble !== '') throw new Error(String(trouble));
  };
  const settled = async (): Promise<void> => {
    await wait(`the page ${await browser.address()}`, async () => (await listen()).ready);
    const { bad, title } = await listen();
    if (bad.length > 0) throw new Error(`${await browser.address()}: ${bad.join('; ')}`);
    if (/error|wrong|forbidden|not found|unauthorized/i.test(title)) throw new Error(title);
  };
  const done = async (): Promise<void> => {
    await wait('an answer', async () => {
      const { ready, good, bad } = await listen();
      return ready && good.length + bad.length > 0;
    });
    await settled();
  };
  const pages: Pages = {
    async login(user, password) {
      await browser.forgetCookies();
      await browser.open(`${url}/auth/login/`);
      await order(scripts.fillLogin, user, password);
      await wait('an answer', async () => {
        const { title, bad } = await listen();
        return !title.startsWith('Login') || bad.length > 0;
      });
      await settled();
    },
    async logout() {
      await pages.click('a[href="/auth/logout/"]');
      await wait('the login page', async () => (await listen()).title.startsWith('Login'));
    },
    async changeProject(name) {
      await pages.click('a[href^="/auth/switch/"]', name);
      await wait(`project ${name}`, async () => {
        const { good, ready } = await listen();
        return ready && good.some((one) => one.includes(name));
      });
    },
    async visit(path) {
      await browser.open(`${url}${path}`);
      await settled();
      const address = await browser.address();
      // Some pages take the slash at the end away.
      if (!address.startsWith(`${url}${path.replace(/\/$/, '')}`)) throw new Error(`it led to ${address}`);
    },
    async menu() {
      const paths = await browser.run(scripts.menu);
      return Array.isArray(paths) ? [...new Set(paths.map(String))].filter((path) => !noPage.test(path)) : [];
    },
    text: async () => String(await browser.run('return document.body.innerText;')),
    async expectText(text, present = true) {
      const is = async () => (await pages.text()).includes(text) === present;
      await wait(`${text} ${present ? 'on' : 'gone from'} ${await browser.address()}`, is);
    },
    // Tabs and tables may still be on their way.
    click: (selector, text = '') =>
      wait(`${selector} ${text}`, async () => (await browser.run(scripts.click, selector, text)) === true),
    async submit(entries, answer) {
      await wait('a form', async () => (await browser.run(scripts.hasForm)) === true);
      await settled();
      await order(scripts.fill, entries);
      for (let step = 0; (await browser.run(scripts.forward)) !== 'sent'; step += 1)
        if (step === steps) throw new Error((await listen()).bad.join('; '));
      await (answer === undefined ? done() : pages.expectText(answer));
    },
    async choose(row, action) {
      await settled();
      await wait(`a row with ${row}`, async () => (await browser.run(scripts.hasRow, row)) === true);
      await order(scripts.chooseAction, row, action);
    },
    async agree(row, action) {
      await pages.choose(row, action);
      await wait('a question', async () => (await browser.run(scripts.isAsked)) === true);
      await pages.click('.modal.in .modal-footer .btn-danger, .modal.in .modal-footer .btn-primary');
      await done();
    },
  };
  return pages;
};
