import type { Logger } from '../core/logger.ts';
import type { RetryBinding } from '../ml2/retry-binding.ts';

/** Tells of hosts that came (back) to life. */
export interface HostNews {
  onHost(listener: (host: string) => void): Disposable;
}

/**
 * Binds again what failed on a host, whenever the host comes back. One host after the other; news of a host that waits
 * already adds nothing, so that there is at most one entry a host.
 */
export const startRetryingBindings = (
  hosts: HostNews,
  retryBinding: RetryBinding,
  logger: Logger,
): AsyncDisposable => {
  const waiting = new Set<string>();
  let working: Promise<void> | undefined;
  let stopped = false;

  const work = async (): Promise<void> => {
    for (const host of waiting) {
      if (stopped) break;
      waiting.delete(host);
      try {
        const bound = await retryBinding(host);
        if (bound > 0) logger.info({ host, bound }, 'ports bound after their host came back');
      } catch (error) {
        logger.error({ host, err: error }, 'ports of a host could not be bound');
      }
    }
    working = undefined;
  };

  const listening = hosts.onHost((host) => {
    if (stopped) return;
    waiting.add(host);
    working ??= work();
  });
  return {
    async [Symbol.asyncDispose]() {
      stopped = true;
      listening[Symbol.dispose]();
      await working;
    },
  };
};
