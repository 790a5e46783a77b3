import { Counter, Gauge, type Registry } from 'prom-client';
import type { OvnMechanismDriver } from '../drivers/mech/ovn/driver.ts';
import { roundTrips, rowCounts, southboundLag } from '../drivers/mech/ovn/figures.ts';

const comparisonFigures = (registry: Registry, ovn: OvnMechanismDriver): void => {
  const registers = [registry];
  new Gauge({
    name: 'ovenbird_ovn_rows_out_of_place',
    help: 'Rows of OVN that are not what SQL says, as far as the last round of comparing knows.',
    aggregator: 'max',
    registers,
    collect() {
      // Of several processes one compares; the others have nothing to say.
      if (ovn.patrol.outOfPlace === undefined) this.remove();
      else this.set(ovn.patrol.outOfPlace);
    },
  });
  new Counter({
    name: 'ovenbird_ovn_rows_repaired_total',
    help: 'Rows of OVN that rounds of comparing put right.',
    registers,
    collect() {
      this.reset();
      this.inc(ovn.patrol.repaired);
    },
  });
  new Gauge({
    name: 'ovenbird_ovn_last_comparison_timestamp_seconds',
    help: 'When the last round of comparing ended.',
    aggregator: 'max',
    registers,
    collect() {
      if (ovn.patrol.lastRound !== undefined) this.set(ovn.patrol.lastRound / 1000);
    },
  });
  new Gauge({
    name: 'ovenbird_ovn_backlog_keys',
    help: 'Objects that wait for their turn to be written to OVN.',
    registers,
    collect() {
      this.set(ovn.backlog);
    },
  });
};

const replicaFigures = (registry: Registry, ovn: OvnMechanismDriver): void => {
  new Gauge({
    name: 'ovenbird_ovsdb_ready',
    help: 'Whether the replica of the database is complete and follows.',
    labelNames: ['database'],
    aggregator: 'min',
    registers: [registry],
    collect() {
      for (const database of ['northbound', 'southbound'] as const)
        this.set({ database }, ovn[database].state === 'ready' ? 1 : 0);
    },
  });
  new Gauge({
    name: 'ovenbird_ovsdb_replica_rows',
    help: 'Rows of the replica.',
    labelNames: ['database', 'table'],
    aggregator: 'max',
    registers: [registry],
    collect() {
      for (const { database, table, rows } of rowCounts(ovn)) this.set({ database, table }, rows);
    },
  });
};

const latencyFigures = (registry: Registry, ovn: OvnMechanismDriver): void => {
  new Gauge({
    name: 'ovenbird_ovsdb_round_trip_seconds',
    help: 'Time in which the database server answers now; none: it does not.',
    labelNames: ['database'],
    aggregator: 'max',
    registers: [registry],
    async collect() {
      const milliseconds = await roundTrips(ovn);
      for (const database of ['northbound', 'southbound'] as const) {
        const found = milliseconds[database];
        if (found === undefined) this.remove({ database });
        else this.set({ database }, found / 1000);
      }
    },
  });
};

const lagFigures = (registry: Registry, ovn: OvnMechanismDriver): void => {
  const registers = [registry];
  new Gauge({
    name: 'ovenbird_ovn_northd_lag',
    help: 'Configurations (NB_Global.nb_cfg) that ovn-northd has not carried to the Southbound database.',
    aggregator: 'max',
    registers,
    collect() {
      const { northd } = southboundLag(ovn);
      if (northd === undefined) this.remove();
      else this.set(northd);
    },
  });
  new Gauge({
    name: 'ovenbird_ovn_chassis_lag',
    help: 'Configurations (NB_Global.nb_cfg) that a chassis has not carried out.',
    labelNames: ['chassis', 'host'],
    aggregator: 'max',
    registers,
    collect() {
      this.reset();
      for (const { chassis, host, lag } of southboundLag(ovn).chassis) this.set({ chassis, host }, lag);
    },
  });
};

/** Figures of the OVN driver, read whenever somebody asks for them. */
export const observeOvn = (registry: Registry, ovn: OvnMechanismDriver): void => {
  comparisonFigures(registry, ovn);
  replicaFigures(registry, ovn);
  latencyFigures(registry, ovn);
  lagFigures(registry, ovn);
};
