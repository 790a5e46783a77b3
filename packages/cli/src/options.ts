import { InvalidArgumentError, Option } from 'commander';

/** Where a command finds the service. */
export const configOption = (): Option =>
  new Option('--config <file>', 'configuration of the service; OVENBIRD_SECTION_NAME variables win over it');

export const jsonOption = (): Option => new Option('--json', 'for programs');

/** Seconds of a day: a timer of Node holds no more than 24 of them. */
const LONGEST = 86_400;
const DECIMAL = /^\d+(\.\d+)?$/;

const seconds = (text: string): number => {
  const value = DECIMAL.test(text) ? Number(text) : 0;
  if (value === 0 || value > LONGEST)
    throw new InvalidArgumentError(`a number of seconds, more than 0 and at most ${LONGEST}.`);
  return value;
};

/** `--timeout`, in seconds. */
export const timeoutOption = (what: string, initial: number): Option =>
  new Option('--timeout <seconds>', what).default(initial).argParser(seconds);
