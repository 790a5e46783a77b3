import { isLoopback } from '../../core/loopback.ts';
import { type Found, type SettingsCheck, setting, settingsCheck } from '../check.ts';

/** Whether others than this host are meant to reach the API, itself or through a proxy. */
const isPublic = ({ host, publicUrl }: { readonly host: string; readonly publicUrl: string }): boolean =>
  !isLoopback(host) || (URL.canParse(publicUrl) && !isLoopback(new URL(publicUrl).hostname));

export const identityOpen: SettingsCheck = settingsCheck({
  id: 'identity-open',
  pillar: 284,
  cwe: 306,
  title: 'The API is open to others without an identity service that is made for it',
  severity: 'critical',
  remedy: 'Set identity.driver to keystone.',
  async examine({ config: { api, identity } }): Promise<readonly Found[]> {
    if (identity.driver === 'keystone' || !isPublic(api)) return [];
    const where = isLoopback(api.host) ? api.publicUrl : api.host;
    const subject = setting('identity.driver');
    return identity.driver === 'none'
      ? [{ subject, evidence: `none: everybody who reaches ${where} is an administrator` }]
      : [{ subject, evidence: `the lab identity service guards ${where}`, severity: 'high' }];
  },
});

export const metricsOpen: SettingsCheck = settingsCheck({
  id: 'metrics-open',
  pillar: 284,
  cwe: 306,
  title: 'Everybody may read the figures of the service',
  severity: 'low',
  remedy: 'Set api.metricsAccess to local, or keep /metrics from others at the proxy.',
  async examine({ config: { api } }) {
    if (api.metricsAccess !== 'all' || !isPublic(api)) return [];
    return [{ subject: setting('api.metricsAccess'), evidence: 'all: /metrics asks for no token' }];
  },
});

export const rateUnlimited: SettingsCheck = settingsCheck({
  id: 'rate-unlimited',
  pillar: 664,
  cwe: 770,
  title: 'One project may take all of the service',
  severity: 'low',
  remedy: 'Set api.requestRate, or limit requests at the proxy.',
  async examine({ config: { api } }) {
    if (api.requestRate !== 0 || !isPublic(api)) return [];
    return [{ subject: setting('api.requestRate'), evidence: '0: no limit of requests of a project' }];
  },
});

export const auditTrailOff: SettingsCheck = settingsCheck({
  id: 'audit-trail-off',
  pillar: 693,
  cwe: 778,
  title: 'Nobody keeps who did what',
  severity: 'low',
  remedy: 'Set audit.log to a file, or to stderr where something collects it.',
  async examine({ config: { api, audit } }) {
    if (audit.log !== '' || !isPublic(api)) return [];
    return [{ subject: setting('audit.log'), evidence: 'empty: no record of changes and refusals' }];
  },
});
