import { routerPortName } from '../ids.ts';
import type { OvnSettings } from '../settings.ts';
import type { PortState } from '../state.ts';
import { portQos } from './port-qos.ts';
import { virtualAddress, vtepSwitches } from './port-type.ts';
import { stringMap } from './row.ts';

/** The host whose chassis carries the port; a SmartNIC's card decides over the host that plugs it. */
export const bindHost = (port: PortState): string =>
  port.binding.vnicType === 'remote-managed' ? (port.cardHost ?? '') : port.binding.host;

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

type Options = { readonly [key: string]: string | undefined };

function chassisOptions(port: PortState, type: string, settings: OvnSettings): Options {
  const host = bindHost(port);
  if (type === 'external' || type === 'virtual' || host === '') return {};
  const target = text(port.binding.profile.migrating_to);
  if (target === undefined || target === host) return { 'requested-chassis': host };
  return {
    'requested-chassis': `${host},${target}`,
    'activation-strategy':
      port.binding.vifType === 'vhostuser' ? undefined : text(settings.liveMigrationActivationStrategy),
  };
}

function vifPlugOptions(port: PortState): Options {
  const mac = text(port.binding.profile.pf_mac_address);
  const vf = port.binding.profile.vf_num;
  if (port.binding.vnicType !== 'remote-managed' || mac === undefined) return {};
  return {
    'vif-plug-type': 'representor',
    'vif-plug-mtu-request': String(port.networkMtu),
    'vif-plug:representor:pf-mac': mac,
    'vif-plug:representor:vf-num': typeof vf === 'number' ? String(vf) : undefined,
  };
}

/** Where a router attaches. A gateway tells the network around it of the addresses that it answers for. */
function routerOptions(port: PortState): Options {
  if (port.router === undefined) return {};
  return {
    'router-port': routerPortName(port.id),
    'nat-addresses': port.router.gateway ? 'router' : undefined,
    'exclude-lb-vips-from-garp': port.router.gateway ? 'true' : undefined,
  };
}

/** Logical_Switch_Port.options. */
export function portOptions(
  port: PortState,
  type: string,
  settings: OvnSettings,
): ReadonlyMap<string, string> {
  const virtual = type === 'virtual' ? virtualAddress(port) : undefined;
  const vtep = type === 'vtep' ? vtepSwitches(port) : undefined;
  return stringMap({
    ...chassisOptions(port, type, settings),
    ...vifPlugOptions(port),
    ...routerOptions(port),
    ...portQos(port, type).options,
    'virtual-ip': virtual?.address,
    'virtual-parents': virtual === undefined ? undefined : [...virtual.parents].sort().join(','),
    'vtep-physical-switch': vtep?.physical,
    'vtep-logical-switch': vtep?.logical,
  });
}
