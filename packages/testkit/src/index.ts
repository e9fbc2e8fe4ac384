export { type Child, type ChildExit, type Finished, runChild, startChild } from './child-process.ts'
export { type Daemon, type DaemonOptions, runDaemon, startDaemon } from './daemon.ts'
export { freePort } from './free-port.ts'
export { type HttpAnswer, type HttpCall, httpJson } from './http-json.ts'
export { type NamespaceOptions, openNamespace, type ProcessNamespace } from './process-namespace.ts'
export { realClock } from './real-clock.ts'
export {
  findProgram,
  requireNamespaces,
  requireNoLogin,
  requireProgram,
  requireSshd,
  WITHOUT_LOGIN,
} from './requirements.ts'
export { type Sshd, type SshdOptions, startSshd } from './sshd.ts'
export { type HostKeyType, makeKeyPair } from './sshd-files.ts'
export { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts'
export { type UntilOptions, until } from './until.ts'
