import { existsSync } from 'node:fs';
import path from 'node:path';
import { runCommand, until } from './command.ts';
import { type Daemon, startDaemon } from './daemon.ts';
import type { LabLayout } from './layout.ts';
import type { ProcessRecords } from './process-record.ts';

/** The central part of OVN: both databases and ovn-northd. */
export interface Central extends AsyncDisposable {
  /** `unix:PATH` of the Northbound and Southbound databases. */
  readonly northbound: string;
  readonly southbound: string;
  /** Kill -9 one database server and start it anew on the same file. */
  restartDatabase(which: 'nb' | 'sb'): Promise<void>;
  /** Stop (SIGSTOP) or continue (SIGCONT) a database server. */
  pauseDatabase(which: 'nb' | 'sb', paused: boolean): void;
  /** Wait until northd and all hosts have seen everything written so far. */
  sync(timeoutSeconds?: number): Promise<void>;
  /** Run ovn-nbctl or ovn-sbctl with these arguments; returns its output. */
  nbctl(...args: readonly string[]): Promise<string>;
  sbctl(...args: readonly string[]): Promise<string>;
}

const schemas = { nb: '/usr/share/ovn/ovn-nb.ovsschema', sb: '/usr/share/ovn/ovn-sb.ovsschema' };

/**
 * Start the central part on the databases of `layout.data`; makes them when there are none.
 *
 * @param idle whether ovn-northd takes only what others leave of the processors
 */
export async function startCentral(
  layout: LabLayout,
  records: ProcessRecords,
  { idle = false } = {},
): Promise<Central> {
  const env = { OVN_RUNDIR: layout.run, OVS_RUNDIR: layout.run, OVN_DBDIR: layout.data };
  const daemon = (name: string, command: readonly string[], more: { readonly idle?: boolean } = {}): Daemon =>
    startDaemon({
      ...more,
      name,
      env,
      records,
      logFolder: layout.log,
      command: [...command, ...logging(layout, name)],
    });
  const database = async (which: 'nb' | 'sb'): Promise<Daemon> => {
    const file = path.join(layout.data, `${which}.db`);
    const socket = path.join(layout.run, `${which}.sock`);
    if (!existsSync(file)) await runCommand(['ovsdb-tool', 'create', file, schemas[which]]);
    const control = path.join(layout.run, `${which}.ctl`);
    const server = daemon(which, ['ovsdb-server', `--remote=punix:${socket}`, `--unixctl=${control}`, file]);
    await until(`${which} database`, () => existsSync(socket) || failed(server, layout), { everyMs: 5 });
    return server;
  };
  const [nb, sb] = await Promise.all([database('nb'), database('sb')]);
  const servers = { nb, sb };
  const northbound = `unix:${layout.northbound}`;
  const southbound = `unix:${layout.southbound}`;
  const control = path.join(layout.run, 'northd.ctl');
  const databases = [`--ovnnb-db=${northbound}`, `--ovnsb-db=${southbound}`];
  const northd = daemon('northd', ['ovn-northd', ...databases, `--unixctl=${control}`], { idle });
  return {
    northbound,
    southbound,
    async restartDatabase(which) {
      servers[which].kill('SIGKILL');
      await servers[which].ended;
      servers[which] = await database(which);
    },
    pauseDatabase: (which, paused) => servers[which].kill(paused ? 'SIGSTOP' : 'SIGCONT'),
    async sync(timeoutSeconds = 30) {
      await runCommand(
        ['ovn-nbctl', `--db=${northbound}`, '--wait=hv', `--timeout=${timeoutSeconds}`, 'sync'],
        {
          timeoutMs: (timeoutSeconds + 5) * 1000,
        },
      );
    },
    nbctl: (...args) => runCommand(['ovn-nbctl', `--db=${northbound}`, '--timeout=20', ...args], { env }),
    sbctl: (...args) => runCommand(['ovn-sbctl', `--db=${southbound}`, '--timeout=20', ...args], { env }),
    async [Symbol.asyncDispose]() {
      await northd[Symbol.asyncDispose]();
      await Promise.all([servers.nb[Symbol.asyncDispose](), servers.sb[Symbol.asyncDispose]()]);
    },
  };
}

/** Log arguments of every OVS and OVN daemon: to a file of its own, nothing to the console or syslog. */
export function logging(layout: LabLayout, name: string): readonly string[] {
  return [`--log-file=${path.join(layout.log, `${name}.log`)}`, '-vconsole:emer', '-vsyslog:off'];
}

/** Never true; throws when the daemon has ended, as waiting for it is then in vain. */
export function failed(daemon: Daemon, layout: LabLayout): boolean {
  if (!daemon.running) throw new Error(`${daemon.name} ended at start; see ${layout.log}/${daemon.name}.log`);
  return false;
}
