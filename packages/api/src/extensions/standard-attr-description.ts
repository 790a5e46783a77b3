import { optional } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { string } from '../validators/string.ts';

/** A description on every stored resource. */
export const standardAttrDescription = defineExtension({
  alias: 'standard-attr-description',
  name: 'standard-attr-description',
  description: 'Extension to add descriptions to standard attributes',
  updated: '2016-02-10T10:00:00-00:00',
  attributes: {
    standard: {
      description: optional(string(255), { put: true, initial: '', filter: true }),
    },
  },
});
