import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { until } from '../../packages/server/src/lab/command.ts';
import { startDaemon } from '../../packages/server/src/lab/daemon.ts';
import { freePort } from '../../packages/server/src/testing/free-port.ts';
import type { Claim } from '../claim.ts';
import { answers } from '../keystone.ts';

/** A real browser without a window, driven by W3C WebDriver. */
export interface Browser extends AsyncDisposable {
  open(url: string): Promise<void>;
  /** Address of the page that it shows. */
  address(): Promise<string>;
  /** What a function's body returns in the page; `args` are its `arguments`. Must be JSON. */
  run(body: string, ...args: readonly unknown[]): Promise<unknown>;
  /** What is shown as a PNG file. */
  picture(file: string): Promise<void>;
  forgetCookies(): Promise<void>;
}

const chromiumArguments = (profile: string): readonly string[] => [
  '--headless=new',
  // As root there is no other way; it sees this machine's pages only.
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--no-first-run',
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
  '--window-size=1400,1000',
  `--user-data-dir=${profile}`,
];

/** Ask the driver. Throws an Error with its own words. */
const ask = async (method: string, url: string, body?: object): Promise<unknown> => {
  const response = await fetch(url, {
    method,
    signal: AbortSignal.timeout(90_000),
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const answer: unknown = await response.json();
  const value: unknown = Reflect.get(Object(answer), 'value');
  if (!response.ok) throw new Error(String(Reflect.get(Object(value), 'message')).split('\n')[0]);
  return value;
};

/** Start Chromium with an empty profile in `folder`. */
export const startBrowser = async (folder: string, { log, records }: Claim): Promise<Browser> => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await using started = new AsyncDisposableStack();
  const port = await freePort();
  const daemon = startDaemon({
    name: 'chromedriver',
    command: ['chromedriver', `--port=${port}`, '--allowed-ips=127.0.0.1'],
    env: { HOME: folder },
    logFolder: log,
    records,
  });
  started.use(daemon);
  const driver = `http://127.0.0.1:${port}`;
  await until('the browser driver', () => answers(`${driver}/status`, daemon), { timeoutMs: 30_000 });
  const capabilities = {
    alwaysMatch: { 'goog:chromeOptions': { args: chromiumArguments(folder) }, timeouts: { script: 60_000 } },
  };
  const id = Reflect.get(Object(await ask('POST', `${driver}/session`, { capabilities })), 'sessionId');
  const session = `${driver}/session/${String(id)}`;
  started.defer(async () => void (await ask('DELETE', session)));
  const running = started.move();
  return {
    open: async (url) => void (await ask('POST', `${session}/url`, { url })),
    address: async () => String(await ask('GET', `${session}/url`)),
    run: (script, ...args) => ask('POST', `${session}/execute/sync`, { script, args }),
    async picture(file) {
      writeFileSync(file, Buffer.from(String(await ask('GET', `${session}/screenshot`)), 'base64'));
    },
    forgetCookies: async () => void (await ask('DELETE', `${session}/cookie`)),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
};
