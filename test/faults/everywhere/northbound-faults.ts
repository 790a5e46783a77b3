import { type RelayOptions, startRelay, type Verdict } from '@ovenbird/ovsdb/testing';
import { type Fault, type Injector, type Kill, Trigger } from './injector.ts';

/** Kinds that the server seems to answer with: an error of RFC 7047. */
const refusals = ['constraint violation', 'timed out', 'not owner', 'resources exhausted'];

const faults: readonly Fault[] = [
  ...refusals.map((kind) => ({ kind, crash: false })),
  { kind: 'cut before', crash: false },
  { kind: 'cut after', crash: false },
  { kind: 'crash before', crash: true },
  { kind: 'crash after', crash: true },
];

const member = (message: unknown, name: string): unknown =>
  typeof message === 'object' && message !== null ? Reflect.get(message, name) : undefined;

/** Faults of transactions on the Northbound database, made on the wire between the service and the real server. */
export const northboundFaults = async (options: {
  /** Socket of the server, and the one for the service. */
  readonly server: string;
  readonly service: string;
  readonly kill: Kill;
}): Promise<Injector> => {
  const trigger = new Trigger();
  const afterwards = new Map<unknown, string>();
  const onRequest: RelayOptions['onRequest'] = (message): Verdict => {
    if (member(message, 'method') !== 'transact') return 'pass';
    const kind = trigger.next();
    const id = member(message, 'id');
    if (kind === undefined) return 'pass';
    if (kind === 'cut before') return 'cut';
    if (refusals.includes(kind)) return { answer: { id, error: null, result: [{ error: kind }] } };
    if (kind !== 'crash before') {
      afterwards.set(id, kind);
      return 'pass';
    }
    options.kill();
    return 'drop';
  };
  const onReply: RelayOptions['onReply'] = (message): Verdict => {
    const id = member(message, 'id');
    const kind = afterwards.get(id);
    if (kind === undefined || member(message, 'method') !== undefined) return 'pass';
    afterwards.delete(id);
    if (kind === 'cut after') return 'cut';
    options.kill();
    return 'drop';
  };
  const relay = await startRelay({ from: options.service, to: options.server, onRequest, onReply });
  return {
    place: 'northbound',
    faults,
    arm: (fault, nth) => trigger.arm(fault, nth),
    disarm: () => trigger.disarm(),
    [Symbol.asyncDispose]: () => relay[Symbol.asyncDispose](),
  };
};
