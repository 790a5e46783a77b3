import { userInfo } from 'node:os';
import { type Config, ConfigError } from '../config/config.ts';
import type { Logger } from '../core/logger.ts';

const ROOT = 0;
/** What the service writes is nobody else's to read. */
const OWNER_ONLY = 0o077;

/** A number where the text is one: by number there need not be an entry for it in the system's lists. */
const idOf = (text: string): string | number => (/^\d+$/.test(text) ? Number(text) : text);

const homeOf = (): string => {
  try {
    return userInfo().homedir;
  } catch {
    // A number without an entry has no home.
    return '/';
  }
};

/** Take the groups that the system's list gives a user. Node has this, its types have not. */
const takeGroups = (user: string, group: string | number): void => {
  const initgroups: unknown = Reflect.get(process, 'initgroups');
  if (typeof initgroups === 'function') Reflect.apply(initgroups, process, [user, group]);
};

const change = (user: string | number, group: string | number): void => {
  // By name the user's other groups come along, by number there are none.
  if (typeof user === 'string') takeGroups(user, group);
  else process.setgroups?.([group]);
  process.setgid?.(group);
  process.setuid?.(user);
};

const cannotReturn = (): boolean => {
  try {
    process.setuid?.(ROOT);
    return false;
  } catch {
    return process.getuid?.() !== ROOT && process.geteuid?.() !== ROOT;
  }
};

/**
 * Make a process that was started as root the configured user's, for good; every other process keeps its user. Files
 * that are made from now on are their owner's alone. Says in the log when the process stays root.
 *
 * @throws ConfigError when there is no such user or group, or root would not be left
 */
export const becomeUser = (settings: Config['process'], logger: Logger): void => {
  process.umask(OWNER_ONLY);
  if (process.getuid?.() !== ROOT) return;
  if (settings.user === '') {
    logger.warn('runs as root: set process.user to a user who owns its files');
    return;
  }
  const [user, group] = [idOf(settings.user), idOf(settings.group || settings.user)];
  if (user === ROOT || settings.user === 'root') throw new ConfigError('process.user must not be root');
  try {
    change(user, group);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`process.user, process.group: ${reason}`, { cause: error });
  }
  if (!cannotReturn()) throw new ConfigError('process.user: the process did not leave root');
  process.env.HOME = homeOf();
};
