import assert from 'node:assert/strict';
import type { Shell } from '@ovenbird/server';

/** Bytes of Ethernet, IPv4 and UDP around each datagram; limits count whole frames. */
const AROUND = 14 + 20 + 8;

/** Where datagrams go: to an address, or back to where `to` asks `server` from (a way that only answers may take). */
export type Target = { readonly address: string } | { readonly server: string };

const listener = (target: Target): string => `
    const socket = require('dgram').createSocket('udp4');
    let bytes = 0, from = 0;
    socket.on('message', (data) => {
      const now = performance.now();
      if (from === 0) { from = now; return; }
      if (now - from > 1500) bytes += data.length + ${AROUND};
      if (now - from > 5500) { console.log(bytes * 8 / 4000); process.exit(0); }
    });
    socket.bind(9000);
    ${'server' in target ? `setInterval(() => socket.send('more', 9001, '${target.server}'), 100);` : ''}`;

const sender = (target: Target, limit: number): string => `
    const socket = require('dgram').createSocket('udp4');
    const data = Buffer.alloc(1200);
    const flood = (port, address) => {
      const began = performance.now();
      let sent = 0;
      setInterval(() => {
        const due = (performance.now() - began) * ${3 * limit} / 8 / data.length;
        for (; sent < due; sent += 1) socket.send(data, port, address);
      }, 5);
    };
    ${
      'server' in target
        ? `socket.once('message', (_asked, { port, address }) => flood(port, address)).bind(9001);`
        : `flood(9000, '${target.address}');`
    }`;

/** Kilobits a second that arrive at `to` while `from` sends three times the limit, once bursts are used up. */
export const arriving = async (from: Shell, to: Shell, target: Target, limit: number): Promise<number> => {
  const stop = new AbortController();
  const sending = from.run([process.execPath, '-e', sender(target, limit)], {
    signal: stop.signal,
    timeoutMs: 20_000,
  });
  try {
    const { stdout } = await to.run([process.execPath, '-e', listener(target)], { timeoutMs: 15_000 });
    return Number(stdout.trim());
  } finally {
    stop.abort();
    await sending.catch(() => {}); // ended by us
  }
};

/** Throws where more or less than the limit arrives, by 15 % and more. */
export const holds = async (
  what: string,
  from: Shell,
  to: Shell,
  target: Target,
  limit: number,
): Promise<void> => {
  const rate = await arriving(from, to, target, limit);
  assert.ok(Math.abs(rate / limit - 1) < 0.15, `${what}: ${rate} kbit/s`);
};
