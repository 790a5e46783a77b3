import { readOnly } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { integer } from '../validators/integer.ts';

/** A number that grows with every change of a resource. */
export const standardAttrRevisions = defineExtension({
  alias: 'standard-attr-revisions',
  name: 'Resource revision numbers',
  description: 'This extension will display the revision number of neutron resources.',
  updated: '2016-04-11T10:00:00-00:00',
  attributes: {
    standard: {
      revision_number: readOnly(integer(0), { filter: true }),
    },
  },
});
