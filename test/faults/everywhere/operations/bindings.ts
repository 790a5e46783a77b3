import { makePort, type Operation, onHost, operation, type Stage } from './kit.ts';

/** A machine's port on one host that is prepared on another. */
const moving = async (one: Stage) => {
  const port = await makePort(one, onHost('near'));
  const place = `ports/${port}/bindings`;
  const { status } = await one.api.ask('POST', place, { binding: { host: 'far' } });
  if (status !== 201) throw new Error(`${place}: ${status}`);
  return { port, place };
};

export const bindingOperations: readonly Operation[] = [
  operation('prepare a port on a second host', ['ports'], async (one) => {
    const port = await makePort(one, onHost('near'));
    const place = `ports/${port}/bindings`;
    return {
      ask: () => one.api.ask('POST', place, { binding: { host: 'far' } }),
      done: () => one.api.is(`${place}/far`, 'binding', { status: 'INACTIVE' }),
      // Nobody takes up what was only prepared: who asked for it asks again.
      whole: async (afterwards) =>
        afterwards || (await one.api.is(`${place}/far`, 'binding', { vif_type: 'ovs' })),
    };
  }),
  operation('move a port to the second host', ['ports'], async (one) => {
    const { port, place } = await moving(one);
    return {
      ask: () => one.api.ask('PUT', `${place}/far/activate`, {}),
      done: async () =>
        (await one.api.is(`ports/${port}`, 'port', { 'binding:host_id': 'far' })) &&
        (await one.api.is(`${place}/near`, 'binding', { status: 'INACTIVE' })),
    };
  }),
  operation('give the second host of a port up', ['ports'], async (one) => {
    const { place } = await moving(one);
    return {
      ask: () => one.api.ask('DELETE', `${place}/far`),
      done: () => one.api.gone(`${place}/far`),
    };
  }),
];
