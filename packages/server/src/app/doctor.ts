import type { Config } from '../config/config.ts';
import { quietLogger } from '../core/logger.ts';
import { rowsOutOfPlace } from '../drivers/mech/ovn/drift.ts';
import { type Finding, type Findings, ok, warning } from './doctor/finding.ts';
import { examineOvn } from './doctor/ovn.ts';
import { examineSql } from './doctor/sql.ts';
import { examineSurroundings } from './doctor/surroundings.ts';
import { openOvnTools } from './ovn-tools.ts';

export type { Finding } from './doctor/finding.ts';

async function* examineContent(config: Config, patience: number): Findings {
  await using tools = await openOvnTools(config, quietLogger(), patience);
  const rows = rowsOutOfPlace(await tools.diff()).size;
  yield rows === 0
    ? ok('content', 'OVN is what SQL says')
    : warning(
        'content',
        `${rows} rows of OVN are out of place`,
        'ovenbird ovn diff, then ovenbird ovn repair',
      );
}

/**
 * Look at a deployment from the ground up, one finding after the other. Nothing is changed, but for a step of
 * `NB_Global.nb_cfg`, which asks everybody for a sign of life.
 *
 * @param patience milliseconds for each of those who have to answer
 */
export async function* examine(config: Config, patience: number): Findings {
  const found: Finding[] = [];
  const noting = async function* (some: Findings): Findings {
    for await (const finding of some) {
      found.push(finding);
      yield finding;
    }
  };
  const withOvn = config.ml2.mechanismDrivers.includes('ovn');
  yield* noting(examineSql(config));
  if (withOvn) yield* noting(examineOvn(config, patience));
  const reachable = !found.some(
    ({ check, status }) =>
      status === 'failed' && ['sql', 'northbound', 'southbound', 'schema'].includes(check),
  );
  if (withOvn && reachable) yield* examineContent(config, patience);
  yield* examineSurroundings(config);
}
