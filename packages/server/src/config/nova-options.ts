import { flag, integer, text } from './option.ts';

/** Section `nova`: who is told of servers' ports. */
export const novaOptions = {
  url: text({
    initial: '',
    description: 'Base of the compute API (http://HOST:8774/v2.1), which is told of ports; empty: nobody is.',
  }),
  caFile: text({
    initial: '',
    description: "Certificates to trust instead of the system's, PEM; read at the start.",
  }),
  notifyOnPortStatusChanges: flag({ initial: true, description: 'Tell of ports that come up and go down.' }),
  notifyOnPortDataChanges: flag({
    initial: true,
    description: 'Tell of addresses, floating IPs and bindings that change, and of ports that are deleted.',
  }),
  timeout: integer({
    initial: 10,
    min: 1,
    max: 300,
    unit: 'seconds',
    description: 'Time for one answer.',
  }),
  giveUpAfter: integer({
    initial: 3_600,
    min: 1,
    max: 604_800,
    unit: 'seconds',
    description: 'Age at which an event that Nova does not take is dropped.',
  }),
};
