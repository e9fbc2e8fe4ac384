import { userInfo } from 'node:os'
import { join } from 'node:path'
import { type Child, startChild } from './child-process.ts'
import { freePort } from './free-port.ts'
import { openNamespace, type ProcessNamespace } from './process-namespace.ts'
import { findProgram } from './requirements.ts'
import { type HostKeyType, makeKeys, type SshdFiles, writeSshdFiles } from './sshd-files.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { until } from './until.ts'

export interface SshdOptions {
  /** Loopback addresses it listens on, all at one port; only 127.0.0.1 when left out. */
  readonly hosts?: readonly string[]
  /** How many channels one connection may have; 10 as OpenSSH has it. */
  readonly maxSessions?: number
  /** `start:rate:full` for connections that have not logged in yet; generous when left out. */
  readonly maxStartups?: string
  readonly hostKeyTypes?: readonly HostKeyType[]
  /** Lines of sshd_config that go before all others, so they win. */
  readonly config?: readonly string[]
}

/**
 * A running OpenSSH server of a test's own, with an empty home for whoever logs in. It is also the process namespace that it runs in;
 * disposing of it ends everything there.
 */
export interface Sshd extends ProcessNamespace {
  readonly hosts: readonly string[]
  readonly port: number
  /** The only user who may log in: whoever runs the test. */
  readonly userName: string
  /** The private key that lets him in. */
  readonly identityFile: string
  /** Holds the server's keys for all of `hosts`. */
  readonly knownHostsFile: string
  /** The host keys as `type base64`. */
  readonly hostKeys: readonly string[]
  /** The home that sessions see at the user's real place, as a folder on the outside. */
  readonly home: string
  /** A folder for what the test wants to keep beside it; goes away with the server. */
  readonly folder: string
  /** What sshd logged until now. */
  log(): string
  /** How many clients are connected now, logged in or not. */
  clientCount(): Promise<number>
  /** Sends a signal to the processes that serve connections, not to the listener and not to what clients run. Returns how many it found. */
  signalConnections(signal: 'STOP' | 'CONT' | 'KILL'): Promise<number>
  /** Breaks every connection as a cut cable would not: at once, and the clients notice. What they run goes on. */
  killConnections(): Promise<number>
  /** Ends the listener alone; connections live on. */
  stopListening(): Promise<void>
  /** Listens again on the same port, with the same keys. */
  listenAgain(): Promise<void>
  /** Ends it and all that runs in its namespace. */
  stop(): Promise<void>
}

/** Starts a server and waits until it says that it listens. Needs `requireSshd()`. @throws with sshd's log when it does not start */
export async function startSshd(options: SshdOptions = {}): Promise<Sshd> {
  await using stack = new AsyncDisposableStack()
  const folder = stack.use(await temporaryFolder('tron-sshd-'))
  const hostKeyTypes = options.hostKeyTypes ?? ['ed25519']
  await makeKeys(folder.path, hostKeyTypes)
  const home = join(folder.path, 'home')
  const namespace = stack.use(await openNamespace({ home }))
  const hosts = options.hosts ?? ['127.0.0.1']
  const { port, files, listener } = await listenSomewhere(namespace, { folder: folder.path, hosts, options })
  const owned = stack.move()
  const server = createListenerControl({ namespace, files, hosts, port, listener })
  return {
    hosts,
    port,
    userName: userInfo().username,
    identityFile: files.identity,
    knownHostsFile: files.knownHosts,
    hostKeys: files.hostKeys,
    home,
    folder: folder.path,
    enter: namespace.enter,
    inside: namespace.inside,
    ...server,
    ...createConnectionControl(namespace, files),
    stop: () => owned.disposeAsync(),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

interface Place {
  readonly folder: string
  readonly hosts: readonly string[]
  readonly options: SshdOptions
}

/** A free port may be taken before sshd has it: then it says so and another one is tried. */
async function listenSomewhere(namespace: ProcessNamespace, { folder, hosts, options }: Place) {
  let said = ''
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const port = await freePort(hosts)
    const config = [
      ...(options.config ?? []),
      `MaxSessions ${options.maxSessions ?? 10}`,
      `MaxStartups ${options.maxStartups ?? '200:30:400'}`,
    ]
    const hostKeyTypes = options.hostKeyTypes ?? ['ed25519']
    const files = await writeSshdFiles(folder, { hosts, port, hostKeyTypes, config })
    const listener = await launch(namespace, files)
    if (await isListening(listener, hosts, port)) return { port, files, listener }
    said = listener.stderr()
    await endListener(namespace, files)
  }
  throw new Error(`sshd does not start: ${said}`)
}

function launch(namespace: ProcessNamespace, files: SshdFiles): Promise<Child> {
  const sshd = findProgram('sshd') ?? 'sshd'
  return startChild(namespace.enter([sshd, '-D', '-e', '-f', files.config]))
}

async function isListening(listener: Child, hosts: readonly string[], port: number): Promise<boolean> {
  const hasFailed = () => listener.stderr().includes('Bind to port')
  const lines = hosts.map((host) => `Server listening on ${host} port ${port}.`)
  await until(
    'sshd listens',
    () => !listener.running() || hasFailed() || lines.every((line) => listener.stderr().includes(line)),
    { explain: listener.stderr },
  )
  return listener.running() && !hasFailed()
}

/** Its file goes when it ends, while sessions may keep its log open. */
async function endListener(namespace: ProcessNamespace, { pidFile }: SshdFiles): Promise<void> {
  await namespace.inside(`kill -s TERM -- "$(cat '${pidFile}')"`)
  await until('sshd has stopped listening', async () => {
    const look = await namespace.inside(`test -e '${pidFile}'`)
    return look.code !== 0
  })
}

interface Listening {
  readonly namespace: ProcessNamespace
  readonly files: SshdFiles
  readonly hosts: readonly string[]
  readonly port: number
  readonly listener: Child
}

function createListenerControl({ namespace, files, hosts, port, listener }: Listening) {
  const listeners = [listener]
  return {
    log: () => listeners.map((child) => child.stderr()).join(''),
    stopListening: () => endListener(namespace, files),
    async listenAgain() {
      const next = await launch(namespace, files)
      listeners.push(next)
      if (!(await isListening(next, hosts, port))) throw new Error(`sshd: ${next.stderr()}`)
    },
  }
}

/**
 * The processes that serve connections bear sshd's name and are not the listener. An unprivileged part of one is its child, so only those
 * count whose parent is the listener or, when that has gone, the first process.
 */
const eachConnection = (pidFile: string, act: string) => `
listener=$(cat '${pidFile}' 2>/dev/null || echo none)
for folder in /proc/[0-9]*; do
  pid=\${folder#/proc/}
  read -r name <"$folder/comm" || continue
  case $name in sshd|sshd-session|sshd-auth) ;; *) continue ;; esac
  test "$pid" = "$listener" && continue
  ${act}
done 2>/dev/null
true`

function createConnectionControl(namespace: ProcessNamespace, files: SshdFiles) {
  const each = async (act: string) => {
    const done = await namespace.inside(eachConnection(files.pidFile, act))
    return done.stdout.split('\n').filter((line) => line !== '').length
  }
  const signalConnections = (signal: 'STOP' | 'CONT' | 'KILL') =>
    each(`kill -s ${signal} -- "$pid" && echo "$pid"`)
  return {
    signalConnections,
    killConnections: () => signalConnections('KILL'),
    clientCount: () =>
      each(`parent=$(sed -n 's/^PPid:[[:space:]]*//p' "$folder/status")
  case $parent in "$listener"|1) echo "$pid" ;; esac`),
  }
}
