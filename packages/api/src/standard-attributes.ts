import { readOnly, unspecified } from './attribute.ts';
import { standardAttrDescription } from './extensions/standard-attr-description.ts';
import { standardAttrRevisions } from './extensions/standard-attr-revisions.ts';
import { standardAttrTimestamp } from './extensions/standard-attr-timestamp.ts';
import { string } from './validators/string.ts';
import { uuid } from './validators/uuid.ts';

/** Lengths of the text columns of the API. */
export const NAME_LENGTH = 255;
export const PROJECT_ID_LENGTH = 255;

/** The id of a resource. */
export const identity = {
  id: readOnly(uuid, { filter: true, sort: true, description: 'The id of the resource.' }),
};

/**
 * The project that owns a resource. POST may name it, else it is the caller's. Requests and answers may also call it
 * `tenant_id`: see `attributeAliases`.
 */
export const owner = {
  project_id: unspecified(string(PROJECT_ID_LENGTH), {
    put: false,
    filter: true,
    sort: true,
    description: 'The project that owns the resource.',
  }),
};

/** What every stored resource has: description, timestamps, revision. */
export const standardAttributes = {
  ...standardAttrDescription.attributes.standard,
  ...standardAttrTimestamp.attributes.standard,
  ...standardAttrRevisions.attributes.standard,
};
