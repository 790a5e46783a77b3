import type { Drift } from '../../drivers/mech/ovn/drift.ts';
import { rowsOutOfPlace } from '../../drivers/mech/ovn/drift.ts';
import { hostsOfPorts } from '../bound-hosts.ts';
import { type Found, type OvnCheck, ovnCheck, resource } from '../check.ts';

const isSurplus = ({ kind }: Drift): boolean => kind === 'surplus' || kind === 'surplus_member';

/** One finding for each object whose rows are wrong. */
const byKey = (drift: readonly Drift[], tell: (some: readonly Drift[]) => string): readonly Found[] =>
  [...Map.groupBy(drift, ({ key }) => `${key.kind} ${key.id}`).values()].flatMap((some) => {
    const [first] = some;
    return first === undefined
      ? []
      : [{ subject: resource(first.key.kind, first.key.id), evidence: tell(some) }];
  });

const columnsOf = (some: readonly Drift[]): string =>
  [
    ...new Set(
      some.map(({ table, kind, column }) =>
        kind === 'missing' ? `${table} (no row)` : `${table} ${column ?? ''}`.trim(),
      ),
    ),
  ].join(', ');

export const ovnDrift: OvnCheck = ovnCheck({
  id: 'ovn-drift',
  pillar: 435,
  cwe: 435,
  title: 'OVN is not what SQL says: addresses, rules or ports differ from what was asked for',
  severity: 'high',
  remedy:
    'ovenbird ovn diff shows each value, ovenbird ovn repair puts it right; find out who else writes there.',
  async examine({ drift }) {
    return byKey(
      drift.filter((each) => !isSurplus(each)),
      (some) => `differs in ${columnsOf(some)}`,
    );
  },
});

export const ovnStale: OvnCheck = ovnCheck({
  id: 'ovn-stale',
  pillar: 664,
  cwe: 459,
  title: 'OVN holds rows that are marked as ours, and SQL knows nothing of them',
  severity: 'medium',
  remedy: 'ovenbird ovn repair takes them out; find out who made them.',
  async examine({ drift }) {
    return byKey(drift.filter(isSurplus), (some) => {
      const rows = rowsOutOfPlace(some);
      return `${rows.size} rows too many: ${[...rows].slice(0, 5).join(', ')}`;
    });
  },
});

export const chassisStale: OvnCheck = ovnCheck({
  id: 'chassis-stale',
  pillar: 664,
  cwe: 772,
  title: 'A chassis is registered that is gone, or there twice',
  severity: 'medium',
  remedy: 'Start ovn-controller there, or forget the host: openstack network agent delete.',
  async examine({ southbound, northbound, config, now }) {
    const [global] = northbound.NB_Global.rows();
    const asked = global?.sb_cfg ?? 0;
    const silent = now.getTime() - config.network.agentDownTime * 1000;
    const chassis = [...southbound.Chassis.rows()];
    const known = new Set(chassis.map(({ name }) => name));
    const alone = [...southbound.Chassis_Private.rows()].flatMap((row): readonly Found[] => {
      const subject = resource('chassis', row.name);
      if (!known.has(row.name)) return [{ subject, evidence: 'only its Chassis_Private row is left' }];
      // One number behind may be a moment; with more, signs of life were asked for and did not come.
      if (asked - row.nb_cfg < 2 || row.nb_cfg_timestamp > silent) return [];
      const since = row.nb_cfg_timestamp === 0 ? 'never' : new Date(row.nb_cfg_timestamp).toISOString();
      return [
        { subject, evidence: `${asked - row.nb_cfg} configurations behind, last sign of life: ${since}` },
      ];
    });
    const twice = [...Map.groupBy(chassis, ({ hostname }) => hostname)]
      .filter(([, same]) => same.length > 1)
      .map(
        ([host, same]): Found => ({
          subject: { kind: 'host', id: host },
          evidence: `has the chassis ${same.map(({ name }) => name).join(', ')}`,
        }),
      );
    return [...alone, ...twice];
  },
});

export const bindingUnknown: OvnCheck = ovnCheck({
  id: 'port-binding-unknown',
  pillar: 664,
  cwe: 459,
  title: 'The Southbound database binds a port that the Northbound one does not have',
  severity: 'medium',
  remedy: 'See whether ovn-northd runs and reaches both databases (ovenbird doctor): it takes such rows out.',
  async examine({ southbound, northbound }) {
    return [...southbound.Port_Binding.rows()]
      .filter(
        ({ type, logical_port }) =>
          type === '' && northbound.Logical_Switch_Port.find('name', logical_port).length === 0,
      )
      .map(({ logical_port, _uuid, chassis }) => ({
        subject: resource('port', logical_port),
        evidence: `Port_Binding ${_uuid}${chassis === undefined ? '' : ', claimed by a chassis'}`,
      }));
  },
});

export const portElsewhere: OvnCheck = ovnCheck({
  id: 'port-claimed-elsewhere',
  pillar: 435,
  cwe: 290,
  title: 'A host has claimed a port that is bound to another host',
  severity: 'high',
  remedy: 'Look for the interface with that iface-id on the host that claims it, and for who put it there.',
  async examine({ southbound, reader }) {
    const claims = [...southbound.Port_Binding.rows()].flatMap(({ type, logical_port, chassis }) => {
      const host = chassis === undefined ? undefined : southbound.Chassis.get(chassis)?.hostname;
      return type !== '' || host === undefined ? [] : [{ port: logical_port, host }];
    });
    const bound = await hostsOfPorts(
      reader,
      claims.map(({ port }) => port),
    );
    return claims.flatMap(({ port, host }): readonly Found[] => {
      const hosts = bound.get(port);
      if (hosts === undefined || hosts.has(host)) return [];
      return [
        {
          subject: resource('port', port),
          evidence: `claimed by ${host}, bound to ${[...hosts].join(', ') || 'no host'}`,
        },
      ];
    });
  },
});

/** Schemas of OVN 22.03, the oldest release that is still cared for upstream (long-term support). */
const OLDEST = { northbound: '6.1.0', southbound: '20.21.0' } as const;

const isOlder = (have: string, than: string): boolean => {
  const [a, b] = [have, than].map((text) => text.split('.').map(Number));
  const at = [0, 1, 2].find((index) => (a?.[index] ?? 0) !== (b?.[index] ?? 0)) ?? 0;
  return (a?.[at] ?? 0) < (b?.[at] ?? 0);
};

export const ovnOld: OvnCheck = ovnCheck({
  id: 'ovn-old',
  pillar: 710,
  cwe: 1104,
  title: 'OVN is older than what its makers still mend',
  severity: 'medium',
  remedy: 'Upgrade OVN, the chassis first, then northd and the databases (ovsdb-client convert).',
  async examine({ schemas }) {
    return (['northbound', 'southbound'] as const)
      .filter((name) => isOlder(schemas[name], OLDEST[name]))
      .map((name) => ({
        subject: { kind: 'ovn_database', id: name },
        evidence: `schema ${schemas[name]}, before OVN 22.03 (${OLDEST[name]})`,
      }));
  },
});
