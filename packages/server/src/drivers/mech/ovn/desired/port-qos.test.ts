import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { QosState } from '../qos-state.ts';
import type { PortState } from '../state.ts';
import { portState } from '../testing/states.ts';
import { portQos } from './port-qos.ts';

const NOTHING: QosState = {
  egress: undefined,
  ingress: undefined,
  dscp: undefined,
  minimum: undefined,
  physical: false,
};
const of = (given: Partial<QosState>, port: Partial<PortState> = {}, type = '') =>
  portQos(portState({ id: 'p', qos: { ...NOTHING, ...given }, ...port }), type);
const said = (qos: ReturnType<typeof portQos>) =>
  qos.rows.map(({ columns }) => [
    columns.direction,
    columns.priority,
    columns.match,
    Object.fromEntries(columns.bandwidth ?? []),
    Object.fromEntries(columns.action ?? []),
  ]);

describe('quality of service of a port', () => {
  it('is one row a direction, a mark with the limit of what is sent', () => {
    const both = of({ egress: { rate: 1000, burst: 100 }, ingress: { rate: 2000, burst: 0 }, dscp: 0 });
    assert.deepEqual(said(both), [
      ['from-lport', 2002, 'inport == "p"', { rate: 1000, burst: 100 }, { dscp: 0 }],
      ['to-lport', 2002, 'outport == "p"', { rate: 2000 }, {}],
    ]);
    assert.deepEqual(both.options, {});
    assert.deepEqual(said(of({ dscp: 46 })), [['from-lport', 2002, 'inport == "p"', {}, { dscp: 46 }]]);
    assert.deepEqual(said(of({ egress: { rate: 0, burst: 5 } })), []);
  });

  it('is a queue where bandwidth is promised on a physical network', () => {
    const promise = { egress: { rate: 3000, burst: 300 }, minimum: 1000, dscp: 8 };
    const queued = of({ ...promise, physical: true });
    assert.deepEqual(said(queued), [['from-lport', 2002, 'inport == "p"', {}, { dscp: 8 }]]);
    assert.deepEqual(queued.options, {
      qos_min_rate: '1000000',
      qos_max_rate: '3000000',
      qos_burst: '300000',
    });
    const tunnelled = of(promise);
    assert.deepEqual(said(tunnelled)[0]?.[3], { rate: 3000, burst: 300 });
    assert.deepEqual(tunnelled.options, {});
  });

  it('is a queue with as much as is said of it', () => {
    const options = (given: Partial<QosState>) => of({ physical: true, ...given }).options;
    const none = { qos_max_rate: undefined, qos_burst: undefined };
    assert.deepEqual(options({ minimum: 5 }), { qos_min_rate: '5000', ...none });
    assert.deepEqual(options({ minimum: 5, egress: { rate: 0, burst: 0 } }), {
      qos_min_rate: '5000',
      ...none,
    });
    const limited = options({ minimum: 5, egress: { rate: 7, burst: 0 } });
    assert.deepEqual(limited, { qos_min_rate: '5000', qos_max_rate: '7000', qos_burst: undefined });
    assert.deepEqual(options({ egress: { rate: 7, burst: 0 } }), {});
  });

  it('says whose its rows are', () => {
    const [row] = of({ dscp: 8 }).rows;
    assert.equal(row?.table, 'QoS');
    assert.deepEqual(row?.columns.external_ids, new Map([['neutron:port_id', 'p']]));
    assert.equal(said(of({ dscp: 8 }, { deviceOwner: 'compute:network:x' })).length, 1);
  });

  it('leaves out devices, external ports and ports without policy', () => {
    const limit = { ingress: { rate: 1, burst: 0 } };
    assert.deepEqual(said(of(limit, { deviceOwner: 'network:dhcp' })), []);
    assert.deepEqual(said(of(limit, { deviceOwner: 'neutron:LOADBALANCERV2' })), []);
    assert.deepEqual(said(of(limit, {}, 'external')), []);
    assert.deepEqual(said(portQos(portState({ qos: undefined }), '')), []);
    assert.equal(said(of(limit)).length, 1);
  });
});
