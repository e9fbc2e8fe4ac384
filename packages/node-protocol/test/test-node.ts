import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type {
  Executor,
  ExecutorEvent,
  ExecutorHost,
  Fence,
  StartReply,
  StartRequest,
  Stream,
  TargetConfig,
} from '@tron/executor'
import { suiteFence } from '@tron/executor/testing'
import { type AttemptId, attemptIdOf, type Clock } from '@tron/model'
import { createMemoryLogger, createSeededRandom } from '@tron/model/testing'
import { createNodeExecutor } from '@tron/node-protocol'
import { openNamespace, type ProcessNamespace, realClock, temporaryFolder, until } from '@tron/testkit'
import { createShellTransport, type ShellTransport } from './shell-transport.ts'
import { installShell, type ShellKind } from './shells.ts'

/** A node in a process namespace of its own, running the protocol's program under one shell. */
export interface TestNode extends AsyncDisposable {
  readonly folder: string
  readonly namespace: ProcessNamespace
  readonly transport: ShellTransport
  readonly target: TargetConfig
  /** An executor of its own, as another scheduler or the same one after a restart would have it. */
  open(fence?: Partial<Fence>): Promise<Scheduler>
  openBare(fence?: Partial<Fence>): Executor
}

/** An executor whose events are taken in as they come. */
export interface Scheduler extends AsyncDisposable {
  readonly executor: Executor
  readonly events: readonly ExecutorEvent[]
  /** The cursor that came with the last of them. */
  cursor(): string
  request(command: string, different?: Partial<StartRequest>): StartRequest
  start(requests: readonly StartRequest[]): Promise<readonly StartReply[]>
  /** Starts a command and waits until its output is complete. */
  finish(command: string, different?: Partial<StartRequest>): Promise<StartRequest>
  wait<K extends AttemptEvent['kind']>(kind: K, id: AttemptId): Promise<Extract<AttemptEvent, { kind: K }>>
  output(request: StartRequest, stream?: Stream): Promise<Buffer>
}

type AttemptEvent = Exclude<ExecutorEvent, { kind: 'target' }>

export async function createTestNode(
  kind: ShellKind,
  options: {
    readonly spool?: string
    /** Scripts that the node finds before all other programs, by name. */
    readonly programs?: Readonly<Record<string, string>>
    /** How much later answers come than what the journal says. */
    readonly lateMs?: number
    /** What the schedulers take for the time. */
    readonly clock?: Clock
    /** How old a connection of theirs may become. */
    readonly sessionMaxAgeMs?: number
  } = {},
): Promise<TestNode> {
  const folder = await temporaryFolder()
  const namespace = await openNamespace()
  const { shell, path } = await installShell(kind, folder.path)
  const spool = options.spool ?? join(folder.path, 'spool')
  const programs = join(folder.path, 'programs')
  await mkdir(programs)
  for (const [name, script] of Object.entries(options.programs ?? {}))
    await writeFile(join(programs, name), script, { mode: 0o755 })
  const transport = createShellTransport({
    namespace,
    path: `${programs}:${path}`,
    lateMs: options.lateMs ?? 0,
  })
  const target: TargetConfig = {
    target: { executor: 'test', node: 'node', address: '' },
    settings: { spoolRoot: spool, connectTimeoutMs: 20_000, shell: 'sh' },
  }
  await mkdir(join(folder.path, 'commands'))
  const openBare = (fence: Partial<Fence> = {}): Executor => {
    const host: ExecutorHost = {
      name: 'test',
      log: createMemoryLogger(),
      clock: options.clock ?? realClock,
      random: createSeededRandom(performance.now()),
      fence: suiteFence(fence),
      secret: () => Promise.reject(new Error('these tests have no secrets')),
    }
    const { sessionMaxAgeMs } = options
    return createNodeExecutor({ transport, host, shell, ...(sessionMaxAgeMs && { sessionMaxAgeMs }) })
  }
  return {
    folder: folder.path,
    namespace,
    transport,
    target,
    openBare,
    async open(fence) {
      const executor = openBare(fence)
      await executor.setTargets([target])
      return createScheduler(executor, target)
    },
    async [Symbol.asyncDispose]() {
      await namespace[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

let started = 0

function createScheduler(executor: Executor, target: TargetConfig): Scheduler {
  const events: ExecutorEvent[] = []
  let cursor = ''
  const ending = new AbortController()
  const take = async (): Promise<void> => {
    for await (const batch of executor.events({}, { signal: ending.signal })) {
      events.push(...batch.events)
      cursor = batch.cursor
    }
  }
  const taking = take()
  const wait: Scheduler['wait'] = (kind, id) =>
    until(
      `${kind} of ${id}`,
      () =>
        events.find((event): event is Extract<AttemptEvent, { kind: typeof kind }> => isOf(event, kind, id)),
      { withinMs: 60_000, explain: () => JSON.stringify(events.slice(-10)) },
    )
  const start: Scheduler['start'] = (requests) =>
    executor.start(requests, { signal: AbortSignal.timeout(60_000) })
  const request: Scheduler['request'] = (command, different = {}) => {
    started += 1
    const startKey = `test.job/r${started}/0/act/0`
    const id = attemptIdOf(suiteFence().installation, startKey)
    const common = { id, startKey, runNumber: started, configHash: 'c0ffee', env: {}, spec: null }
    return { ...common, target: target.target, command, ...different }
  }
  return {
    executor,
    events,
    cursor: () => cursor,
    request,
    start,
    wait,
    async finish(command, different) {
      const made = request(command, different)
      const [reply] = await start([made])
      if (reply?.result !== 'accepted') throw new Error(`a start was not accepted: ${JSON.stringify(reply)}`)
      await wait('closed', made.id)
      return made
    },
    async output({ id }, stream = 'stdout') {
      const chunks: Uint8Array[] = []
      const reading = executor.read({ id, target: target.target }, stream, 0, {
        signal: AbortSignal.timeout(60_000),
      })
      for await (const chunk of reading) chunks.push(chunk)
      return Buffer.concat(chunks)
    },
    async [Symbol.asyncDispose]() {
      ending.abort()
      await executor[Symbol.asyncDispose]()
      await taking
    },
  }
}

function isOf(event: ExecutorEvent, kind: string, id: AttemptId): boolean {
  return event.kind === kind && 'id' in event && event.id === id
}

export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
