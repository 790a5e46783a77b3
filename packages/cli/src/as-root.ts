import { spawnSync } from 'node:child_process';

const SUDO = 'sudo';

/** The lab makes network namespaces, which takes root. */
class NotRoot extends Error {
  override readonly name = 'NotRoot';
  constructor() {
    super('the lab makes network namespaces: run it as root, or as a user whose sudo asks no password');
  }
}

/**
 * Go on as root: returns when this process is root already; otherwise the same command runs in its place through sudo,
 * with the same process id and `extra` arguments behind its own. Signals reach it, as sudo passes them on. Throws when
 * sudo is not there or would ask for a password.
 */
export function becomeRoot(extra: readonly string[]): void {
  if (process.getuid?.() === 0) return;
  const found = spawnSync(SUDO, ['-n', 'sh', '-c', 'command -v sudo'], { encoding: 'utf8' });
  const sudo = found.stdout?.trim();
  if (found.status !== 0 || !sudo || process.execve === undefined) throw new NotRoot();
  const command = [process.execPath, ...process.execArgv, ...process.argv.slice(1), ...extra];
  process.execve(sudo, [SUDO, '-n', '--', ...command], process.env);
}
