import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { openClouds } from '../../test/clients/clouds.ts';
import type { Checks } from '../checks.ts';
import { claim } from '../claim.ts';
import { requirePrograms } from '../ensure.ts';
import { startBrowser } from './browser.ts';
import { startDashboard } from './dashboard.ts';
import { access } from './journeys/access.ts';
import { administration } from './journeys/administration.ts';
import { networking } from './journeys/networking.ts';
import { createPages } from './pages.ts';
import type { Visit } from './visit.ts';

export interface HorizonOptions {
  /** Folder of everything that it keeps. */
  readonly state: string;
  readonly checks: Checks;
  readonly signal: AbortSignal;
}

/** Use Horizon in a browser, with a lab of its own behind it. */
export const runHorizon = async ({ state, checks, signal }: HorizonOptions): Promise<void> => {
  requirePrograms('horizon');
  await using started = new AsyncDisposableStack();
  const folders = await claim(state, 'horizon', ['lab/data'], started);
  const clouds = started.use(await openClouds(path.join(state, 'lab')));
  const { identityUrl } = clouds.stack;
  const folder = path.join(state, 'horizon');
  const dashboard = started.use(await startDashboard({ ...folders, folder, identityUrl }));
  const browser = started.use(await startBrowser(path.join(state, 'browser'), folders));
  const pictures = path.join(state, 'pictures');
  rmSync(pictures, { recursive: true, force: true });
  const visit: Visit = {
    pages: createPages(browser, dashboard.url, signal),
    browser,
    clouds,
    checks,
    pictures,
  };
  await access(visit);
  await administration(visit);
  await networking(visit);
  await checks.try('Horizon met no error of its own', async () => {
    const lines = readFileSync(dashboard.logFile, 'utf8').split('\n');
    const bad = lines.filter((line) => /Traceback|^(ERROR|CRITICAL) |Internal Server Error/.test(line));
    if (bad.length > 0) throw new Error([...new Set(bad)].join('\n'));
  });
};
