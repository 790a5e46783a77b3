import { chownSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A login of the lab: the name of the cloud in clouds.yaml, and who that is. */
export interface CloudLogin {
  readonly cloud: string;
  readonly user: string;
  readonly password: string;
  readonly project: string;
}

/**
 * Write clouds.yaml, as openstacksdk and the `openstack` command read it, into `folder`, for its owner
 * alone. Returns its path.
 */
export function writeClouds(folder: string, identityUrl: string, logins: readonly CloudLogin[]): string {
  const file = path.join(folder, 'clouds.yaml');
  const entry = (login: CloudLogin): string => `  ${login.cloud}:
    region_name: RegionOne
    identity_api_version: 3
    auth:
      auth_url: ${identityUrl}
      username: ${login.user}
      password: ${login.password}
      project_name: ${login.project}
      user_domain_name: Default
      project_domain_name: Default
`;
  writeFileSync(file, `clouds:\n${logins.map(entry).join('')}`, { mode: 0o600 });
  const { uid, gid } = statSync(folder);
  chownSync(file, uid, gid);
  return file;
}
