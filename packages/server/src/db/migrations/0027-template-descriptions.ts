import type { Migration } from './dialect.ts';

/** The shipped templates of rules say what they are, unless somebody has said so already. */
export const templateDescriptions: Migration = {
  name: '0027-template-descriptions',
  async up({ query }) {
    for (const direction of ['egress', 'ingress'])
      await query
        .updateTable('default_security_group_rules')
        .set({ description: `Legacy default SG rule for ${direction} traffic` })
        .where('id', 'like', 'b1a6e0a3-6a55-4c7e-9d0e-0d7a5a6f1c0_')
        .where('direction', '=', direction)
        .where('description', '=', '')
        .execute();
  },
};
