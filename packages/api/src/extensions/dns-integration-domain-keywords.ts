import { defineExtension } from '../define.ts';

/** Domains that say `<project_id>` and the like in place of a label. */
export const dnsIntegrationDomainKeywords = defineExtension({
  alias: 'dns-integration-domain-keywords',
  name: 'DNS domain names with keywords allowed',
  description:
    'Allows to use keywords like <project_id>, <project_name>, <user_id> and <user_name> as DNS domain name',
  updated: '2020-06-15T18:00:00-00:00',
  requires: ['dns-integration'],
});
