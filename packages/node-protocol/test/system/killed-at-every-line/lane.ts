import { join } from 'node:path'
import type { Executor, ExecutorEvent, StartReply, StartRequest } from '@tron/executor'
import { suiteFence } from '@tron/executor/testing'
import type { AttemptId, Target } from '@tron/model'
import { until } from '@tron/testkit'
import {
  type AttemptEvent,
  DEADLINE_MS,
  type EventOf,
  type NodeInNamespace,
  newRequest,
  patience,
  schedulerOf,
} from '../node-in-namespace.ts'
import type { BreakableTransport } from '../transport.ts'
import { createHurriedClock, type HurriedClock } from './hurried-clock.ts'
import { startAll, type Watched, waitFor } from './patient-calls.ts'
import { createStepOrders, type StepOrders } from './step-orders.ts'
import { createSteppedTransport, type SteppedTransport } from './stepped-transport.ts'

/** One spool of a node, with a scheduler on it whose program dies where it is told to. */
export interface Lane extends AsyncDisposable {
  readonly name: string
  readonly target: Target
  /** The home of the node's login. */
  readonly home: string
  /** The spool's folder. */
  readonly spool: string
  readonly executor: Executor
  /** The way to the node, which a test can hurt. */
  readonly transport: BreakableTransport
  readonly program: SteppedTransport
  readonly orders: StepOrders
  readonly events: readonly ExecutorEvent[]
  request(command: string, different?: Partial<StartRequest>): StartRequest
  /** The steps that programs have from now on, and those that they have once somebody was killed; null for all. */
  expect(now: ReadonlySet<number> | null, later: ReadonlySet<number> | null): Promise<void>
  /** The number of the only step that a text fits. */
  lineOf(text: RegExp): number
  /** Asks until it is known for each whether the node has it, and adopts what it has already. */
  start(requests: readonly StartRequest[]): Promise<readonly StartReply[]>
  /** The first event of an attempt, from an index on, that is of one of these kinds. */
  wait<K extends AttemptEvent['kind']>(kinds: readonly K[], id: AttemptId, from?: number): Promise<EventOf<K>>
  /** Breaks the connection and waits until there is another one. */
  reconnect(): Promise<void>
  /** The scheduler's. */
  readonly clock: HurriedClock
}

export interface LaneOptions {
  readonly name: string
  /** False for the program as it is shipped. */
  readonly isStepped?: boolean
  /** The folders in which the node's shell finds programs, where that is not what a login has. */
  readonly path?: string | undefined
}

/** Resolves when it is connected, and nothing of that is still under way. */
export async function openLane(node: NodeInNamespace, options: LaneOptions): Promise<Lane> {
  const { name, isStepped = true, path } = options
  const orders = await createStepOrders(node, join(node.home, '..', `steps-${name}`))
  const namespace = (await node.inside('readlink /proc/self/ns/pid')).trim()
  const lines: Lines = { now: null, later: null }
  const transport = await node.openTransport()
  const program = createSteppedTransport({
    transport,
    place: isStepped ? { folder: orders.folder, namespace } : null,
    lines: () => (orders.isDone() ? lines.later : lines.now),
    path,
  })
  const target: Target = { executor: 'test', node: name, address: '' }
  const clock = createHurriedClock()
  const executor = node.openBare({}, { transport: program, clock: clock.clock })
  const scheduler = schedulerOf(executor)
  const { events } = scheduler
  const watched: Watched = { events, clock, isDead: orders.isDone }
  const reconnect = (): Promise<void> => reconnectBy(transport)
  await executor.setTargets([{ target, settings: {} }])
  const first = newRequest('true', { target })
  await startAll(executor, [first])
  await waitFor(watched, { kinds: ['closed'], id: first.id, from: 0 })
  return {
    name,
    target,
    home: node.home,
    spool: join(node.home, '.tron-spool', suiteFence().installation, name),
    executor,
    transport,
    program,
    orders,
    events,
    request: (command, different) => newRequest(command, { target, ...different }),
    async expect(now, later) {
      Object.assign(lines, { now, later })
      if (hasAll(program.sentLines(), now)) return
      await reconnect()
      await executor.inspect(target)
    },
    lineOf: (text) => lineOf(program, text),
    start: (requests) => startOrAdopt(executor, requests),
    wait: (kinds, id, from = 0) => waitFor(watched, { kinds, id, from }),
    reconnect,
    clock,
    [Symbol.asyncDispose]: () => scheduler[Symbol.asyncDispose](),
  }
}

interface Lines {
  now: ReadonlySet<number> | null
  later: ReadonlySet<number> | null
}

async function reconnectBy(transport: BreakableTransport): Promise<void> {
  const before = transport.connections()
  transport.cutAll()
  await until('there is another connection', () => transport.connections() > before, {
    withinMs: DEADLINE_MS,
    everyMs: 2,
  })
}

async function startOrAdopt(
  executor: Executor,
  requests: readonly StartRequest[],
): Promise<readonly StartReply[]> {
  const replies = await startAll(executor, requests)
  const held = requests.filter((_, index) => replies[index]?.result === 'exists')
  if (held.length > 0) await executor.adopt(held, patience())
  return replies
}

function lineOf(program: SteppedTransport, text: RegExp): number {
  const found = program.sent().steps.filter((step) => text.test(step.text))
  const [only] = found
  if (only === undefined || found.length > 1) throw new Error(`${found.length} lines fit ${text}`)
  return only.line
}

/** Null stands for all lines. */
function hasAll(lines: ReadonlySet<number> | null, wanted: ReadonlySet<number> | null): boolean {
  if (lines === null) return wanted === null
  return wanted !== null && Array.from(wanted).every((line) => lines.has(line))
}
