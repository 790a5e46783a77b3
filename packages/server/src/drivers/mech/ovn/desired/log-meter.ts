import { logMeterUuid, meterBandUuid } from '../ids.ts';
import type { OvnSettings } from '../settings.ts';
import { logMeter } from './acl-log.ts';
import { type Desired, desiredRow, stringMap } from './row.ts';

/** What marks the meters of logs. */
export const METER_OWNER = 'logging-plugin';

const meterRows = (settings: OvnSettings, stateful: boolean) => {
  const name = logMeter(settings, stateful);
  const band = meterBandUuid(name);
  // Stateless groups see both directions of a connection, each with an ACL of its own.
  const share = (limit: number): number => (stateful ? limit : Math.floor(limit / 2));
  return [
    desiredRow('Meter_Band', band, {
      action: 'drop',
      rate: share(settings.logRateLimit),
      burst_size: share(settings.logBurstLimit),
    }),
    desiredRow('Meter', logMeterUuid(name), {
      name,
      unit: 'pktps',
      fair: true,
      bands: new Set([band]),
      external_ids: stringMap({ 'neutron:device_owner': METER_OWNER }),
    }),
  ];
};

/** The meters of logs, which exist while there is any log. */
export const desiredLogMeters = (settings: OvnSettings): Desired => ({
  rows: [...meterRows(settings, true), ...meterRows(settings, false)],
  members: [],
});
