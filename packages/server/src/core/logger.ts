import {
  type DestinationStream,
  type LevelWithSilent,
  type Logger,
  type LoggerOptions as PinoOptions,
  pino,
  stdTimeFunctions,
} from 'pino';

export type { Logger } from 'pino';

const SECRET_KEYS = [
  'password',
  'token',
  'secret',
  'privateKey',
  'authorization',
  'Authorization',
  'x-auth-token',
  'X-Auth-Token',
  'x-subject-token',
  'X-Subject-Token',
  'x-service-token',
  'X-Service-Token',
];

/** Paths of a log record that never leave the process, to a depth of three. */
const redactedPaths = SECRET_KEYS.flatMap((key) =>
  ['', '*.', '*.*.'].map((prefix) => (prefix === '' ? `["${key}"]` : `${prefix.slice(0, -1)}["${key}"]`)),
);

export interface LoggerOptions {
  /** fatal, error, warn, info, debug, trace or silent. */
  readonly level: LevelWithSilent;
  /** Where the lines go; default: standard output. */
  readonly destination?: DestinationStream;
}

/** How long a line may wait for others to be written with it, milliseconds. */
const GATHER_MS = 50;
/** As many bytes are written at once. */
const GATHER_BYTES = 8_192;

/**
 * Lines are written in the background and several together, so that no request waits for a disk or a reader, nor pays for
 * a write of its own; an exit writes the rest.
 */
const standardOutput = (): DestinationStream & { flushSync(): void } => {
  const output = pino.destination({ dest: 1, sync: false, minLength: GATHER_BYTES });
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    timer = undefined;
    output.flush();
  };
  return {
    write(line) {
      output.write(line);
      if (timer === undefined) timer = setTimeout(flush, GATHER_MS).unref();
    },
    // What pino calls before it lets a fatal error end the process.
    flushSync: () => output.flushSync(),
  };
};

const nowhere: DestinationStream = { write: () => undefined };

/** A structured logger: one JSON object a line, secrets replaced by `[redacted]`. */
export const createLogger = (options: LoggerOptions): Logger => {
  const settings: PinoOptions = {
    level: options.level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    redact: { paths: redactedPaths, censor: '[redacted]' },
  };
  const silent = options.level === 'silent';
  return pino(settings, options.destination ?? (silent ? nowhere : standardOutput()));
};

/** A logger that writes nothing. */
export const quietLogger = (): Logger => createLogger({ level: 'silent' });
