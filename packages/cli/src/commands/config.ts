import { configReference, loadConfiguration } from '@ovenbird/server';
import { Command } from 'commander';

/** `ovenbird config`: all settings, or a check of a file. */
export const configCommand = (): Command =>
  new Command('config')
    .description('Print every setting with its meaning, unit and default as a commented YAML file')
    .option('--check <file>', 'read this file, and the environment, as serve does, and say what is wrong')
    .action(async ({ check }: { readonly check?: string }) => {
      if (check === undefined) process.stdout.write(configReference());
      else {
        await loadConfiguration(check);
        console.log('The configuration can be used.');
      }
    });
