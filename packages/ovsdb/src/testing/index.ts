export type { TestCertificates } from './certificates.ts';
export { startOvsdbCluster, type TestCluster } from './cluster.ts';
export { startWire, type Wire } from './proxy.ts';
export { type RelayOptions, startRelay, type Verdict } from './relay.ts';
export { OvsdbServerProcess, type ServerTls } from './server-process.ts';
export {
  type StartServerOptions,
  startOvsdbServer,
  type TestServer,
} from './start-server.ts';
