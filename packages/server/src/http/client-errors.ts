import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { ApiError, HTTPBadRequest, neutronErrorBody } from '@ovenbird/api';

/** What Node says of a request that is none. */
const answerTo = (code: string | undefined): ApiError => {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new ApiError(408, 'HTTPRequestTimeout', 'The request took too long to arrive.');
    case 'HPE_HEADER_OVERFLOW':
      return new ApiError(431, 'HTTPRequestHeaderFieldsTooLarge', 'The head of the request is too long.');
    default:
      return HTTPBadRequest({ message: 'The request could not be understood.' });
  }
};

/** The body of the answer to a request whose target cannot be. */
export const badTarget = (): object => neutronErrorBody(answerTo(undefined));

/** Answer what cannot be read as HTTP in the form of every other error, repeat nothing of it, and hang up. */
export const refuseClient = (error: Error & { readonly code?: string }, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (!socket.writable) {
    socket.destroy(error);
    return;
  }
  const answer = answerTo(error.code);
  const body = JSON.stringify(neutronErrorBody(answer));
  const head = [
    `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status]}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'X-Content-Type-Options: nosniff',
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
};
