import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Install what is missing on this machine for a purpose of scripts/ensure.js. Throws an Error when it cannot. */
export const requirePrograms = (purpose: string): void => {
  const script = fileURLToPath(import.meta.resolve('../scripts/ensure.js'));
  const { status } = spawnSync(process.execPath, [script, purpose], { stdio: 'inherit' });
  if (status !== 0) throw new Error('something that the run needs is missing');
};
