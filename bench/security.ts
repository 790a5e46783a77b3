import { type Client, idIn, idsIn } from './client.ts';
import type { Floor } from './report.ts';
import { numbersTo } from './samples.ts';
import type { Timed } from './timed.ts';
import type { Figures } from './workload.ts';

const SIZES = [100, 1_000];
/** Rules that a new group has. */
const OWN_RULES = 2;
const groups = '/v2.0/security-groups';
const rules = '/v2.0/security-group-rules';

const ruleOf = (group: string, index: number) => ({
  security_group_id: group,
  direction: 'ingress',
  ethertype: 'IPv4',
  protocol: 'tcp',
  port_range_min: index + 1,
  port_range_max: index + 1,
});

const measureGroup = async (
  client: Client,
  timed: Timed,
  network: string,
  size: number,
  count: number,
): Promise<Figures> => {
  const group = idIn(
    await client.send('POST', groups, { security_group: { name: `rules-${size}` } }),
    'security_group',
  );
  const bodies = numbersTo(size - OWN_RULES).map((index) => ruleOf(group, index));
  await client.send('POST', rules, { security_group_rules: bodies });
  const members = numbersTo(10).map(() => ({ network_id: network, security_groups: [group] }));
  const ports = idsIn(await client.send('POST', '/v2.0/ports', { ports: members }), 'ports');
  const show = await timed(numbersTo(count), () => client.read(`${groups}/${group}`));
  const list = await timed(numbersTo(count), () => client.read(`${rules}?security_group_id=${group}`));
  const made: string[] = [];
  const create = await timed(numbersTo(count), async (index) => {
    const body = { security_group_rule: ruleOf(group, size + index) };
    made.push(idIn(await client.send('POST', rules, body), 'security_group_rule'));
  });
  const remove = await timed(made, (id) => client.send('DELETE', `${rules}/${id}`));
  for (const id of ports) await client.send('DELETE', `/v2.0/ports/${id}`);
  await client.send('DELETE', `${groups}/${group}`);
  return {
    [`group of ${size} rules show`]: show,
    [`group of ${size} rules list`]: list,
    [`rule ${size} create`]: create,
    [`rule ${size} delete`]: remove,
  };
};

/** Groups with many rules, in use by ports of `network`. Leaves nothing. */
export const measureSecurity = async (
  client: Client,
  timed: Timed,
  network: string,
  count: number,
): Promise<Figures> => {
  let figures: Figures = {};
  for (const size of SIZES) {
    figures = { ...figures, ...(await measureGroup(client, timed, network, size, count)) };
  }
  return figures;
};

export const securityFloors = (figures: Figures): readonly Floor[] => [
  {
    what: 'show of a group with 1,000 rules p50',
    value: figures['group of 1000 rules show']?.p50 ?? Number.NaN,
    limit: 10,
    unit: 'ms',
    sense: 'most',
  },
];

/** Tags of ports. Leaves nothing. */
export const measureTags = async (
  client: Client,
  timed: Timed,
  network: string,
  count: number,
): Promise<Figures> => {
  const bodies = numbersTo(count).map(() => ({ network_id: network }));
  const ports = idsIn(await client.send('POST', '/v2.0/ports', { ports: bodies }), 'ports');
  const tags = (id: string): string => `/v2.0/ports/${id}/tags`;
  const add = await timed(ports, (id) => client.send('PUT', `${tags(id)}/blue`));
  const replace = await timed(ports, (id) => client.send('PUT', tags(id), { tags: ['red', 'green'] }));
  const show = await timed(ports, (id) => client.read(tags(id)));
  const list = await timed(numbersTo(10), () => client.read('/v2.0/ports?tags=red,green'));
  const clear = await timed(ports, (id) => client.send('DELETE', tags(id)));
  for (const id of ports) await client.send('DELETE', `/v2.0/ports/${id}`);
  return {
    'tag add': add,
    'tags replace': replace,
    'tags show': show,
    'port list by tags': list,
    'tags clear': clear,
  };
};
