import { accepted, type Parsed, refused, type ValueType } from '../value-type.ts';

const ISO = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/;

/** A moment in stored form, `YYYY-MM-DDTHH:MM:SSZ`, from ISO 8601 text; a text without an offset is UTC. */
export const parseTimestamp = (value: unknown): Parsed<string> => {
  const match = typeof value === 'string' ? ISO.exec(value) : null;
  if (match !== null) {
    const moment = new Date(
      `${match[1]}T${match[2] ?? '00:00:00'}${match[3]?.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2') ?? 'Z'}`,
    );
    if (!Number.isNaN(moment.getTime()) && moment.getUTCFullYear() >= 0 && moment.getUTCFullYear() <= 9999) {
      return accepted(`${moment.toISOString().slice(0, 19)}Z`);
    }
  }
  return refused('not in the format YYYY-MM-DDTHH:MM:SSZ');
};

/** A moment, to the second, in UTC. */
export const timestamp: ValueType<string> = {
  name: 'timestamp',
  schema: { type: 'string', format: 'date-time' },
  parse: parseTimestamp,
};
