import { type Migration, schemaTerms } from './dialect.ts';

/** Which physical networks hosts are on; what OVN's chassis say. */
export const hostNetworkTables: Migration = {
  name: '0023-host-networks',
  async up(context) {
    const { text, table } = schemaTerms(context);
    await table('host_physical_networks', 'keyed')
      .addColumn('host', text, (c) => c.notNull())
      .addColumn('physical_network', text, (c) => c.notNull())
      .addPrimaryKeyConstraint('host_physical_networks_key', ['host', 'physical_network'])
      .execute();
  },
};
