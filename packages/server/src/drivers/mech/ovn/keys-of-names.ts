import type { Port } from '@ovenbird/api';
import type { Change } from '../../../ml2/contract.ts';
import type { OvnKey } from './key.ts';

/** What of a port its network's names are made from. */
const namedBy = (port: Port | undefined): string =>
  port === undefined || port.dns_name === '' || port.device_id === ''
    ? ''
    : JSON.stringify([port.dns_name, port.dns_domain, port.fixed_ips]);

/** The names of the network that a port's or network's change touches. */
export const keysOfNames = (change: Extract<Change, { kind: 'port' | 'network' }>): readonly OvnKey[] => {
  if (change.kind === 'network') {
    const moved = change.action === 'update' && change.original.dns_domain !== change.current.dns_domain;
    return moved || change.action === 'delete' ? [{ kind: 'dns', id: change.id }] : [];
  }
  const before = change.action === 'create' ? undefined : change.original;
  const after = change.action === 'delete' ? undefined : change.current;
  const networkId = (after ?? before)?.network_id;
  return networkId === undefined || namedBy(before) === namedBy(after)
    ? []
    : [{ kind: 'dns', id: networkId }];
};
