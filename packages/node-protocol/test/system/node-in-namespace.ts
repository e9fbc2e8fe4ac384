import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Executor, ExecutorEvent, Fence, StartReply, StartRequest, Stream } from '@tron/executor'
import { suiteFence } from '@tron/executor/testing'
import { type AttemptId, attemptIdOf, type Clock, type JsonValue, type Target } from '@tron/model'
import { createMemoryLogger, createSeededRandom } from '@tron/model/testing'
import { createNodeExecutor, type Transport } from '@tron/node-protocol'
import {
  findProgram,
  openNamespace,
  type ProcessNamespace,
  realClock,
  temporaryFolder,
  until,
} from '@tron/testkit'
import { type BreakableTransport, createBreakableTransport } from './transport.ts'

export const TARGET: Target = { executor: 'test', node: 'node', address: '' }
/** Nothing here takes long; a machine under load does. */
export const DEADLINE_MS = 60_000

/** For conditions that cost some processes to look at. */
const PATIENT = { withinMs: DEADLINE_MS, everyMs: 100 }

export interface NodeOptions {
  /** The program that is the node's sh and the login's shell. */
  readonly program: string
  /** Beside what every login has. */
  readonly env?: Readonly<Record<string, string>>
}

/** A node that sees nothing of this machine's processes: with a home of its own, and a shell of choice. */
export interface NodeInNamespace extends AsyncDisposable {
  readonly home: string
  readonly namespace: ProcessNamespace
  readonly transport: BreakableTransport
  /**
   * An executor of its own, as another scheduler or the same one after a restart has it; wants the node, and takes its events in.
   * `settings` are those of the configuration's access: without any, the spool is in the home.
   */
  open(fence?: Partial<Fence>, settings?: JsonValue): Promise<Scheduler>
  /** An executor that was told of no target. */
  openBare(fence?: Partial<Fence>, parts?: ExecutorParts): Executor
  /** Another way to the node: what hurts this one leaves `transport` alone. */
  openTransport(): Promise<BreakableTransport>
  /** Runs a command line in the namespace, insists on success, and gives what it printed. */
  inside(command: string): Promise<string>
  /** The pids of all that carries the attempt's marker. */
  carriers(request: StartRequest): Promise<readonly string[]>
  /** Resolves when nothing carries the marker of any of them. */
  gone(requests: readonly StartRequest[]): Promise<void>
  /** What its records hold: the pids of the command and of what waits for it. */
  pids(request: StartRequest): Promise<{ readonly command: string; readonly supervisor: string }>
  /** Resolves when a command made this file in the home. */
  appears(file: string): Promise<void>
}

/** What an executor is made of other than what all others are. */
export interface ExecutorParts {
  readonly transport?: Transport
  readonly clock?: Clock
}

export async function openNode({ program, env = {} }: NodeOptions): Promise<NodeInNamespace> {
  const folder = await temporaryFolder()
  const namespace = await openNamespace()
  const shell = join(folder.path, 'sh')
  await symlink(findProgram(program) ?? program, shell)
  const home = join(folder.path, 'home')
  await mkdir(home)
  const login = {
    HOME: home,
    USER: 'tester',
    LOGNAME: 'tester',
    SHELL: shell,
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    LANG: 'C.UTF-8',
  }
  const openTransport: NodeInNamespace['openTransport'] = async () => {
    const notes = await mkdtemp(join(folder.path, 'notes-'))
    return createBreakableTransport({ namespace, shell, env: { ...env, ...login }, notes })
  }
  const transport = await openTransport()
  const openBare: NodeInNamespace['openBare'] = (fence, parts = {}) =>
    createNodeExecutor({
      transport: parts.transport ?? transport,
      shell,
      host: {
        name: TARGET.executor,
        log: createMemoryLogger(),
        clock: parts.clock ?? realClock,
        random: createSeededRandom(performance.now()),
        fence: suiteFence(fence),
        secret: () => Promise.reject(new Error('there are no secrets here')),
      },
    })
  const inside: NodeInNamespace['inside'] = async (command) => {
    const { code, stdout, stderr } = await namespace.inside(command)
    if (code !== 0) throw new Error(`inside the namespace a command ended with ${code}: ${stderr}`)
    return stdout
  }
  return {
    home,
    namespace,
    transport,
    openBare,
    openTransport,
    inside,
    async carriers({ id }) {
      const found = await inside(`grep -lsF 'TRON_ATTEMPT=${id}.' /proc/[0-9]*/environ | cut -d/ -f3`)
      return found.split('\n').filter((pid) => pid !== '')
    },
    async gone(requests) {
      const marks = requests.map(({ id }) => `-e 'TRON_ATTEMPT=${id}.'`).join(' ')
      const count = `grep -lsF ${marks} /proc/[0-9]*/environ | wc -l`
      await until('no process is left', async () => (await inside(count)).trim() === '0', PATIENT)
    },
    pids({ id }) {
      return until(`${id} is launched`, async () => {
        const go = await inside(`cat '${home}'/.tron-spool/*/*/g.*/a/??/${id}/go`)
        const [, command, supervisor] = /^G (\d+) \d+ (\d+) .* \.\n$/.exec(go) ?? []
        return command !== undefined && supervisor !== undefined && { command, supervisor }
      })
    },
    async appears(file) {
      await until(`${file} is there`, () => existsSync(join(home, file)), PATIENT)
    },
    async open(fence, settings = {}) {
      const executor = openBare(fence)
      await executor.setTargets([{ target: TARGET, settings }])
      return schedulerOf(executor)
    },
    async [Symbol.asyncDispose]() {
      await namespace[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

export type AttemptEvent = Exclude<ExecutorEvent, { readonly kind: 'target' }>
export type EventOf<K extends ExecutorEvent['kind']> = Extract<ExecutorEvent, { readonly kind: K }>

/** An executor with its events. */
export interface Scheduler extends AsyncDisposable {
  readonly executor: Executor
  readonly events: readonly ExecutorEvent[]
  start(requests: readonly StartRequest[]): Promise<readonly StartReply[]>
  /** Starts one command, insisting that it is accepted. */
  run(command: string, different?: Partial<StartRequest>): Promise<StartRequest>
  /** Runs a command to the end of its output. */
  finish(command: string, different?: Partial<StartRequest>): Promise<StartRequest>
  /** The first event of a kind, also one that came before. */
  wait<K extends AttemptEvent['kind']>(kind: K, id: AttemptId): Promise<EventOf<K>>
  all<K extends ExecutorEvent['kind']>(kind: K): readonly EventOf<K>[]
  exitOf(request: StartRequest): Promise<EventOf<'exit'>['outcome']>
  bytes(request: StartRequest, stream?: Stream): Promise<Buffer>
  text(request: StartRequest, stream?: Stream): Promise<string>
}

/** Takes in the events of an executor. */
export function schedulerOf(executor: Executor): Scheduler {
  const events: ExecutorEvent[] = []
  const over = new AbortController()
  const taking = (async () => {
    for await (const { events: some } of executor.events({}, { signal: over.signal })) events.push(...some)
  })()
  const all: Scheduler['all'] = (kind) =>
    events.filter((event): event is EventOf<typeof kind> => event.kind === kind)
  const start: Scheduler['start'] = (requests) => executor.start(requests, patience())
  const wait: Scheduler['wait'] = (kind, id) =>
    until(
      `${kind} of ${id}`,
      () => events.find((event): event is EventOf<typeof kind> => isOf(event, kind, id)),
      {
        withinMs: DEADLINE_MS,
        explain: () => JSON.stringify(events.slice(-20)),
      },
    )
  const run: Scheduler['run'] = async (command, different) => {
    const request = newRequest(command, different)
    const [reply] = await start([request])
    if (reply?.result !== 'accepted') throw new Error(`a start was not accepted: ${JSON.stringify(reply)}`)
    return request
  }
  const bytes: Scheduler['bytes'] = async ({ id }, stream = 'stdout') => {
    const chunks: Uint8Array[] = []
    for await (const chunk of executor.read({ id, target: TARGET }, stream, 0, patience())) chunks.push(chunk)
    return Buffer.concat(chunks)
  }
  return {
    executor,
    events,
    all,
    start,
    wait,
    run,
    bytes,
    async finish(command, different) {
      const request = await run(command, different)
      await wait('closed', request.id)
      return request
    },
    exitOf: async ({ id }) => (await wait('exit', id)).outcome,
    text: async (request, stream) => (await bytes(request, stream)).toString(),
    async [Symbol.asyncDispose]() {
      over.abort()
      await executor[Symbol.asyncDispose]()
      await taking
    },
  }
}

/** Whether an event is of this kind and tells of this attempt. */
export function isOf(event: ExecutorEvent, kind: string, id: AttemptId): boolean {
  return event.kind === kind && 'id' in event && event.id === id
}

/** Who holds the node when nothing else was said, and a scheduler after it whose store issued that pair. */
export const FIRST = { epoch: 1, nonce: 'first' }
export const SECOND: Partial<Fence> = { epoch: 2, nonce: 'second', holder: 'second', issued: [FIRST] }
/** A scheduler of the same installation whose store knows of nobody: a clone, or a restored backup, that counted on. */
export const FOREIGN: Partial<Fence> = { epoch: 9, nonce: 'foreign', holder: 'foreign', issued: [] }

/** As long as a call may take at all. */
export function patience(): { readonly signal: AbortSignal } {
  return { signal: AbortSignal.timeout(DEADLINE_MS) }
}

let made = 0

/** A new intent, under an id that no other has. */
export function newRequest(command: string, different: Partial<StartRequest> = {}): StartRequest {
  made += 1
  const startKey = `test.job/r${made}/0/act/0`
  const id = attemptIdOf(suiteFence().installation, startKey)
  return {
    id,
    startKey,
    runNumber: made,
    configHash: 'c0ffee',
    target: TARGET,
    command,
    env: {},
    spec: null,
    ...different,
  }
}
