import { type Migration, schemaTerms } from './dialect.ts';

/** Names of floating IPs, and subnets whose addresses a DNS service outside should know. */
export const dnsColumns: Migration = {
  name: '0012-dns',
  async up(context) {
    const { text } = schemaTerms(context);
    const { schema } = context.query;
    for (const column of ['dns_name', 'dns_domain'])
      await schema
        .alterTable('floating_ips')
        .addColumn(column, text, (c) => c.notNull().defaultTo(''))
        .execute();
    await schema
      .alterTable('subnets')
      .addColumn('dns_publish_fixed_ip', 'integer', (c) => c.notNull().defaultTo(0))
      .execute();
  },
};
