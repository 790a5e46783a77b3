import type { AddressScope } from '@ovenbird/api';
import type { Reader } from '../../db/database.ts';
import type { AddressScopesTable } from '../../db/tables.ts';
import type { ResourceStore } from '../../engine/contract.ts';
import type { RequestContext } from '../../identity/context.ts';
import { plainColumns } from '../columns.ts';
import { grantedTo, sharedAmong, sharedFilter, targetsFor } from '../sharing.ts';

const assemble = async (
  reader: Reader,
  rows: readonly AddressScopesTable[],
  wanted: ReadonlySet<string> | undefined,
  viewer: RequestContext | undefined,
): Promise<readonly AddressScope[]> => {
  const ids = rows.map((row) => row.id);
  const asked = rows.length > 0 && (wanted === undefined || wanted.has('shared'));
  const shared = asked ? await sharedAmong(reader, 'address_scope', ids, viewer?.projectId) : undefined;
  return rows.map((row) => ({ ...row, shared: shared?.has(row.id) ?? false }));
};

export const addressScopeStore: ResourceStore<AddressScope> = {
  table: 'address_scopes',
  columns: plainColumns(['id', 'project_id', 'name', 'ip_version']),
  filters: { shared: sharedFilter('address_scope', 'address_scopes') },
  visibleTo: (context) => grantedTo('address_scope', 'address_scopes', targetsFor(context.projectId)),
  // The rows were read from `address_scopes`, all columns.
  assemble: (reader, rows, wanted, viewer) =>
    assemble(reader, rows as readonly unknown[] as readonly AddressScopesTable[], wanted, viewer),
};
