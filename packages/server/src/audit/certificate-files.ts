import type { Config } from '../config/config.ts';

/** Files of certificates that a configuration names, with the setting that does. */
export const certificateFiles = ({
  api,
  identity,
  nova,
  ovn,
}: Config): readonly (readonly [setting: string, path: string])[] =>
  (
    [
      ['api.tlsCertificate', api.tlsCertificate],
      ['identity.caFile', identity.caFile],
      ['nova.caFile', nova.caFile],
      ['ovn.certificate', ovn.certificate],
      ['ovn.caCert', ovn.caCert],
    ] as const
  ).filter(([, path]) => path !== '');
