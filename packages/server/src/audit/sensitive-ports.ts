const TCP = 6;
const UDP = 17;

/** Services that strangers must not reach, by protocol number and port (IANA service names, and ports that products use). */
const services: readonly (readonly [protocol: number, port: number, name: string])[] = [
  [TCP, 22, 'ssh'],
  [TCP, 23, 'telnet'],
  [TCP, 135, 'msrpc'],
  [TCP, 139, 'netbios'],
  [TCP, 389, 'ldap'],
  [TCP, 445, 'smb'],
  [TCP, 873, 'rsync'],
  [TCP, 1433, 'mssql'],
  [TCP, 1521, 'oracle'],
  [TCP, 2049, 'nfs'],
  [TCP, 2375, 'docker'],
  [TCP, 2376, 'docker'],
  [TCP, 2379, 'etcd'],
  [TCP, 3306, 'mysql'],
  [TCP, 3389, 'rdp'],
  [TCP, 5432, 'postgresql'],
  [TCP, 5672, 'amqp'],
  [TCP, 5900, 'vnc'],
  [TCP, 5985, 'winrm'],
  [TCP, 5986, 'winrm'],
  [TCP, 6379, 'redis'],
  [TCP, 6641, 'ovn-nb'],
  [TCP, 6642, 'ovn-sb'],
  [TCP, 9042, 'cassandra'],
  [TCP, 9200, 'elasticsearch'],
  [TCP, 10250, 'kubelet'],
  [TCP, 11211, 'memcached'],
  [TCP, 15672, 'rabbitmq'],
  [TCP, 27017, 'mongodb'],
  [UDP, 69, 'tftp'],
  [UDP, 111, 'rpcbind'],
  [UDP, 161, 'snmp'],
  [UDP, 389, 'ldap'],
  [UDP, 623, 'ipmi'],
  [UDP, 1434, 'mssql'],
  [UDP, 11211, 'memcached'],
];

/** `ssh (22), rdp (3389)`: services within a range of ports; null: no bound. Empty: none. */
export const sensitiveServices = (
  protocol: number,
  min: number | null,
  max: number | null,
): readonly string[] =>
  services
    .filter(([of, port]) => of === protocol && port >= (min ?? 0) && port <= (max ?? 65_535))
    .map(([, port, name]) => `${name} (${port})`);
