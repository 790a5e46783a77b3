import { copyDatabase, loadConfiguration } from '@ovenbird/server';
import { Command } from 'commander';
import { configOption } from '../options.ts';
import { createProgress } from '../progress.ts';

interface CopyArguments {
  readonly config?: string;
  readonly from?: string;
  readonly to: string;
}

const WITH_PASSWORD = /^\w+:\/\/[^/@]*:[^@]*@|[?&](password|sslpassword)=/i;

/** Throws when a URL among the arguments, which everybody on the host may read, has a password. */
const refusePasswords = (...urls: readonly (string | undefined)[]): void => {
  if (urls.some((url) => url !== undefined && WITH_PASSWORD.test(url)))
    throw new Error('others on this host see arguments: give the password in PGPASSWORD or ~/.pgpass');
};

const copy = async ({ config, from, to }: CopyArguments): Promise<void> => {
  refusePasswords(from, to);
  using copying = createProgress('copying');
  using verifying = createProgress('verifying');
  const { tables, rows } = await copyDatabase({
    from: from ?? (await loadConfiguration(config)).database.url,
    to,
    copying: copying.update,
    verifying: verifying.update,
  });
  verifying[Symbol.dispose]();
  console.log(`copied and compared: ${rows} rows of ${tables} tables`);
  console.log('Set database.url to the new database, then start the service.');
};

/** `ovenbird db`: the SQL database. */
export const dbCommand = (): Command =>
  new Command('db')
    .description('Work with the SQL database')
    .addCommand(
      new Command('copy')
        .description('Move everything from SQLite to an empty PostgreSQL database; stop the service before')
        .requiredOption('--to <url>', 'postgres://… of a database without content')
        .option('--from <url>', 'sqlite:PATH; default: database.url of the configuration')
        .addOption(configOption())
        .action(copy),
    );
