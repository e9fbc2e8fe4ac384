export { executor } from './executor.ts'
export {
  type HostKeyVerdict,
  type HostName,
  judgeHostKey,
  type KnownHost,
  knownKeyTypes,
  parseKnownHosts,
} from './known-hosts.ts'
export type { LocalLogin } from './local-login.ts'
export { createSshTransport, type SshTransportDeps, type SshTransportOptions } from './ssh-transport.ts'
