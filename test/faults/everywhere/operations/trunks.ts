import { makePort, type Operation, operation, type Stage } from './kit.ts';

const subPortOf = (port_id: string, segmentation_id: number) => ({
  port_id,
  segmentation_type: 'vlan',
  segmentation_id,
});

/** A trunk with one sub-port, and a port that could be another. */
const makeTrunk = async (one: Stage) => {
  const [port_id, sub, spare] = [await makePort(one), await makePort(one), await makePort(one)];
  const sub_ports = [subPortOf(sub, 7)];
  const trunk = await one.api.make('trunks', 'trunk', { name: one.name, port_id, sub_ports });
  return { trunk, sub, spare };
};

const OWNER = 'trunk:subport';

export const trunkOperations: readonly Operation[] = [
  operation('create a trunk', ['trunks', 'ports'], async (one) => {
    const { api, name } = one;
    const [port_id, sub] = [await makePort(one), await makePort(one)];
    const given = { name, port_id, sub_ports: [subPortOf(sub, 7)] };
    return {
      ask: () => api.ask('POST', 'trunks', { trunk: given }),
      async done() {
        const [made] = await api.list('trunks', `port_id=${port_id}`);
        if (made === undefined || !(await api.is(`trunks/${made.id}`, 'trunk', given))) return false;
        return api.is(`ports/${sub}`, 'port', { device_owner: OWNER });
      },
    };
  }),
  operation('add a sub-port to a trunk', ['trunks', 'ports'], async (one) => {
    const { trunk, sub, spare } = await makeTrunk(one);
    const sub_ports = [subPortOf(sub, 7), subPortOf(spare, 8)];
    return {
      ask: () => one.api.ask('PUT', `trunks/${trunk}/add_subports`, { sub_ports: sub_ports.slice(1) }),
      done: async () =>
        (await one.api.is(`trunks/${trunk}`, 'trunk', { sub_ports })) &&
        (await one.api.is(`ports/${spare}`, 'port', { device_owner: OWNER })),
    };
  }),
  operation('remove a sub-port from a trunk', ['trunks', 'ports'], async (one) => {
    const { trunk, sub } = await makeTrunk(one);
    return {
      ask: () => one.api.ask('PUT', `trunks/${trunk}/remove_subports`, { sub_ports: [{ port_id: sub }] }),
      done: async () =>
        (await one.api.is(`trunks/${trunk}`, 'trunk', { sub_ports: [] })) &&
        (await one.api.is(`ports/${sub}`, 'port', { device_owner: '' })),
    };
  }),
  operation('delete a trunk', ['trunks', 'ports'], async (one) => {
    const { trunk, sub } = await makeTrunk(one);
    return {
      ask: () => one.api.ask('DELETE', `trunks/${trunk}`),
      done: async () =>
        (await one.api.gone(`trunks/${trunk}`)) &&
        (await one.api.is(`ports/${sub}`, 'port', { device_owner: '' })),
    };
  }),
];
