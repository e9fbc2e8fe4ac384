import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type Child, type ChildExit, startChild } from './child-process.ts'
import { environmentWith } from './environment.ts'
import { freePort } from './free-port.ts'
import { httpJson } from './http-json.ts'
import type { ProcessNamespace } from './process-namespace.ts'
import { until } from './until.ts'

const MAIN = fileURLToPath(new URL('../../../apps/trond/src/main.ts', import.meta.url))
const LAUNCHER = fileURLToPath(new URL('../../../bin/trond', import.meta.url))

export interface DaemonOptions {
  readonly workingDir: string
  /** A free one when left out. */
  readonly port?: number
  /** More arguments, such as `--take-over`. */
  readonly args?: readonly string[]
  /** Changes to the environment of the test run; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Runs it in the namespace of an sshd or of `openNamespace()`. What lies in a home that is replaced there cannot be seen from it. */
  readonly inNamespaceOf?: ProcessNamespace
  /** The program to run by Node; the daemon's source when left out. */
  readonly main?: string
  /** Runs what was built, through its launcher, as it is in use: what is measured must not count the reading of source. */
  readonly built?: boolean
  /** How long it may take until it answers, in milliseconds; 30 s when left out. */
  readonly withinMs?: number
}

/** A real `trond`, started from source. */
export interface Daemon extends AsyncDisposable {
  /** Where its API is, without a slash at the end. */
  readonly url: string
  readonly port: number
  /** The process of the daemon itself, as seen from outside. */
  readonly pid: number
  /** Resolves when it has ended, by itself or otherwise. */
  readonly exited: Promise<ChildExit>
  readonly stdout: () => string
  readonly stderr: () => string
  /** Sends a signal to it alone and returns at once; wait for `exited`. */
  kill(signal: NodeJS.Signals): void
  /** SIGTERM, and waits until it has ended. @throws with its output when that takes more than `withinMs` (10 s), after a SIGKILL */
  stop(options?: { readonly withinMs?: number }): Promise<ChildExit>
}

/** Starts a daemon and waits until it answers `GET /api/status`. @throws with its output when it ends before, or is too slow */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const port = options.port ?? (await freePort())
  const child = await launchDaemon(options, port)
  const url = `http://127.0.0.1:${port}`
  const said = () => `trond said:\n${child.stdout()}${child.stderr()}`
  try {
    await until('trond answers', () => !child.running() || answers(url), {
      withinMs: options.withinMs ?? 30_000,
      explain: said,
    })
    if (!child.running()) throw new Error(`trond ended with ${JSON.stringify(await child.exited)}; ${said()}`)
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
  const pid = options.inNamespaceOf === undefined ? child.pid : await onlyChildOf(child.pid)
  return createDaemon(child, { url, port, pid, said })
}

/** Runs a daemon that is expected to end by itself, such as one that is refused. @throws when it still runs after `withinMs` (30 s) */
export async function runDaemon(
  options: DaemonOptions,
): Promise<ChildExit & { readonly stdout: string; readonly stderr: string }> {
  const child = await launchDaemon(options, options.port ?? (await freePort()))
  try {
    await until('trond ends by itself', () => !child.running(), {
      withinMs: options.withinMs ?? 30_000,
      explain: () => `${child.stdout()}${child.stderr()}`,
    })
  } finally {
    child.kill('SIGKILL')
  }
  return { ...(await child.exited), stdout: child.stdout(), stderr: child.stderr() }
}

function launchDaemon(options: DaemonOptions, port: number): Promise<Child> {
  const source = [process.execPath, '--conditions=@tron/source', options.main ?? MAIN]
  const program = options.built === true ? [LAUNCHER] : source
  const listen = ['-H', '127.0.0.1', '-P', String(port)]
  const argv = [...program, '-w', options.workingDir, ...listen, ...(options.args ?? [])]
  const { inNamespaceOf, env = {} } = options
  return startChild(inNamespaceOf === undefined ? argv : inNamespaceOf.enter(argv), {
    env: environmentWith(env),
  })
}

interface Running {
  readonly url: string
  readonly port: number
  readonly pid: number
  readonly said: () => string
}

function createDaemon(child: Child, { url, port, pid, said }: Running): Daemon {
  const kill = (signal: NodeJS.Signals) => {
    if (child.running()) process.kill(pid, signal)
  }
  const stop = async ({ withinMs = 10_000 }: { readonly withinMs?: number } = {}) => {
    kill('SIGTERM')
    try {
      await until('trond has ended', () => !child.running(), { withinMs, explain: said })
    } catch (error) {
      kill('SIGKILL')
      await child.exited
      throw error
    }
    return child.exited
  }
  return {
    url,
    port,
    pid,
    exited: child.exited,
    stdout: child.stdout,
    stderr: child.stderr,
    kill,
    stop,
    async [Symbol.asyncDispose]() {
      await stop()
    },
  }
}

async function answers(url: string): Promise<boolean> {
  return (await httpJson(`${url}/api/status`, { withinMs: 1_000 })).status === 200
}

/** `nsenter` forks to enter a PID namespace; the process that matters is its child. */
async function onlyChildOf(pid: number): Promise<number> {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim()
  if (!/^\d+$/.test(children)) throw new Error(`process ${pid} has the children "${children}", not one`)
  return Number(children)
}
