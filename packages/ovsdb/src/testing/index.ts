export type { TestCertificates } from './certificates.ts';
export { OvsdbServerProcess, type ServerTls } from './server-process.ts';
export {
  type StartServerOptions,
  startOvsdbCluster,
  startOvsdbServer,
  type TestCluster,
  type TestServer,
} from './start-server.ts';
