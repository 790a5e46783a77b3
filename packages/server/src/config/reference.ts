import { variableOf } from './config.ts';
import type { Option } from './option.ts';
import { options } from './options.ts';

const shown = (value: unknown): string => (value === '' ? "''" : JSON.stringify(value));

const optionLines = (section: string, name: string, option: Option<unknown>): string => {
  const unit = option.unit === '' ? '' : ` ${option.unit}`;
  return [
    `  # ${option.description}`,
    `  # ${option.values}${unit}; environment: ${variableOf(section, name)}`,
    `  #${name}: ${shown(option.initial)}`,
  ].join('\n');
};

/** All settings as a commented YAML file: meaning, values, unit, environment variable and default. */
export const configReference = (): string =>
  Object.entries(options)
    .map(([section, names]) => {
      const lines = Object.entries<Option<unknown>>(names).map(([name, option]) =>
        optionLines(section, name, option),
      );
      return `${section}:\n${lines.join('\n')}\n`;
    })
    .join('\n');
