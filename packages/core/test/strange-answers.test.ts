import type { EventBatch, Executor, RevokeReply, StartReply } from '@tron/executor'
import { changeEvents, replace } from '@tron/executor/testing'
import type { LogKey, LogStore } from '@tron/logs'
import { type AttemptId, jobId, runId, targetKey } from '@tron/model'
import { createMemoryLogger } from '@tron/model/testing'
import { describe, expect, it } from 'vitest'
import { createStage, executorsOf, inShort, job, MINUTE, snapshotOf } from './stage.ts'
import { asReplies } from './unsafe-replies.ts'

const one = jobId('MASTER.one')
const first = runId(one, 0)
const SECOND = 1_000
const stop = { kind: 'action', run: first, action: 'first', verb: 'stop' } as const

describe('answers to starts', () => {
  it.each([
    ['nothing', () => undefined],
    ['text', () => 'accepted'],
    ['a list of nothing', () => [null]],
    ['a refusal without a reason', (id: AttemptId) => [{ id, result: 'refused', retry: false, code: 'NO' }]],
    ['two things at once', (id: AttemptId) => [refused(id, 'NO', false), { id, result: 'accepted' }]],
  ])('that are %s leave it open, and are asked for again', async (_what, answer) => {
    const stage = createStage(snapshotOf(job('one')), { run: () => ({ afterMs: 10 * SECOND }) })
    let asked = 0
    const executors = executorsOf(stage, (executor) =>
      replace(withoutStarted(executor), {
        async start(requests, options) {
          asked += 1
          const replies = await executor.start(requests, options)
          const [request] = requests
          return asked > 1 || request === undefined ? replies : asReplies(answer(request.id))
        },
      }),
    )
    await using tron = await stage.start({ executors })
    await stage.clock.advance(MINUTE + 5 * SECOND)
    expect(await inShort(tron, one, 0)).toBe('starting: first=starting')
    expect(asked).toBe(2)
    await stage.clock.advance(10 * SECOND)
    expect(await inShort(tron, one, 0)).toBe('succeeded: first=succeeded')
    expect(stage.cluster.ledger).toHaveLength(1)
  })

  it('that are about something else change nothing of it', async () => {
    const stage = createStage(snapshotOf(job('one'), job('two', yearly)), {
      run: () => ({ afterMs: 10 * SECOND }),
    })
    const ids: AttemptId[] = []
    const executors = executorsOf(stage, (executor) =>
      replace(withoutStarted(executor), {
        async start(requests, options) {
          const replies = await executor.start(requests, options)
          const strangers = ids.map((id) => refused(id, 'NO', false))
          ids.push(...requests.map(({ id }) => id))
          return [...strangers, ...replies]
        },
      }),
    )
    await using tron = await stage.start({ executors })
    await stage.clock.advance(MINUTE + SECOND)
    expect(await inShort(tron, one, 0)).toBe('starting: first=starting')
    await stage.command(tron, { kind: 'job', job: jobId('MASTER.two'), verb: 'start' })
    await stage.clock.advance(SECOND)
    expect(await inShort(tron, one, 0)).toBe('starting: first=starting')
    await stage.clock.advance(10 * SECOND)
    expect(await inShort(tron, one, 0)).toBe('succeeded: first=succeeded')
  })

  it('of which one is a refusal do not end what another may have started', async () => {
    const stage = createStage(snapshotOf(job('one', yearly)), { run: () => ({ afterMs: 5 * MINUTE }) })
    const answered = Promise.withResolvers<void>()
    let asked = 0
    const executors = executorsOf(stage, (executor) =>
      replace(withoutStarted(executor), {
        async start(requests, options) {
          asked += 1
          if (asked > 1) return executor.start(requests, options)
          await answered.promise
          return requests.map(({ id }) => refused(id, 'UNREACHABLE', true))
        },
      }),
    )
    await using tron = await stage.start({ executors })
    const start = { kind: 'job', job: one, verb: 'start' } as const
    await stage.command(tron, start)
    // A store that fails and works again makes the engine ask for everything once more.
    stage.database.failNext({ kind: 'unavailable' })
    await stage.command(tron, start)
    await stage.clock.advance(MINUTE)
    expect(asked).toBe(2)
    expect(stage.cluster.ledger).toHaveLength(1)
    answered.resolve()
    await stage.clock.advance(SECOND)
    expect(await inShort(tron, one, 1)).toMatch(/^starting: first=starting/)
    await stage.clock.advance(5 * MINUTE)
    expect(await inShort(tron, one, 1)).toBe('succeeded: first=succeeded')
  })

  it('that put it off are told on the action until it has started', async () => {
    const stage = createStage(snapshotOf(job('one')), { run: () => ({ afterMs: 10 * SECOND }) })
    let isFull = true
    const executors = executorsOf(stage, (executor) =>
      replace(executor, {
        start: async (requests, options) =>
          isFull ? requests.map(({ id }) => refused(id, 'FULL', true)) : executor.start(requests, options),
      }),
    )
    await using tron = await stage.start({ executors })
    await stage.clock.advance(MINUTE + SECOND)
    const row = async () => (await tron.run(one, { number: 0 }))?.actions[0]?.row
    expect(await row()).toMatchObject({ state: 'starting', reason: 'not started yet: it is FULL' })
    isFull = false
    await stage.clock.advance(5 * SECOND)
    expect(await row()).toMatchObject({ state: 'running', reason: null })
  })
})

describe('a stop of what may have started, by an executor that cannot revoke', () => {
  const cannotRevoke = (executor: Executor): Executor =>
    replace(executor, {
      revoke: (refs) => Promise.resolve(refs.map(({ id }): RevokeReply => ({ id, result: 'unsupported' }))),
    })

  it.each([
    ['requests', 'unknown', /whether it started is not known/],
    ['replies', 'failed', /^$/],
  ] as const)('starts nothing, and says what is known of it (lost %s)', async (what, state, reason) => {
    const stage = createStage(snapshotOf(job('one')), { run: () => ({ afterMs: null }) })
    const executors = executorsOf(stage, cannotRevoke)
    await using tron = await stage.start({ executors })
    await stage.clock.advance(MINUTE - SECOND)
    if (what === 'requests') stage.cluster.loseRequests('n1', 1)
    else stage.cluster.loseReplies('n1', 1)
    await stage.clock.advance(SECOND)
    await stage.command(tron, stop)
    await stage.clock.advance(MINUTE / 2)
    const row = (await tron.run(one, { number: 0 }))?.actions[0]?.row
    expect(row?.state).toBe(state)
    expect(row?.reason ?? '').toMatch(reason)
    expect(stage.cluster.ledger).toHaveLength(what === 'requests' ? 0 : 1)
  })
})

describe('a log that cannot be read', () => {
  /** Two jobs that write, and a log store that is broken for the first of them until it is mended. */
  const withBrokenLog = async (broken: (logs: LogStore, isBroken: (key: LogKey) => boolean) => LogStore) => {
    const stage = createStage(snapshotOf(job('one'), job('two')), {
      run: () => ({ afterMs: SECOND, stdout: 'hello' }),
    })
    let isMended = false
    const logs = broken(stage.logs, (key) => !isMended && key.job === 'one')
    const tron = await stage.start({ logs })
    await stage.clock.advance(MINUTE + 10 * SECOND)
    const mend = async () => {
      isMended = true
      await stage.clock.advance(MINUTE / 2)
    }
    return { tron, mend }
  }

  it('holds up neither the events of others nor the release of their output', async () => {
    const { tron, mend } = await withBrokenLog((logs, isBroken) => ({
      ...logs,
      length: (key) => (isBroken(key) ? Promise.reject(new Error('not readable')) : logs.length(key)),
    }))
    await using _ = tron
    expect(await inShort(tron, one, 0)).toBe('succeeded: first=succeeded')
    expect(await inShort(tron, jobId('MASTER.two'), 0)).toBe('succeeded: first=succeeded')
    expect(tron.stats()).toMatchObject({ liveAttempts: 1 })
    await mend()
    expect(tron.stats()).toMatchObject({ liveAttempts: 0 })
    const { bytes } = await tron.output(runId(one, 0), 'first', { stream: 'stdout', lines: 1 })
    expect(bytes).toBe(5)
  })

  it('keeps its own attempt alone from being released', async () => {
    const { tron, mend } = await withBrokenLog((logs, isBroken) => ({
      ...logs,
      sync: (keys) => (keys.some(isBroken) ? Promise.reject(new Error('not to be synced')) : logs.sync(keys)),
    }))
    await using _ = tron
    expect(tron.stats()).toMatchObject({ liveAttempts: 1 })
    await mend()
    expect(tron.stats()).toMatchObject({ liveAttempts: 0 })
  })
})

describe('a node whose address changed', () => {
  it('is warned about once, when both addresses tell of the same commands', async () => {
    const log = createMemoryLogger()
    const stage = createStage(snapshotOf(job('one')), { run: () => ({ afterMs: 5 * SECOND }) })
    const n1 = targetOf('n1')
    const n2 = targetOf('n2')
    const executors = executorsOf(stage, (executor) => twice(executor, { [n1]: n2 }))
    await using tron = await stage.start({ executors, log })
    await stage.clock.advance(2 * MINUTE + 10 * SECOND)
    expect(await inShort(tron, one, 1)).toBe('succeeded: first=succeeded')
    const warnings = log.lines.filter(
      ({ level, message }) => level === 'warn' && message.includes('not its own'),
    )
    expect(warnings).toHaveLength(1)
  })
})

const yearly = { cron: '0 0 1 1 *' }

function refused(id: AttemptId, code: string, retry: boolean): StartReply {
  return { id, result: 'refused', retry, code, reason: `it is ${code}` }
}

/** The executor, which does not tell that commands have started, only how they end. */
function withoutStarted(executor: Executor): Executor {
  return changeEvents(executor, (event) => (event.kind === 'started' ? [] : [event]))
}

function targetOf(node: string): string {
  return targetKey({ address: `tron@${node}.example:22`, executor: 'fake', node })
}

/** The executor, which tells what happens at some sources at others, too. */
function twice(executor: Executor, also: Readonly<Record<string, string>>): Executor {
  async function* events(...args: Parameters<Executor['events']>): AsyncGenerator<EventBatch> {
    for await (const batch of executor.events(...args)) {
      const other = also[batch.source]
      if (other !== undefined) yield { ...batch, source: other }
      yield batch
    }
  }
  return replace(executor, { events })
}
