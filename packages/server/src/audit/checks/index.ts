import type { Check } from '../check.ts';
import { addressPairTaken, addressPairWide } from './address-pairs.ts';
import { addressOutsideSubnet, addressTwice, floatingIpIdle } from './addresses.ts';
import { certificateExpiring } from './certificates.ts';
import { auditTrailOff, identityOpen, metricsOpen, rateUnlimited } from './exposure.ts';
import { groupUnused, groupWithoutRules, ruleShadowed } from './groups.ts';
import { rowWithoutOwner } from './leftovers.ts';
import {
  apiUnencrypted,
  databaseUnencrypted,
  identityUnencrypted,
  novaUnencrypted,
  ovsdbUnencrypted,
} from './links.ts';
import { groupOpenToWorld, groupPermitsAll, templateOpenToWorld } from './open-groups.ts';
import { bindingUnknown, chassisStale, ovnDrift, ovnOld, ovnStale, portElsewhere } from './ovn.ts';
import { policyRuleUnused, policyWeakened } from './policy.ts';
import { advertisementUnguarded, networkWithoutSecurity, portWithoutSecurity } from './port-security.ts';
import { journalStuck, novaEventsStuck } from './queues.ts';
import { quotaExceeded, quotaUnlimited } from './quotas.ts';
import { configReadable, keyReadable, passwordInUrl, secretInArguments, storeReadable } from './secrets.ts';
import { segmentLeaked, segmentTwice } from './segments.ts';
import { externalNetworkShared, rbacWildcard } from './sharing.ts';
import { adminStateAtOdds, bindingFailed, statusError, textHostile } from './states.ts';

/** Every check there is, in the order of a report. A new one adds a line here. */
export const checks: readonly Check[] = [
  identityOpen,
  metricsOpen,
  policyWeakened,
  policyRuleUnused,
  rbacWildcard,
  externalNetworkShared,
  groupOpenToWorld,
  groupPermitsAll,
  templateOpenToWorld,
  configReadable,
  keyReadable,
  storeReadable,
  passwordInUrl,
  secretInArguments,
  certificateExpiring,
  ovnDrift,
  portElsewhere,
  addressTwice,
  adminStateAtOdds,
  ovnStale,
  chassisStale,
  bindingUnknown,
  rowWithoutOwner,
  segmentLeaked,
  floatingIpIdle,
  groupUnused,
  quotaExceeded,
  quotaUnlimited,
  rateUnlimited,
  addressOutsideSubnet,
  journalStuck,
  novaEventsStuck,
  portWithoutSecurity,
  networkWithoutSecurity,
  addressPairWide,
  addressPairTaken,
  advertisementUnguarded,
  apiUnencrypted,
  databaseUnencrypted,
  ovsdbUnencrypted,
  identityUnencrypted,
  novaUnencrypted,
  auditTrailOff,
  segmentTwice,
  bindingFailed,
  statusError,
  groupWithoutRules,
  textHostile,
  ovnOld,
  ruleShadowed,
];
