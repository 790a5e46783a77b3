import { cpSync, existsSync, mkdirSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type CommandResult, tryCommand } from '@ovenbird/server';

const providerName = /^terraform-provider-openstack(_v[\d.]+)?$/;

/** Programs of this machine: OpenTofu or Terraform, and the folder of its provider for OpenStack. */
export interface Programs {
  readonly tool: string;
  readonly providerFolder: string;
}

/** Look for the programs on the PATH. Throws an Error that says which is missing. */
export const findPrograms = (): Programs => {
  const folders = (process.env.PATH ?? '').split(':').filter((folder) => folder !== '' && existsSync(folder));
  const files = folders.flatMap((folder) => readdirSync(folder).map((name) => ({ folder, name })));
  const tool = files.find(({ name }) => name === 'tofu') ?? files.find(({ name }) => name === 'terraform');
  const provider = files.find(({ name }) => providerName.test(name));
  if (tool === undefined) throw new Error('neither tofu nor terraform is on the PATH');
  if (provider === undefined) throw new Error('terraform-provider-openstack is not on the PATH');
  return { tool: path.join(tool.folder, tool.name), providerFolder: realpathSync(provider.folder) };
};

export interface ToolOptions extends Programs {
  /** Folder to work in; a new one is made of the configuration. */
  readonly folder: string;
  /** Folder of the `.tf` files. */
  readonly configuration: string;
  readonly environment: { readonly [name: string]: string };
  readonly signal: AbortSignal;
}

/** The program on one configuration. */
export interface Tool {
  /** Run a command of it. Throws an Error with what it said when it fails. Its standard output. */
  run(...words: readonly string[]): Promise<string>;
  /** Throws an Error with what would be changed, unless nothing would be. */
  expectNoChange(...words: readonly string[]): Promise<void>;
}

const said = ({ stdout, stderr }: CommandResult): string => (stderr.trim() || stdout.trim()).slice(-3_000);

export const openTool = (options: ToolOptions): Tool => {
  const { tool, folder, signal } = options;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  cpSync(options.configuration, folder, { recursive: true });
  // The provider as it is here: no registry is asked.
  const settings = path.join(folder, 'cli.tfrc');
  writeFileSync(
    settings,
    `provider_installation {
  dev_overrides {
    "terraform-provider-openstack/openstack" = "${options.providerFolder}"
  }
}
`,
  );
  const env = {
    ...options.environment,
    TF_CLI_CONFIG_FILE: settings,
    TF_IN_AUTOMATION: '1',
    TF_INPUT: '0',
    CHECKPOINT_DISABLE: '1',
  };
  const command = (words: readonly string[]): Promise<CommandResult> =>
    tryCommand([tool, `-chdir=${folder}`, ...words], { env, timeoutMs: 600_000, signal });
  return {
    async run(...words) {
      const result = await command(words);
      if (result.code !== 0) throw new Error(said(result));
      return result.stdout;
    },
    async expectNoChange(...words) {
      const result = await command(['plan', '-no-color', '-detailed-exitcode', ...words]);
      if (result.code === 2)
        throw new Error(
          `changes are planned:\n${result.stdout.slice(result.stdout.indexOf('will perform')).slice(0, 6_000)}`,
        );
      if (result.code !== 0) throw new Error(said(result));
    },
  };
};
