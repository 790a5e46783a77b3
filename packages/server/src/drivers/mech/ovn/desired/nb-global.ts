import type { OvnSettings } from '../settings.ts';
import { type Desired, desiredRow, stringMap } from './row.ts';

/** Link-failure detection between gateways, milliseconds and count. */
function bfd(settings: OvnSettings): { readonly rx: string; readonly tx: string; readonly mult: string } {
  switch (settings.haFailoverStrategy) {
    case 'aggressive':
      return { rx: '500', tx: '100', mult: '3' };
    case 'conservative':
      return { rx: '1000', tx: '100', mult: '6' };
    case 'manual':
      return {
        rx: String(settings.bfdMinRx),
        tx: String(settings.bfdMinTx),
        mult: String(settings.bfdMult),
      };
    case 'normal':
      return { rx: '1000', tx: '100', mult: '3' };
  }
}

/** Options for the whole deployment → NB_Global. */
export function desiredGlobal(settings: OvnSettings): Desired {
  const failover = bfd(settings);
  const row = desiredRow('NB_Global', undefined, {
    options: stringMap({
      mac_binding_removal_limit: String(settings.macBindingRemovalLimit),
      fdb_removal_limit: String(settings.fdbRemovalLimit),
      ignore_lsp_down: String(settings.ignoreLspDown),
      'bfd-min-rx': failover.rx,
      'bfd-min-tx': failover.tx,
      'bfd-mult': failover.mult,
    }),
    external_ids: stringMap({
      'neutron:fip-distributed': settings.distributedFloatingIp ? 'True' : 'False',
    }),
  });
  return { rows: [row], members: [] };
}
