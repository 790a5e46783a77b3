import { defineExtension } from '../define.ts';

/** `project_id` beside `tenant_id`. */
export const projectId = defineExtension({
  alias: 'project-id',
  name: 'project_id field enabled',
  description: 'Extension that indicates that project_id field is enabled.',
  updated: '2016-09-09T09:09:09-09:09',
});
