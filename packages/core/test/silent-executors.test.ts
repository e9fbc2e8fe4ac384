import type { Executor } from '@tron/executor'
import { changeEvents, fakeExecutorModule, replace } from '@tron/executor/testing'
import { type ConfigSnapshot, contentHash, jobId, runId } from '@tron/model'
import { createMemoryLogger, settle } from '@tron/model/testing'
import { describe, expect, it } from 'vitest'
import { createStage, executorsOf, inShort, job, MINUTE, type Stage, snapshotOf } from './stage.ts'

const one = jobId('MASTER.one')
const first = runId(one, 0)
const SECOND = 1_000

const never = () => new Promise<never>(() => undefined)

/** A stream that gives nothing, and hears nothing. */
async function* silence(): AsyncGenerator<never> {
  await never()
  yield* []
}

/** The nodes of a stage, and beside them an executor of no nodes, made and told of its targets before them. */
function besides(stage: Stage, change: (executor: Executor) => Executor, own = change) {
  const other = executorsOf(stage, change)
  const module = fakeExecutorModule(stage.cluster)
  const changed = {
    ...module,
    create: async (...given: Parameters<typeof module.create>) => own(await module.create(...given)),
  }
  return { other: other['fake'] ?? { module, options: {} }, fake: { module: changed, options: {} } }
}

describe('an executor that does not take its targets', () => {
  const mute = (executor: Executor) => replace(executor, { setTargets: never })

  it('holds up the start for half a minute, and runs of others for no longer', async () => {
    const stage = createStage(snapshotOf(job('one')))
    const log = createMemoryLogger()
    const starting = stage.start({ log, executors: besides(stage, mute, (executor) => executor) })
    await stage.clock.advance(30 * SECOND)
    await using tron = await starting
    await stage.clock.advance(MINUTE / 2 + SECOND)
    expect(await inShort(tron, one, 0)).toBe('succeeded: first=succeeded')
    expect(log.lines.find(({ level }) => level === 'error')).toMatchObject({
      message: 'an executor did not take its targets',
      fields: { executor: 'other', error: 'other: setTargets did not answer in 30 s' },
    })
  })

  it('keeps no other from being told of a new node', async () => {
    const stage = createStage(snapshotOf(job('one')))
    let isMute = false
    const named: (readonly string[])[] = []
    const told = (executor: Executor) =>
      replace(executor, {
        async setTargets(targets) {
          named.push(targets.map(({ target }) => target.node))
          await executor.setTargets(targets)
        },
      })
    const later = (executor: Executor) =>
      replace(executor, { setTargets: (targets) => (isMute ? never() : executor.setTargets(targets)) })
    await using _ = await stage.start({ executors: besides(stage, later, told) })
    isMute = true
    await stage.config.set(withNodes(snapshotOf(job('one')), ['n1', 'n3']))
    expect(named.at(-1)).toEqual(['n1', 'n3'])
  })
})

it('is told of the node of what was history before it is asked to end what is left there', async () => {
  const stage = createStage(snapshotOf(job('one')), { run: () => ({ afterMs: 0, leavesForMs: null }) })
  const calls: string[] = []
  const executors = executorsOf(stage, (executor) =>
    replace(executor, {
      async setTargets(targets) {
        calls.push(`targets ${targets.map(({ target }) => target.node).join(' ')}`)
        await executor.setTargets(targets)
      },
      async stop(ref, how) {
        calls.push(`stop on ${ref.target.node}`)
        await executor.stop(ref, how)
      },
    }),
  )
  await using tron = await stage.start({ executors })
  await stage.clock.advance(MINUTE + 30 * SECOND)
  await stage.config.set(withNodes(snapshotOf(job('one', { node: 'n2', enabled: false })), ['n2']))
  calls.length = 0
  await stage.command(tron, { kind: 'run', run: first, verb: 'stop' })
  await settle()
  expect(calls).toEqual(['targets n2 n1', 'stop on n1'])
})

describe('output', () => {
  const text = 'x'.repeat(3_000)
  const script = { run: () => ({ afterMs: 0, stdout: text }) }
  const yearly = snapshotOf(job('one', { cron: '0 0 1 1 *' }))

  /** Runs a command whose output comes in pieces, each after what `before` waits for. */
  const runWith = async (before: (piece: number, stage: Stage) => Promise<void>) => {
    const stage = createStage(yearly, script)
    const asked: number[] = []
    let pieces = 0
    const executors = executorsOf(stage, (executor) =>
      replace(withoutTails(executor), {
        async *read(_ref, _stream, from) {
          asked.push(from)
          for (let at = from; at < text.length; at += 1_000) {
            pieces += 1
            await before(pieces, stage)
            yield Buffer.from(text.slice(at, at + 1_000))
          }
        },
      }),
    )
    const tron = await stage.start({ executors })
    await stage.command(tron, { kind: 'job', job: one, verb: 'start' })
    await stage.clock.advance(SECOND)
    const attempt = async () => {
      const view = await tron.run(one, { fromNewest: 0 })
      return view?.actions[0]?.attempts[0]?.output
    }
    return { stage, tron, asked, attempt }
  }

  it('may come as slowly as it wants, while it comes', async () => {
    const { stage, tron, asked, attempt } = await runWith((_piece, { clock }) => clock.sleep(4 * MINUTE))
    await using _ = tron
    await stage.clock.advance(12 * MINUTE)
    expect([asked, await attempt()]).toEqual([[0], 'complete'])
  })

  it('that stops in the middle is asked for again from there, and is not called gone', async () => {
    const { stage, tron, asked, attempt } = await runWith((piece) =>
      piece === 2 ? never() : Promise.resolve(),
    )
    await using _ = tron
    await stage.clock.advance(5 * MINUTE - 2 * SECOND)
    expect([asked, await attempt()]).toEqual([[0], 'closed'])
    await stage.clock.advance(5 * SECOND)
    expect([asked, await attempt()]).toEqual([[0, 1_000], 'complete'])
  })
})

it('that does not say what its node holds is not counted as taken over', async () => {
  const stage = createStage(snapshotOf(job('one')))
  const before = await stage.start()
  await before[Symbol.asyncDispose]()
  const copy = stage.database.clone()
  const second = await stage.start()
  await second[Symbol.asyncDispose]()
  const restored = createStage(snapshotOf(job('one')), { stage, database: copy })
  const executors = executorsOf(restored, (executor) =>
    replace(executor, {
      inventory: (target) => (target.node === 'n2' ? silence() : executor.inventory(target)),
    }),
  )
  const starting = restored.start({ takeOver: true, executors })
  await stage.clock.advance(MINUTE)
  await using tron = await starting
  expect(tron.status().waitingFor).toEqual(['n2'])
})

describe('an end', () => {
  it.each([
    ['events that do not end', { events: silence }],
    ['a read that does not end', { read: silence }],
    ['an executor that does not end', { [Symbol.asyncDispose]: never }],
  ] as const)('is not held up by %s', async (_what, methods) => {
    const stage = createStage(snapshotOf(job('one')), {
      run: () => ({ afterMs: null, stdout: 'x'.repeat(200_000) }),
    })
    const tron = await stage.start({
      executors: executorsOf(stage, (executor) => replace(executor, methods)),
    })
    await stage.clock.advance(MINUTE + 10 * SECOND)
    expect(stage.cluster.ledger).toHaveLength(1)
    const ended = tron[Symbol.asyncDispose]()
    await stage.clock.advance(2 * SECOND)
    expect(tron.status().state).toBe('stopped')
    await ended
    await using again = await stage.start()
    expect(again.status().state).toBe('working')
  })
})

function withNodes(snapshot: ConfigSnapshot, names: readonly string[]): ConfigSnapshot {
  const nodes = Object.fromEntries(Object.entries(snapshot.nodes).filter(([name]) => names.includes(name)))
  return { ...snapshot, nodes, hash: contentHash(names.join()) }
}

/** The executor, which sends no output along with what happened. */
function withoutTails(executor: Executor): Executor {
  return changeEvents(executor, (event) => (event.kind === 'closed' ? [{ ...event, tail: {} }] : [event]))
}
