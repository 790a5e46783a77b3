import { Command } from 'commander';
import { labCommand } from './commands/lab.ts';
import { serveCommand } from './commands/serve.ts';

const program = new Command('ovenbird')
  .description('OpenStack Networking (v2.0) service for OVN')
  .showHelpAfterError()
  .addCommand(labCommand())
  .addCommand(serveCommand());

try {
  await program.parseAsync();
} catch (error) {
  console.error(`ovenbird: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
