import { NotConnectedError, UnknownOutcomeError } from '@ovenbird/ovsdb';
import type { Logger } from '../../../core/logger.ts';
import { sleep } from '../../../core/sleep.ts';
import type { NorthboundClient } from './databases.ts';
import type { Election } from './election.ts';

export interface PulseOptions {
  /** Whether this process is the one that asks. */
  readonly election: Pick<Election, 'onChange'>;
  readonly northbound: NorthboundClient;
  readonly logger: Logger;
  /** Milliseconds. */
  readonly intervalMs: number;
}

/** Ask northd and all controllers for a sign of life: the next configuration number. Throws what `transact` throws. */
export const askForLife = async (northbound: NorthboundClient): Promise<void> => {
  await northbound.transact([northbound.operations.mutate('NB_Global', [], [['nb_cfg', '+=', 1]])]);
};

const isConnectionLoss = (error: unknown): boolean =>
  error instanceof NotConnectedError || error instanceof UnknownOutcomeError;

/** Asks again and again, so that who is silent is known before anybody wants to know. */
export class Pulse implements AsyncDisposable {
  readonly #options: PulseOptions;
  readonly #closing = new AbortController();
  #lock: Disposable | undefined;
  #elected = false;
  #beating: Promise<void> | undefined;

  constructor(options: PulseOptions) {
    this.#options = options;
  }

  start(): void {
    this.#lock ??= this.#options.election.onChange((owned) => {
      this.#elected = owned;
    });
    this.#beating ??= this.#beat();
  }

  async #beat(): Promise<void> {
    const { northbound, intervalMs, logger } = this.#options;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        await sleep(intervalMs, signal);
        if (this.#elected && northbound.state === 'ready') await askForLife(northbound);
      } catch (error) {
        if (!signal.aborted && !isConnectionLoss(error))
          logger.warn({ err: error }, 'cannot ask controllers for a sign of life');
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    this.#lock?.[Symbol.dispose]();
    await this.#beating;
  }
}
