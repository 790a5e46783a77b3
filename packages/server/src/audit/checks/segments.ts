import { type Found, resource, type SqlCheck, sqlCheck } from '../check.ts';

/** Types whose segments are told apart by what `segment_allocations` keeps. */
const ALLOCATED = ['flat', 'vlan', 'vxlan', 'geneve', 'gre'];

export const segmentTwice: SqlCheck = sqlCheck({
  id: 'segment-twice',
  pillar: 697,
  cwe: 697,
  title: 'Two networks are the same segment, and not apart from each other',
  severity: 'critical',
  remedy: 'Move the machines of one to a new network, and delete it.',
  async examine({ reader: { query } }) {
    const rows = await query
      .selectFrom('network_segments')
      .select(['network_type', 'physical_network', 'segmentation_id'])
      .select(({ fn }) => [fn.min('network_id').as('one'), fn.max('network_id').as('other')])
      .where('network_type', 'in', ALLOCATED)
      .groupBy(['network_type', 'physical_network', 'segmentation_id'])
      .having(({ fn }) => fn.countAll(), '>', 1)
      .execute();
    return rows.map(({ network_type, physical_network, segmentation_id, one, other }) => ({
      subject: resource('network', one),
      evidence: `${[network_type, physical_network, segmentation_id].filter((part) => part !== null).join(' ')}, as network ${other}`,
    }));
  },
});

export const segmentLeaked: SqlCheck = sqlCheck({
  id: 'segment-leaked',
  pillar: 664,
  cwe: 772,
  title: 'A segment is taken and no network has it, or the other way round',
  severity: 'medium',
  remedy:
    'Report it as a defect with the history of the network; the id is not given out again until the row is right.',
  async examine({ reader: { query } }) {
    const used = await query
      .selectFrom('network_segments')
      .select(['id', 'network_type', 'physical_network', 'segmentation_id'])
      .where('network_type', 'in', ALLOCATED)
      .execute();
    const taken = await query.selectFrom('segment_allocations').selectAll().execute();
    const textOf = (row: Omit<(typeof used)[number], 'id'>): string =>
      [row.network_type, row.physical_network || '-', row.segmentation_id ?? 0].join(' ');
    const takenTexts = new Set(taken.map(textOf));
    const usedTexts = new Set(used.map(textOf));
    return [
      ...[...takenTexts.difference(usedTexts)].map(
        (text): Found => ({
          subject: { kind: 'segment_allocation', id: text },
          evidence: 'no network has it',
        }),
      ),
      ...used
        .filter((row) => !takenTexts.has(textOf(row)))
        .map(
          (row): Found => ({
            subject: resource('segment', row.id),
            evidence: `${textOf(row)} is free to be given out again`,
          }),
        ),
    ];
  },
});
