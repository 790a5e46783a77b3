import { defaultPolicyRules } from '@ovenbird/api';
import { type Config, ConfigError } from '../config/config.ts';
import { PolicySyntaxError } from '../policy/check.ts';
import { readOverrides } from '../policy/overrides.ts';
import { compilePolicy, type Policy } from '../policy/policy.ts';

/**
 * The built-in rules with the configured file's in place of those that it names.
 *
 * @throws ConfigError when the file cannot be read or understood
 */
export const loadPolicy = async (config: Config['policy']): Promise<Policy> => {
  try {
    return compilePolicy(defaultPolicyRules, config.file === '' ? {} : await readOverrides(config.file));
  } catch (error) {
    if (config.file === '' || !(error instanceof Error)) throw error;
    const reason = error instanceof PolicySyntaxError ? error.message : 'it cannot be read';
    throw new ConfigError(`policy.file ${config.file}: ${reason}`, { cause: error });
  }
};
