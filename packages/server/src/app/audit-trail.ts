import { openSync } from 'node:fs';
import pino from 'pino';
import { type Config, ConfigError } from '../config/config.ts';
import type { Logger } from '../core/logger.ts';
import { cadfForm, plainForm } from '../http/audit/forms.ts';
import type { AuditRecord } from '../http/audit/trail.ts';

export interface AuditTrail extends Disposable {
  readonly tell: (record: AuditRecord) => void;
}

const STANDARD_ERROR = 2;
const PRIVATE = 0o600;

const opened = (path: string): number => {
  if (path === 'stderr') return STANDARD_ERROR;
  try {
    return openSync(path, 'a', PRIVATE);
  } catch (error) {
    throw new ConfigError(`audit.log ${path} cannot be written`, { cause: error });
  }
};

/** JSON on one line without characters that a terminal obeys or that are not seen: paths and names may have any. */
const plainLine = (record: object): string =>
  JSON.stringify(record).replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );

/**
 * Where records of the audit trail go, one JSON object a line; undefined: nowhere. Disposing it writes what waits.
 *
 * @throws ConfigError when the file cannot be written
 */
export const openAuditTrail = ({ audit }: Config, logger: Logger): AuditTrail | undefined => {
  if (audit.log === '') return undefined;
  const form = audit.format === 'cadf' ? cadfForm : plainForm;
  // Written before the answer goes out: a record must not be lost with the process.
  const lines = pino.destination({ dest: opened(audit.log), sync: true });
  lines.on('error', (error) => logger.error({ err: error, path: audit.log }, 'an audit record was lost'));
  return {
    tell: (record) => void lines.write(`${plainLine(form(record))}\n`),
    [Symbol.dispose]() {
      lines.flushSync();
      if (audit.log !== 'stderr') lines.end();
    },
  };
};
