/** What the driver derives OVN rows from. Every row that it owns belongs to exactly one key. */
export type OvnKeyKind =
  | 'global'
  | 'log_meter'
  | 'drop_group'
  | 'address_group'
  | 'network'
  | 'dns'
  | 'subnet'
  | 'security_group'
  | 'external_ports'
  | 'port'
  | 'router'
  | 'floatingip';

/** `id` is the API object's id, for `dns` and `external_ports` their network's; the empty string for those of which there is one each. */
export interface OvnKey {
  readonly kind: OvnKeyKind;
  readonly id: string;
}

/** Kinds in the order in which rows must come into being: a later kind refers to rows of earlier ones. */
export const kindOrder: readonly OvnKeyKind[] = [
  'global',
  'log_meter',
  'drop_group',
  'address_group',
  'network',
  'dns',
  'subnet',
  'security_group',
  'external_ports',
  'port',
  'router',
  'floatingip',
];

export const globalKey: OvnKey = { kind: 'global', id: '' };
export const externalPortsKey = (networkId: string): OvnKey => ({ kind: 'external_ports', id: networkId });
export const routerKey = (id: string): OvnKey => ({ kind: 'router', id });
export const logMeterKey: OvnKey = { kind: 'log_meter', id: '' };
export const floatingIpKey = (id: string): OvnKey => ({ kind: 'floatingip', id });
export const dropGroupKey: OvnKey = { kind: 'drop_group', id: '' };

/** The key as text, unique among keys; for maps. */
export const keyText = (key: OvnKey): string => `${key.kind}/${key.id}`;

const isKind = (text: string): text is OvnKeyKind => kindOrder.some((kind) => kind === text);

/** A journal row's kind and id as a key; undefined when the row is not for this driver. */
export const keyOf = (kind: string, id: string): OvnKey | undefined =>
  isKind(kind) ? { kind, id } : undefined;

/** Keys without repetition, dependencies first. */
export function orderedKeys(keys: Iterable<OvnKey>): OvnKey[] {
  const unique = new Map<string, OvnKey>();
  for (const key of keys) unique.set(keyText(key), key);
  return [...unique.values()].sort((a, b) => kindOrder.indexOf(a.kind) - kindOrder.indexOf(b.kind));
}
