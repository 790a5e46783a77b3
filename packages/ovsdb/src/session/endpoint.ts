import { readFile } from 'node:fs/promises';
import { connect as connectSocket, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { TlsFiles } from '../contract.ts';

/** Where a server listens. */
export type Endpoint =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp' | 'ssl'; readonly host: string; readonly port: number };

const HOST_PORT = /^(tcp|ssl):(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/;

/**
 * In: `unix:PATH`, `tcp:HOST:PORT` or `ssl:HOST:PORT`, IPv6 addresses in brackets (ovsdb(7), "Connection Methods").
 * Throws a `TypeError` for anything else.
 */
export function parseEndpoint(text: string): Endpoint {
  if (text.startsWith('unix:') && text.length > 5) return { kind: 'unix', path: text.slice(5) };
  const [, kind, bracketed, plain, port] = HOST_PORT.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (
    (kind !== 'tcp' && kind !== 'ssl') ||
    host === undefined ||
    Number(port) > 65535 ||
    Number(port) === 0
  ) {
    throw new TypeError(`"${text}" is not unix:PATH, tcp:HOST:PORT or ssl:HOST:PORT`);
  }
  return { kind, host, port: Number(port) };
}

async function startConnecting(endpoint: Endpoint, tls: TlsFiles | undefined): Promise<Socket> {
  if (endpoint.kind === 'unix') return connectSocket({ path: endpoint.path });
  const { host, port } = endpoint;
  if (endpoint.kind === 'tcp') return connectSocket({ host, port, noDelay: true });
  if (tls === undefined)
    throw new TypeError('an ssl endpoint needs private key, certificate and CA certificate');
  // Read at each connect, so that renewed certificates are taken up without a restart.
  const [key, cert, ca] = await Promise.all([
    readFile(tls.privateKey),
    readFile(tls.certificate),
    readFile(tls.caCertificate),
  ]);
  // Open vSwitch certificates name switches, not hosts: trust rests on the CA, as in ovs-vsctl(8).
  const checkServerIdentity = (): undefined => undefined;
  const socket = connectTls({ host, port, key, cert, ca, checkServerIdentity });
  socket.setNoDelay(true);
  return socket;
}

/**
 * Connect. Out: a connected socket, TLS handshake done. Rejects with the reason when the connection fails, `signal`
 * is aborted, or `timeoutMs` passed.
 */
export async function openSocket(
  endpoint: Endpoint,
  tls: TlsFiles | undefined,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Socket> {
  signal.throwIfAborted();
  const socket = await startConnecting(endpoint, tls);
  const connected = Promise.withResolvers<void>();
  const timer = setTimeout(() => connected.reject(new Error(`no connection in ${timeoutMs} ms`)), timeoutMs);
  const onAbort = (): void => connected.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  socket.once('error', connected.reject);
  const onClose = (): void => connected.reject(new Error('closed while connecting'));
  socket.once('close', onClose);
  socket.once(endpoint.kind === 'ssl' ? 'secureConnect' : 'connect', () => connected.resolve());
  try {
    await connected.promise;
    return socket;
  } catch (error) {
    // A late error of a socket that nobody waits for must not end the process.
    socket.on('error', () => {});
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    socket.off('error', connected.reject);
    socket.off('close', onClose);
  }
}
