import { randomUUID } from 'node:crypto'
import { attemptIdOf } from '@tron/model'
import type { AttemptRef, Executor, Fence, StartReply, StartRequest, TargetConfig } from '../contract.ts'
import { type EventWatch, watchEvents } from './event-watch.ts'
import { type ExecutorFixture, suiteFence } from './executor-fixture.ts'

const DEADLINE_MS = 15_000

/** One executor on the fixture's target, with its events being taken in. */
export interface Actor extends AsyncDisposable {
  readonly executor: Executor
  readonly watch: EventWatch
  /** Starts one request. */
  readonly start: (request: StartRequest) => Promise<StartReply>
  /** Starts a command and insists that it was accepted. */
  readonly run: (command: string) => Promise<StartRequest>
  /** Runs a command to the end of its output. */
  readonly finish: (command: string) => Promise<StartRequest>
}

/** What a rule plays on: the fixture, and the actors it opened, which are closed with it. */
export interface Stage extends AsyncDisposable {
  readonly fixture: ExecutorFixture
  readonly deadlineMs: number
  /** Never ends by itself before the deadline. */
  readonly signal: AbortSignal
  open(fence?: Partial<Fence>, from?: Readonly<Record<string, string>>): Promise<Actor>
  /** An executor without targets, whose events nobody takes in. */
  openBare(fence?: Partial<Fence>): Promise<Executor>
  /** A new intent on the fixture's target: a new id. */
  request(command: string, different?: Partial<StartRequest>): StartRequest
}

export function createStage(fixture: ExecutorFixture): Stage {
  const deadlineMs = fixture.deadlineMs ?? DEADLINE_MS
  const signal = new AbortController().signal
  const actors = new AsyncDisposableStack()

  const request: Stage['request'] = (command, different = {}) =>
    newRequest(fixture.target, command, different)
  const open: Stage['open'] = async (fence, from) => {
    const executor = await fixture.open(fence)
    const targets = [fixture.target, ...(fixture.unreachable === undefined ? [] : [fixture.unreachable])]
    await executor.setTargets(targets)
    const watch = watchEvents(executor, { deadlineMs, ...(from === undefined ? {} : { from }) })
    const actor = createActor({ executor, watch, request, signal })
    actors.use(actor)
    return actor
  }
  return {
    fixture,
    deadlineMs,
    signal,
    open,
    openBare: async (fence) => actors.use(await fixture.open(fence)),
    request,
    [Symbol.asyncDispose]: () => actors.disposeAsync(),
  }
}

function createActor(o: {
  readonly executor: Executor
  readonly watch: EventWatch
  readonly request: Stage['request']
  readonly signal: AbortSignal
}): Actor {
  const { executor, watch, signal } = o
  const resources = new AsyncDisposableStack()
  resources.use(executor)
  resources.use(watch)

  const start = async (request: StartRequest): Promise<StartReply> => {
    const [reply, ...more] = await executor.start([request], { signal })
    if (reply === undefined || more.length > 0 || reply.id !== request.id) {
      throw new Error('start did not answer exactly the request that it was given')
    }
    return reply
  }
  const run = async (command: string): Promise<StartRequest> => {
    const request = o.request(command)
    const reply = await start(request)
    if (reply.result !== 'accepted') throw new Error(`a start was not accepted: ${JSON.stringify(reply)}`)
    return request
  }
  return {
    executor,
    watch,
    start,
    run,
    async finish(command) {
      const request = await run(command)
      await watch.wait('closed', request.id)
      return request
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

function newRequest(target: TargetConfig, command: string, different: Partial<StartRequest>): StartRequest {
  const startKey = `suite.job/r${randomUUID()}/0/act/0`
  return {
    id: attemptIdOf(suiteFence().installation, startKey),
    startKey,
    runNumber: 7,
    configHash: 'c0ffee',
    target: target.target,
    command,
    env: {},
    spec: null,
    ...different,
  }
}

/** How an attempt is referred to after its start. */
export function refOf(request: StartRequest): AttemptRef {
  return { id: request.id, target: request.target }
}

/** A pair of the rules' next scheduler, whose store issued those before it. */
export function nextFence(epoch: number, before: readonly Partial<Fence>[] = [{}]): Partial<Fence> {
  const issued = before.map((fence) => {
    const { epoch: earlier, nonce } = suiteFence(fence)
    return { epoch: earlier, nonce }
  })
  return { epoch, nonce: `nonce-${epoch}`, holder: `suite-${epoch}`, issued }
}

/** A mark that no other rule leaves. */
export function newMark(): string {
  return randomUUID().replaceAll('-', '')
}
