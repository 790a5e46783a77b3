import { Command } from 'commander';
import { auditCommand } from './commands/audit.ts';
import { configCommand } from './commands/config.ts';
import { dbCommand } from './commands/db.ts';
import { doctorCommand } from './commands/doctor.ts';
import { labCommand } from './commands/lab.ts';
import { ovnCommand } from './commands/ovn.ts';
import { policyCommand } from './commands/policy.ts';
import { portCommand } from './commands/port.ts';
import { serveCommand } from './commands/serve.ts';

/** Run the command that the arguments of the process name. What goes wrong is said, and told by the exit code. */
export const runProgram = async (): Promise<void> => {
  const program = new Command('ovenbird')
    .description('OpenStack Networking (v2.0) service for OVN')
    .showHelpAfterError()
    .addCommand(labCommand())
    .addCommand(serveCommand())
    .addCommand(ovnCommand())
    .addCommand(policyCommand())
    .addCommand(configCommand())
    .addCommand(dbCommand())
    .addCommand(portCommand())
    .addCommand(doctorCommand())
    .addCommand(auditCommand());
  try {
    await program.parseAsync();
  } catch (error) {
    console.error(`ovenbird: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
};
