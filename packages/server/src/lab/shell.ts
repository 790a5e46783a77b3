import { type CommandOptions, type CommandResult, tryCommand } from './command.ts';
import { ipBatch } from './namespaces.ts';

/** What can be done in a network namespace that stands for a machine. */
export interface Shell {
  readonly namespace: string;
  /** Send `count` (default 2) echo requests, each waited for at most `seconds` (default 1); true when one is answered. */
  ping(address: string, options?: { readonly count?: number; readonly seconds?: number }): Promise<boolean>;
  /** Run a program in it. */
  run(command: readonly string[], options?: CommandOptions): Promise<CommandResult>;
  /** Run commands of ip(8) in it. */
  ip(...lines: readonly string[]): Promise<void>;
}

export const shellIn = (namespace: string): Shell => {
  const run: Shell['run'] = (command, options) =>
    tryCommand(['nsenter', `--net=/run/netns/${namespace}`, ...command], options);
  return {
    namespace,
    run,
    ip: (...lines) => ipBatch(namespace, lines),
    async ping(address, { count = 2, seconds = 1 } = {}) {
      // -i below a second: the answers of a lab come in a millisecond; -W bounds each.
      const pace = ['-c', `${count}`, '-i', '0.2', '-W', `${seconds}`];
      return (await run(['ping', '-n', '-q', ...pace, address])).code === 0;
    },
  };
};
