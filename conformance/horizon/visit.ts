import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Clouds } from '../../test/clients/clouds.ts';
import type { Checks } from '../checks.ts';
import type { Browser } from './browser.ts';
import type { Pages } from './pages.ts';

/** What a journey through Horizon works with. */
export interface Visit {
  readonly pages: Pages;
  readonly browser: Browser;
  readonly clouds: Clouds;
  readonly checks: Checks;
  /** Folder of a picture of each check that failed. */
  readonly pictures: string;
}

/** Try something, and keep what is shown when it fails. */
export const tryOn = async (visit: Visit, name: string, work: () => Promise<void>): Promise<void> => {
  if (await visit.checks.try(name, work)) return;
  mkdirSync(visit.pictures, { recursive: true });
  const file = path.join(visit.pictures, `${name.replace(/[^\w]+/g, '-')}.png`);
  await visit.browser.picture(file).catch(() => {}); // the browser may be what failed
};
