import { mkdirSync } from 'node:fs';
import path from 'node:path';

/** Where a lab keeps what under its state directory. `data` outlives the lab; `run` and `log` belong to one start. */
export interface LabLayout {
  readonly state: string;
  readonly data: string;
  readonly run: string;
  readonly log: string;
  readonly processes: string;
  /** Socket of the Northbound database. */
  readonly northbound: string;
  /** Socket of the Southbound database. */
  readonly southbound: string;
}

/** Longest path of a unix socket that every part can open (sun_path is 108 octets with its end). */
const longestSocketPath = 107;

/** Make the folders. Throws when sockets below `stateDir` would have too long a path. */
export function layOut(stateDir: string): LabLayout {
  const state = path.resolve(stateDir);
  const layout = {
    state,
    data: path.join(state, 'data'),
    run: path.join(state, 'run'),
    log: path.join(state, 'log'),
    processes: path.join(state, 'processes'),
    northbound: path.join(state, 'run', 'nb.sock'),
    southbound: path.join(state, 'run', 'sb.sock'),
  };
  const longest = path.join(layout.run, 'host99', 'ovs-vswitchd.12345678.ctl');
  if (Buffer.byteLength(longest) > longestSocketPath) {
    throw new Error(`the state directory has too long a path for unix sockets below it: ${state}`);
  }
  mkdirSync(state, { recursive: true, mode: 0o700 });
  for (const folder of [layout.data, layout.run, layout.log, layout.processes])
    mkdirSync(folder, { recursive: true });
  return layout;
}
