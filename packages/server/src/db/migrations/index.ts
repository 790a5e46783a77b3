import { networkTables } from './0001-networks.ts';
import { portTables } from './0002-ports.ts';
import { securityGroupTables } from './0003-security-groups.ts';
import { serviceTables } from './0004-service.ts';
import { routingTables } from './0005-routing.ts';
import { gatewayScheduleTables } from './0006-gateway-schedules.ts';
import { addressGroupTables } from './0007-address-groups.ts';
import { trunkTables } from './0008-trunks.ts';
import { subnetpoolTables } from './0009-subnetpools.ts';
import { qosTables } from './0010-qos.ts';
import { flavorTables } from './0011-flavors.ts';
import { dnsColumns } from './0012-dns.ts';
import { routerHaColumn } from './0013-router-ha.ts';
import { qosPacketColumns } from './0014-qos-packets.ts';
import { networkSegmentRangeTables } from './0015-network-segment-ranges.ts';
import { topologyTables } from './0016-auto-allocated-topologies.ts';
import { logTables } from './0017-logs.ts';
import { novaEventTables } from './0018-nova-events.ts';
import { externalPortHostTables } from './0019-external-port-hosts.ts';
import { portTraits } from './0020-port-traits.ts';
import { segmentColumns } from './0021-segments.ts';
import { portTimelineTables } from './0022-port-timelines.ts';
import { hostNetworkTables } from './0023-host-networks.ts';
import { defaultStatefulnessTable } from './0024-default-statefulness.ts';
import { qosOfRouting } from './0025-qos-of-routing.ts';
import { dutiesTable } from './0026-duties.ts';
import { templateDescriptions } from './0027-template-descriptions.ts';
import type { Migration } from './dialect.ts';

/** The history of the schema, oldest first. Only ever appended to. */
export const migrations: readonly Migration[] = [
  networkTables,
  portTables,
  securityGroupTables,
  serviceTables,
  routingTables,
  gatewayScheduleTables,
  addressGroupTables,
  trunkTables,
  subnetpoolTables,
  qosTables,
  flavorTables,
  dnsColumns,
  routerHaColumn,
  qosPacketColumns,
  networkSegmentRangeTables,
  topologyTables,
  logTables,
  novaEventTables,
  externalPortHostTables,
  portTraits,
  segmentColumns,
  portTimelineTables,
  hostNetworkTables,
  defaultStatefulnessTable,
  qosOfRouting,
  dutiesTable,
  templateDescriptions,
];
