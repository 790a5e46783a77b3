import type { PortForwarding } from '@ovenbird/api';
import { eachOf } from '../../db/query/each-of.ts';
import type { WriteStep } from '../../engine/contract.ts';
import { NOT_ASSOCIATED } from '../floating-ip/association.ts';
import { reviseFloatingIps } from '../floating-ip/revise.ts';
import { loadFloatingIps } from '../floating-ip/store.ts';

/** Forget port forwardings. A floating IP that loses its last one leads nowhere any more. A fixed number of statements. */
export const removeForwardings = async (
  step: WriteStep,
  forwardings: readonly PortForwarding[],
): Promise<void> => {
  if (forwardings.length === 0) return;
  const { tx, changes } = step;
  const gone = new Set(forwardings.map((one) => one.id));
  const before = await loadFloatingIps(tx, [...new Set(forwardings.map((one) => one.floatingip_id))]);
  await tx.query
    .deleteFrom('port_forwardings')
    .where('id', 'in', eachOf([...gone]))
    .execute();
  const idle = before.filter((fip) => fip.port_forwardings.every((one) => gone.has(one.id)));
  await reviseFloatingIps(step, idle, NOT_ASSOCIATED);
  await reviseFloatingIps(
    step,
    before.filter((fip) => !idle.includes(fip)),
    {},
  );
  for (const original of forwardings)
    changes.record({ kind: 'port_forwarding', action: 'delete', id: original.id, original });
};
