import type { Reader } from '../../../../db/database.ts';
import {
  externalPortsKey,
  floatingIpKey,
  keyOf,
  keyText,
  type OvnKey,
  type OvnKeyKind,
  routerKey,
} from '../key.ts';
import type { LoggingState, PortState, Snapshot } from '../state.ts';
import { addressGroupLoader } from './address-groups.ts';
import { namedNetworks, namesLoader } from './dns.ts';
import { externalPortsLoader } from './external-ports.ts';
import { floatingIpLoader } from './floating-ips.ts';
import { loadLogging } from './logs.ts';
import { networkLoader, subnetLoader } from './networks.ts';
import { type CardHosts, portLoader } from './ports.ts';
import { journalQuery } from './queries.ts';
import { routerLoader } from './routers.ts';
import { securityGroupLoader } from './security-groups.ts';

/** SQL state for some keys, and the journal rows whose changes that state shows already. */
export interface LoadedSnapshot {
  readonly snapshot: Snapshot;
  /** Sequence numbers by {@link keyText}. */
  readonly journal: ReadonlyMap<string, readonly number[]>;
}

export interface SnapshotLoader {
  /** All that the mapping of `keys` reads, in a fixed number of statements (at most 33) however many keys there are. */
  load(reader: Reader, keys: readonly OvnKey[]): Promise<LoadedSnapshot>;
  /** Every key that SQL knows of. */
  allKeys(reader: Reader): Promise<readonly OvnKey[]>;
}

const idsOf = (keys: readonly OvnKey[], kind: OvnKeyKind): readonly string[] =>
  keys.filter((key) => key.kind === kind).map((key) => key.id);

const NO_LOGGING: LoggingState = { any: false, everywhere: [] };

/** Subnets that ports refer to, besides those asked for. */
const subnetsOf = (asked: readonly string[], ports: ReadonlyMap<string, PortState>): readonly string[] => {
  const ids = new Set(asked);
  for (const port of ports.values()) for (const { subnetId } of port.addresses) ids.add(subnetId);
  return [...ids];
};

/** A loader for one database; it keeps the compiled statements. */
export function createSnapshotLoader(cardHosts: CardHosts): SnapshotLoader {
  const addressGroups = addressGroupLoader();
  const networks = networkLoader();
  const externalPorts = externalPortsLoader();
  const names = namesLoader();
  const subnets = subnetLoader();
  const ports = portLoader(cardHosts);
  const securityGroups = securityGroupLoader();
  const routers = routerLoader();
  const floatingIps = floatingIpLoader();
  const journal = journalQuery();

  const journalOf = async (reader: Reader, keys: readonly OvnKey[]) => {
    const wanted = new Set(keys.map(keyText));
    const found = new Map<string, number[]>();
    for (const row of await journal.rows(reader, [...new Set(keys.map((key) => key.id))])) {
      const key = keyOf(row.kind, row.id);
      const text = key === undefined ? '' : keyText(key);
      if (!wanted.has(text)) continue;
      const numbers = found.get(text) ?? [];
      numbers.push(Number(row.seq));
      found.set(text, numbers);
    }
    return found;
  };

  return {
    async load(reader, keys) {
      const askedSubnets = idsOf(keys, 'subnet');
      const portStates = await ports(reader, idsOf(keys, 'port'));
      const withMetadata =
        askedSubnets.length > 0 || [...portStates.values()].some((port) => port.extraDhcpOpts.length > 0);
      return {
        snapshot: {
          addressGroups: await addressGroups(reader, idsOf(keys, 'address_group')),
          networks: await networks(reader, idsOf(keys, 'network')),
          externalPorts: await externalPorts(reader, idsOf(keys, 'external_ports')),
          names: await names(reader, idsOf(keys, 'dns')),
          subnets: await subnets(reader, subnetsOf(askedSubnets, portStates), withMetadata),
          ports: portStates,
          securityGroups: await securityGroups(reader, idsOf(keys, 'security_group')),
          routers: await routers(reader, idsOf(keys, 'router')),
          floatingIps: await floatingIps(reader, idsOf(keys, 'floatingip')),
          logging: keys.some(({ kind }) => kind === 'log_meter' || kind === 'drop_group')
            ? await loadLogging(reader)
            : NO_LOGGING,
        },
        journal: await journalOf(reader, keys),
      };
    },

    async allKeys(reader) {
      const keys: OvnKey[] = [
        { kind: 'global', id: '' },
        { kind: 'log_meter', id: '' },
        { kind: 'drop_group', id: '' },
      ];
      for (const { id } of await reader.query.selectFrom('address_groups').select('id').execute())
        keys.push({ kind: 'address_group', id });
      for (const { id } of await reader.query.selectFrom('networks').select('id').execute())
        keys.push({ kind: 'network', id });
      const placed = reader.query.selectFrom('external_port_hosts').select('network_id').distinct();
      for (const { network_id: id } of await placed.execute()) keys.push(externalPortsKey(id));
      for (const id of await namedNetworks(reader)) keys.push({ kind: 'dns', id });
      for (const { id } of await reader.query.selectFrom('subnets').select('id').execute())
        keys.push({ kind: 'subnet', id });
      for (const { id } of await reader.query.selectFrom('security_groups').select('id').execute())
        keys.push({ kind: 'security_group', id });
      for (const { id } of await reader.query.selectFrom('ports').select('id').execute())
        keys.push({ kind: 'port', id });
      for (const { id } of await reader.query.selectFrom('routers').select('id').execute())
        keys.push(routerKey(id));
      for (const { id } of await reader.query.selectFrom('floating_ips').select('id').execute())
        keys.push(floatingIpKey(id));
      return keys;
    },
  };
}
