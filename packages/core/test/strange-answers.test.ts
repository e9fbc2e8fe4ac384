import type { EventBatch, Executor, StartReply } from '@tron/executor'
import { changeEvents, replace } from '@tron/executor/testing'
import { type AttemptId, jobId, runId, targetKey } from '@tron/model'
import { createMemoryLogger } from '@tron/model/testing'
import { describe, expect, it } from 'vitest'
import { createStage, executorsOf, inShort, job, MINUTE, snapshotOf } from './stage.ts'
import { asReplies } from './unsafe-replies.ts'

const one = jobId('MASTER.one')
const SECOND = 1_000

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
})

describe('a log that cannot be read', () => {
  it('holds up neither the events of others nor the release of their output', async () => {
    const stage = createStage(snapshotOf(job('one'), job('two')), {
      run: () => ({ afterMs: SECOND, stdout: 'hello' }),
    })
    let isBroken = true
    const { logs } = stage
    await using tron = await stage.start({
      logs: {
        ...logs,
        length: (key) =>
          isBroken && key.job === 'one' ? Promise.reject(new Error('not readable')) : logs.length(key),
      },
    })
    await stage.clock.advance(MINUTE + 10 * SECOND)
    expect(await inShort(tron, one, 0)).toBe('succeeded: first=succeeded')
    expect(await inShort(tron, jobId('MASTER.two'), 0)).toBe('succeeded: first=succeeded')
    expect(tron.stats()).toMatchObject({ liveAttempts: 1 })
    isBroken = false
    await stage.clock.advance(MINUTE / 2)
    expect(tron.stats()).toMatchObject({ liveAttempts: 0 })
    const { bytes } = await tron.output(runId(one, 0), 'first', { stream: 'stdout', lines: 1 })
    expect(bytes).toBe(5)
  })

  it('keeps its own attempt alone from being released', async () => {
    const stage = createStage(snapshotOf(job('one'), job('two')), {
      run: () => ({ afterMs: SECOND, stdout: 'hello' }),
    })
    let isBroken = true
    const { logs } = stage
    await using tron = await stage.start({
      logs: {
        ...logs,
        sync: (keys) =>
          isBroken && keys.some((key) => key.job === 'one')
            ? Promise.reject(new Error('not to be synced'))
            : logs.sync(keys),
      },
    })
    await stage.clock.advance(MINUTE + 10 * SECOND)
    expect(tron.stats()).toMatchObject({ liveAttempts: 1 })
    isBroken = false
    await stage.clock.advance(MINUTE / 2)
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
