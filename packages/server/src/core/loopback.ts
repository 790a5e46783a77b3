/** Whether `host`, an address or `localhost`, is this host and nobody else's to reach. */
export const isLoopback = (host: string): boolean =>
  /^(localhost|::1|\[::1\]|(::ffff:)?127\.\d+\.\d+\.\d+)$/.test(host);
