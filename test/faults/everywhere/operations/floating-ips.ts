import { makePort, type Operation, operation, type Stage } from './kit.ts';

const made = (one: Stage, more: object = {}) => ({
  floating_network_id: one.ground.outside,
  description: one.name,
  ...more,
});

const makeFloatingIp = (one: Stage, more: object = {}): Promise<string> =>
  one.api.make('floatingips', 'floatingip', made(one, more));

const forwardingOf = async ({ api }: Stage, internal_port_id: string) => {
  const { body } = await api.ask('GET', `ports/${internal_port_id}`);
  const internal_ip_address = String(body.port.fixed_ips[0].ip_address);
  return { protocol: 'tcp', external_port: 2222, internal_port: 22, internal_port_id, internal_ip_address };
};

/** A floating IP that leads nowhere yet, and what could be forwarded. */
const forwarding = async (one: Stage) => {
  const place = `floatingips/${await makeFloatingIp(one)}`;
  const given = await forwardingOf(one, await makePort(one));
  return { place: `${place}/port_forwardings`, floatingip: place, given };
};

const MADE = ['floatingips', 'ports'] as const;

export const floatingIpOperations: readonly Operation[] = [
  operation('create a floating IP', MADE, async (one) => ({
    ask: () => one.api.ask('POST', 'floatingips', { floatingip: made(one) }),
    done: async () => (await one.api.count('floatingips', `description=${one.name}`)) === 1,
  })),
  operation('create a floating IP of a port', MADE, async (one) => {
    const port_id = await makePort(one);
    const { router, policy } = one.ground;
    const given = made(one, { port_id, qos_policy_id: policy });
    return {
      ask: () => one.api.ask('POST', 'floatingips', { floatingip: given }),
      async done() {
        const [found] = await one.api.list('floatingips', `port_id=${port_id}`);
        const expected = { ...given, router_id: router };
        return found !== undefined && one.api.is(`floatingips/${found.id}`, 'floatingip', expected);
      },
    };
  }),
  operation('associate a floating IP', MADE, async (one) => {
    const port_id = await makePort(one);
    const place = `floatingips/${await makeFloatingIp(one)}`;
    return {
      ask: () => one.api.ask('PUT', place, { floatingip: { port_id } }),
      done: () => one.api.is(place, 'floatingip', { port_id, router_id: one.ground.router }),
    };
  }),
  operation('take a floating IP from its port', MADE, async (one) => {
    const place = `floatingips/${await makeFloatingIp(one, { port_id: await makePort(one) })}`;
    return {
      ask: () => one.api.ask('PUT', place, { floatingip: { port_id: null } }),
      done: () => one.api.is(place, 'floatingip', { port_id: null, router_id: null, fixed_ip_address: null }),
    };
  }),
  operation('delete a floating IP', MADE, async (one) => {
    const id = await makeFloatingIp(one, { port_id: await makePort(one) });
    return {
      ask: () => one.api.ask('DELETE', `floatingips/${id}`),
      done: async () =>
        (await one.api.gone(`floatingips/${id}`)) && (await one.api.count('ports', `device_id=${id}`)) === 0,
    };
  }),
  operation('forward a port of a floating IP', MADE, async (one) => {
    const { place, floatingip, given } = await forwarding(one);
    return {
      ask: () => one.api.ask('POST', place, { port_forwarding: given }),
      done: async () =>
        (await one.api.count(place, 'external_port=2222')) === 1 &&
        (await one.api.is(floatingip, 'floatingip', { router_id: one.ground.router })),
    };
  }),
  operation('change a port forwarding', MADE, async (one) => {
    const { place, given } = await forwarding(one);
    const id = await one.api.make(place, 'port_forwarding', given);
    const changed = { protocol: 'udp', external_port: 3333 };
    return {
      ask: () => one.api.ask('PUT', `${place}/${id}`, { port_forwarding: changed }),
      done: () => one.api.is(`${place}/${id}`, 'port_forwarding', changed),
    };
  }),
  operation('delete a port forwarding', MADE, async (one) => {
    const { place, floatingip, given } = await forwarding(one);
    const id = await one.api.make(place, 'port_forwarding', given);
    return {
      ask: () => one.api.ask('DELETE', `${place}/${id}`),
      done: async () =>
        (await one.api.gone(`${place}/${id}`)) &&
        (await one.api.is(floatingip, 'floatingip', { router_id: null })),
    };
  }),
];
