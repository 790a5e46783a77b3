import type { Shell } from '@ovenbird/server';

/** Bytes of Ethernet, IPv4 and UDP around each datagram; limits count whole frames. */
const AROUND = 14 + 20 + 8;

/** Kilobits a second that arrive at `to`, at this address, while `from` sends three times the limit, once bursts are used up. */
export const arriving = async (from: Shell, to: Shell, address: string, limit: number): Promise<number> => {
  const listen = `
    const socket = require('dgram').createSocket('udp4');
    let bytes = 0, from = 0;
    socket.on('message', (data) => {
      const now = performance.now();
      if (from === 0) { from = now; return; }
      if (now - from > 1500) bytes += data.length + ${AROUND};
      if (now - from > 5500) { console.log(bytes * 8 / 4000); process.exit(0); }
    });
    socket.bind(9000);`;
  const send = `
    const socket = require('dgram').createSocket('udp4');
    const data = Buffer.alloc(1200), began = performance.now();
    let sent = 0;
    setInterval(() => {
      const due = (performance.now() - began) * ${3 * limit} / 8 / data.length;
      for (; sent < due; sent += 1) socket.send(data, 9000, '${address}');
    }, 5);`;
  const stop = new AbortController();
  const sending = from.run([process.execPath, '-e', send], {
    signal: stop.signal,
    timeoutMs: 20_000,
  });
  try {
    const { stdout } = await to.run([process.execPath, '-e', listen], { timeoutMs: 15_000 });
    return Number(stdout.trim());
  } finally {
    stop.abort();
    await sending.catch(() => {}); // ended by us
  }
};
