import type { Logger } from '../../../core/logger.ts';
import type { Change, MechanismDriver } from '../../../ml2/contract.ts';

const summary = (changes: readonly Change[]) => changes.map(({ kind, action, id }) => ({ kind, action, id }));

/** A mechanism driver that moves no packets: it logs what it is told. It shows what the contract asks of a driver. */
export const createLoggerMechanismDriver = (deps: { readonly logger: Logger }): MechanismDriver => ({
  name: 'logger',
  precommit(changes) {
    deps.logger.debug({ changes: summary(changes) }, 'about to commit');
  },
  postcommit(changes) {
    deps.logger.info({ changes: summary(changes) }, 'committed');
    return Promise.resolve();
  },
  [Symbol.asyncDispose]: () => Promise.resolve(),
});
