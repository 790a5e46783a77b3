import type { ExtraDhcpOpt, ExtraDhcpOptRequest } from '@ovenbird/api';

const keyOf = (option: ExtraDhcpOptRequest): string => `${option.ip_version} ${option.opt_name}`;

/** The options of a port after a request: what it names is set, or with the value null taken away; the rest stays. */
export const mergeDhcpOptions = (
  current: readonly ExtraDhcpOpt[],
  requested: readonly ExtraDhcpOptRequest[],
): readonly ExtraDhcpOpt[] => {
  const options = new Map(current.map((option) => [keyOf(option), option]));
  for (const { opt_name, opt_value, ip_version } of requested) {
    const key = keyOf({ opt_name, opt_value, ip_version });
    if (opt_value === null) options.delete(key);
    else options.set(key, { opt_name, opt_value, ip_version });
  }
  return [...options.values()];
};
