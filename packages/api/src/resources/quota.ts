import { readOnly, updateOnly } from '../attribute.ts';
import { defineResource, type ResourceDefinition } from '../define.ts';
import { ADMIN, ADMIN_OR_PROJECT_MANAGER } from '../policy-rules.ts';
import { PROJECT_ID_LENGTH } from '../standard-attributes.ts';
import { boolean } from '../validators/boolean.ts';
import { integer, MAX_INTEGER } from '../validators/integer.ts';
import { string } from '../validators/string.ts';

/** A limit that is none. */
export const UNLIMITED = -1;

const limit = updateOnly(integer(UNLIMITED, MAX_INTEGER), { description: '-1: no limit.' });

/**
 * The limits of one project, one attribute for each resource among `counted` that has a quota. A project always has
 * limits; only projects with limits of their own are listed. PUT refuses a limit below what is used if `check_limit`.
 */
export const quotaOf = (counted: readonly ResourceDefinition[]) =>
  defineResource({
    name: 'quota',
    collection: 'quotas',
    path: 'quotas',
    alias: 'quotas',
    key: 'project_id',
    operations: ['list', 'show', 'update', 'delete'],
    attributes: {
      ...Object.fromEntries(
        counted.flatMap(({ quota }) => (quota === undefined ? [] : [[quota.name, limit]])),
      ),
      project_id: readOnly(string(PROJECT_ID_LENGTH), { filter: true, sort: true }),
      force: updateOnly(boolean, {
        visible: false,
        description: 'Set limits whatever is used; taken anyway.',
      }),
      check_limit: updateOnly(boolean, { visible: false, description: 'Refuse limits below what is used.' }),
    },
    actions: {
      default: { method: 'GET', path: 'default', policy: 'get_quota' },
      details: { method: 'GET', path: 'details', policy: 'get_quota' },
    },
    rules: {
      get_quota: ADMIN_OR_PROJECT_MANAGER,
      update_quota: ADMIN,
      delete_quota: ADMIN,
    },
  });
