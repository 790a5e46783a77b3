import { ApiError } from '@ovenbird/api';
import type { Logger } from '../../core/logger.ts';

/** Why no token can be checked: nobody answers, our own login or its token is refused, or our user may not ask. */
export type Trouble = 'away' | 'credentials' | 'token' | 'role';

const TEXTS: { readonly [T in Trouble]: string } = {
  away: 'Keystone cannot be asked; tokens that are not known yet are answered with 503',
  credentials:
    'Keystone refuses our own login: look at identity.userName, password, projectName and the domains of both',
  token:
    'Keystone does not take the tokens that it has just given us: have all its servers the same keys and time?',
  role: 'Keystone does not let our user check tokens: it needs the role service or admin on its project',
};

/** Seconds after which clients are asked to try again. */
const RETRY_AFTER = 5;

/** Keystone could not be asked. `repeat`: another try at once may help. */
export class KeystoneTrouble extends Error {
  override readonly name = 'KeystoneTrouble';
  readonly trouble: Trouble;
  readonly repeat: boolean;

  constructor(trouble: Trouble, message: string, options: { cause?: unknown; repeat?: boolean } = {}) {
    super(message, { cause: options.cause });
    this.trouble = trouble;
    this.repeat = options.repeat === true;
  }

  /** What to answer to whom the trouble keeps waiting. */
  asAnswer(): ApiError {
    return new ApiError(503, 'ServiceUnavailable', 'The identity service cannot be asked now. Try again.', {
      cause: this,
      headers: { 'retry-after': String(RETRY_AFTER) },
    });
  }
}

/** Writes one line when a trouble begins, becomes another one, or ends; not one for each request. */
export interface TroubleLog {
  well(): void;
  found(trouble: KeystoneTrouble): void;
}

export const createTroubleLog = (logger: Logger): TroubleLog => {
  let current: Trouble | undefined;
  return {
    well() {
      if (current !== undefined) logger.info('Keystone can be asked again');
      current = undefined;
    },
    found({ trouble, message }) {
      if (trouble !== current) logger.error({ reason: message }, TEXTS[trouble]);
      current = trouble;
    },
  };
};
