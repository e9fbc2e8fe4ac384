import { replace } from '@tron/executor/testing'
import { type ConfigRepository, isTronError, jobId, TronError } from '@tron/model'
import { settle } from '@tron/model/testing'
import type { Store, StoreHost } from '@tron/store'
import { memoryStoreModule } from '@tron/store/memory'
import { wrapStore } from '@tron/store/testing'
import { describe, expect, it } from 'vitest'
import {
  action,
  createStage,
  executorsOf,
  history,
  inShort,
  job,
  ledger,
  MINUTE,
  snapshotOf,
} from './stage.ts'

const one = jobId('MASTER.one')
const start = { kind: 'job', job: one, verb: 'start' } as const

describe('a new configuration', () => {
  it('replans a pending run when its schedule changed, under the same number, and withdraws the old slot', async () => {
    const stage = createStage(snapshotOf(job('one', { cron: '30 * * * *' })))
    await using tron = await stage.start()
    await stage.config.set(snapshotOf(job('one', { cron: '2-59/7 * * * *' })))
    await stage.clock.advance(2 * MINUTE + 1_000)
    expect(await history(tron, one)).toEqual(['1 scheduled', '0 succeeded'])
    // 30 is one of the new minutes, too, but 31 is not.
    expect(await ledger(tron, one)).toEqual(['2+0 ran'])
    await stage.config.set(snapshotOf(job('one', { cron: '31 * * * *' })))
    await stage.config.set(snapshotOf(job('one', { cron: '12 * * * *' })))
    expect(await ledger(tron, one)).toEqual(['2+0 ran', '9+0 withdrawn', '31+0 withdrawn'])
  })

  it('gives a pending run the new actions at its old instant when only they changed', async () => {
    const stage = createStage(snapshotOf(job('one')))
    await using tron = await stage.start()
    const actions = [action({ name: 'fresh' }), action({ name: 'more' })]
    await stage.config.set(snapshotOf(job('one', { actions })))
    await stage.clock.advance(MINUTE + 1_000)
    expect(await inShort(tron, one, 0)).toBe('succeeded: fresh=succeeded more=succeeded')
    expect(await ledger(tron, one)).toEqual(['1+0 ran'])
  })

  it('leaves a run that has started as it was configured then', async () => {
    const actions = [action({ name: 'a' }), action({ name: 'b', requires: ['a'] })]
    const stage = createStage(snapshotOf(job('one', { actions })), { run: () => ({ afterMs: 1_000 }) })
    await using tron = await stage.start()
    await stage.command(tron, start)
    await stage.config.set(snapshotOf(job('one', { actions: [action({ name: 'other' })] })))
    await stage.clock.advance(3_000)
    expect(await inShort(tron, one, 1)).toBe('succeeded: a=succeeded b=succeeded')
    const run = await tron.run(one, { number: 1 })
    expect(run?.actions.map((view) => view.rawCommand)).toEqual([null, null])
  })

  it('overrules the operator only where its own enabled changed', async () => {
    const stage = createStage(snapshotOf(job('one')))
    await using tron = await stage.start()
    await stage.command(tron, { ...start, verb: 'disable' })
    await stage.config.set(snapshotOf(job('one', { runLimit: 7 })))
    expect(tron.job(one)?.status).toBe('disabled')
    await stage.config.set(snapshotOf(job('one', { enabled: false })))
    await stage.config.set(snapshotOf(job('one')))
    expect(tron.job(one)?.status).toBe('enabled')
  })

  it('is compared at a start with what was applied last: a restart undoes no operator, a changed file counts', async () => {
    const stage = createStage(snapshotOf(job('one')))
    const statusAfterStart = async (enabled: boolean) => {
      await stage.config.set(snapshotOf(job('one', { enabled })))
      await using tron = await stage.start()
      return tron.job(one)?.status
    }
    {
      await using tron = await stage.start()
      await stage.command(tron, { ...start, verb: 'disable' })
    }
    expect(await statusAfterStart(true)).toBe('disabled')
    expect(await statusAfterStart(false)).toBe('disabled')
    expect(await statusAfterStart(true)).toBe('enabled')
  })

  it('retires a job that is gone, keeps its history, and goes on numbering when it is back', async () => {
    const stage = createStage(snapshotOf(job('one')))
    await using tron = await stage.start()
    await stage.clock.advance(MINUTE + 1_000)
    await stage.config.set(snapshotOf(job('two')))
    expect(tron.job(one)).toBeUndefined()
    await stage.clock.advance(5 * MINUTE)
    await stage.config.set(snapshotOf(job('one'), job('two')))
    await stage.clock.advance(MINUTE)
    expect(await history(tron, one)).toEqual(['3 scheduled', '2 succeeded', '1 cancelled', '0 succeeded'])
  })

  it('keeps the jobs of a namespace that could not be read', async () => {
    const stage = createStage(snapshotOf(job('one')))
    await using tron = await stage.start()
    await stage.config.set({ ...snapshotOf(), namespaces: [], leftOut: ['MASTER'] })
    await stage.clock.advance(MINUTE + 1_000)
    expect(await ledger(tron, one)).toEqual(['1+0 ran'])
  })

  it('removes the jobs of a namespace that is gone, whatever is wrong with another', async () => {
    const stage = createStage(snapshotOf(job('one')))
    await using tron = await stage.start()
    const problem = {
      severity: 'error',
      file: 'other.yaml',
      line: 1,
      column: 1,
      path: '',
      message: 'not YAML',
    } as const
    await stage.config.set({ ...snapshotOf(), namespaces: [], leftOut: ['other'], problems: [problem] })
    await stage.clock.advance(MINUTE + 1_000)
    expect(tron.job(one)).toBeUndefined()
  })

  it('follows a running command to its end on a node that was removed, as draining', async () => {
    const stage = createStage(snapshotOf(job('one')), { run: () => ({ afterMs: 5_000, stdout: 'done\n' }) })
    await using tron = await stage.start()
    await stage.command(tron, start)
    await stage.clock.advance(100)
    const { n1: _gone, ...nodes } = snapshotOf().nodes
    await stage.config.set({ ...snapshotOf(job('one', { node: 'n2' })), nodes })
    const draining = tron.status().targets.filter((target) => target.draining)
    expect(draining.map(({ node, attempts }) => [node, attempts])).toEqual([['n1', 1]])
    await stage.clock.advance(6_000)
    expect(await inShort(tron, one, 1)).toBe('succeeded: first=succeeded')
    expect(tron.status().targets.some((target) => target.draining)).toBe(false)
  })
})

/** One as somebody else may write it: its methods are those of its class, and want it as `this`. */
class Repository implements ConfigRepository {
  readonly #inner: ConfigRepository

  constructor(inner: ConfigRepository) {
    this.#inner = inner
  }

  texts() {
    return this.#inner.texts()
  }

  read() {
    return this.#inner.read()
  }

  check(...given: Parameters<ConfigRepository['check']>) {
    return this.#inner.check(...given)
  }

  update(...given: Parameters<ConfigRepository['update']>) {
    return this.#inner.update(...given)
  }

  faults() {
    return this.#inner.faults()
  }

  onChange(listener: Parameters<ConfigRepository['onChange']>[0]) {
    return this.#inner.onChange(listener)
  }
}

describe('an update of the configuration', () => {
  /** A scheduler whose repository stores what it is given, with a store that takes commits when the gate opens. */
  const underUpdate = async () => {
    const stage = createStage(snapshotOf(job('one')))
    const inner = memoryStoreModule(stage.database)
    let gate = Promise.resolve()
    const module = {
      ...inner,
      async open(options: unknown, host: StoreHost) {
        const store = await inner.open(options, host)
        const commit: Store['commit'] = async (lease, wanted) => {
          await gate
          return store.commit(lease, wanted)
        }
        return wrapStore(store, { commit })
      },
    }
    const snapshot = snapshotOf(job('one'), job('two'))
    let isStored = false
    const update = async () => {
      isStored = true
      await stage.config.set(snapshot)
      return { ok: true, snapshot, problems: [] } as const
    }
    const tron = await stage.start({
      store: { module, options: {} },
      config: { ...stage.config, update },
    })
    /** Uploads, and tells what came of it by then. */
    const upload = () => {
      let answer = 'none'
      tron.config.update('MASTER', 'text', 'hash').then(
        () => (answer = 'done'),
        (error: unknown) =>
          (answer = isTronError(error) ? `${error.code}: ${error.message}` : 'no such error'),
      )
      return () => answer
    }
    const shut = () => {
      const closed = Promise.withResolvers<void>()
      gate = closed.promise
      return closed.resolve
    }
    return { stage, tron, upload, shut, isStored: () => isStored }
  }

  it('leaves all else to the repository, which may be a class', async () => {
    const stage = createStage(snapshotOf(job('one')))
    await using tron = await stage.start({ config: new Repository(stage.config) })
    expect(await tron.config.read()).toEqual(await stage.config.read())
    expect(tron.config.faults()).toEqual(stage.config.faults())
  })

  it('is done when it is committed, and not before', async () => {
    const { tron, upload, shut } = await underUpdate()
    await using _ = tron
    const open = shut()
    const answer = upload()
    await settle()
    expect([answer(), tron.jobs().length]).toEqual(['none', 1])
    open()
    await settle()
    expect([answer(), tron.jobs().length]).toEqual(['done', 2])
  })

  it.each([
    ['fenced', 'fenced', 'FENCED'],
    ['unavailable', 'store-degraded', 'STORE_DEGRADED'],
  ] as const)('stores nothing for an engine that does not work (%s)', async (kind, state, code) => {
    const { stage, tron, upload, isStored } = await underUpdate()
    await using _ = tron
    stage.database.failNext({ kind })
    await stage.command(tron, { kind: 'job', job: one, verb: 'disable' })
    const answer = upload()
    await settle()
    const { state: found, reason } = tron.status()
    expect([found, answer(), isStored()]).toEqual([state, `${code}: ${reason}`, false])
  })

  it('that was stored when the store failed says so at once, and is applied later', async () => {
    const { stage, tron, upload } = await underUpdate()
    await using _ = tron
    stage.database.failNext({ kind: 'full' })
    const answer = upload()
    await settle()
    expect(answer()).toMatch(/the configuration is stored, and is applied when/)
    await stage.clock.advance(1_000)
    expect(tron.jobs()).toHaveLength(2)
  })
})

describe('a start whose configuration is refused', () => {
  it('leaves no executor behind, and gives the store back', async () => {
    const stage = createStage(snapshotOf(job('one')))
    const lives: string[] = []
    const executors = executorsOf(stage, (executor) => {
      lives.push('made')
      return replace(executor, {
        async [Symbol.asyncDispose]() {
          await executor[Symbol.asyncDispose]()
          lives.push('disposed')
        },
      })
    })
    const read = () => Promise.reject(new TronError('CONFIG_INVALID', 'nothing of it can be read'))
    const refused = stage.start({ executors, config: { ...stage.config, read } })
    await expect(refused).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    expect(lives).toEqual(['made', 'disposed'])
    await using tron = await stage.start()
    expect(tron.status().state).toBe('working')
  })
})
