/** Messages of JSON-RPC 1.0 as RFC 7047 §4 uses them. */
export type RpcId = string | number;

export type RpcMessage =
  | { readonly kind: 'request'; readonly id: unknown; readonly method: string; readonly params: unknown }
  | { readonly kind: 'notification'; readonly method: string; readonly params: readonly unknown[] }
  | { readonly kind: 'reply'; readonly id: unknown; readonly result: unknown; readonly error: unknown };

/** A JSON object that is no JSON-RPC message. The link is lost: what it was for cannot be known. */
export class RpcProtocolError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'RpcProtocolError';
  }
}

type JsonObject = { readonly [member: string]: unknown };

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** In: a parsed JSON value. Out: the message it is. Throws {@link RpcProtocolError}. */
export function classify(value: unknown): RpcMessage {
  if (!isObject(value)) throw new RpcProtocolError('a message must be an object');
  const { id = null, method, params, result = null, error = null } = value;
  if (method === undefined || method === null) {
    if (id === null) throw new RpcProtocolError('a reply needs an id');
    return { kind: 'reply', id, result, error };
  }
  if (typeof method !== 'string') throw new RpcProtocolError('a method must be a string');
  if (!Array.isArray(params)) throw new RpcProtocolError(`${method}: params must be an array`);
  return id === null ? { kind: 'notification', method, params } : { kind: 'request', id, method, params };
}

/** Text of a request. */
export function requestText(id: RpcId, method: string, params: readonly unknown[]): string {
  return JSON.stringify({ id, method, params });
}

/** Text of a notification: a request whose id is null. */
export function notificationText(method: string, params: readonly unknown[]): string {
  return JSON.stringify({ id: null, method, params });
}

/** Text of a reply to a request of the peer: `error` is null when it went well. */
export function replyText(id: unknown, result: unknown, error: unknown): string {
  return JSON.stringify({ id, result, error });
}
