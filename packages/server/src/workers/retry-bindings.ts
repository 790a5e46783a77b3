import type { Logger } from '../core/logger.ts';
import type { RetryBinding } from '../ml2/retry-binding.ts';

/** Tells of hosts that came (back) to life; once for all processes. */
export interface HostNews {
  onHosts(listener: (hosts: readonly string[]) => void): Disposable;
}

/** Hosts are looked at again after this time: another process may hear of a host later, and fail to bind to it meanwhile. */
const SECOND_LOOK_MS = 5_000;

/** Binds again what failed, or was left, on hosts, whenever they come back, one set of hosts after the other. */
export const startRetryingBindings = (
  news: HostNews,
  retryBinding: RetryBinding,
  logger: Logger,
): AsyncDisposable => {
  let waiting = new Set<string>();
  let working: Promise<void> | undefined;
  const later = new Set<NodeJS.Timeout>();
  let stopped = false;

  const work = async (): Promise<void> => {
    while (waiting.size > 0 && !stopped) {
      const hosts = [...waiting];
      waiting = new Set();
      try {
        const bound = await retryBinding(hosts);
        if (bound > 0) logger.info({ hosts: hosts.length, bound }, 'ports bound after their host came back');
      } catch (error) {
        logger.error({ hosts: hosts.length, err: error }, 'ports of hosts that came back could not be bound');
      }
    }
    working = undefined;
  };

  const look = (hosts: readonly string[]): void => {
    if (stopped || hosts.length === 0) return;
    for (const host of hosts) waiting.add(host);
    working ??= work();
  };

  const lookLater = (hosts: readonly string[]): void => {
    if (stopped || hosts.length === 0) return;
    const timer = setTimeout(() => {
      later.delete(timer);
      look(hosts);
    }, SECOND_LOOK_MS);
    later.add(timer);
  };

  const listening = news.onHosts((hosts) => {
    look(hosts);
    lookLater(hosts);
  });
  return {
    async [Symbol.asyncDispose]() {
      stopped = true;
      listening[Symbol.dispose]();
      for (const timer of later) clearTimeout(timer);
      await working;
    },
  };
};
