import { defineExtension } from '../define.ts';

/** `POST /{resource}/{id}/tags`. The stamp is the published one, impossible month included. */
export const tagCreation = defineExtension({
  alias: 'tag-creation',
  name: 'Tag creation extension',
  description: 'Allow to create multiple tags for a resource',
  updated: '2024-23-07T10:00:00-00:00',
});
