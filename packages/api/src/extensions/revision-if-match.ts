import { defineExtension } from '../define.ts';

/** `If-Match: revision_number=N` on changes. */
export const revisionIfMatch = defineExtension({
  alias: 'revision-if-match',
  name: 'If-Match constraints based on revision_number',
  description: 'Extension indicating that If-Match based on revision_number is supported.',
  updated: '2016-12-11T00:00:00-00:00',
  requires: ['standard-attr-revisions'],
});
