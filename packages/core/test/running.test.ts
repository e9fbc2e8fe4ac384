import { fakeExecutorModule } from '@tron/executor/testing'
import { jobId, runId } from '@tron/model'
import { describe, expect, it } from 'vitest'
import { action, createStage, history, inShort, job, ledger, MINUTE, snapshotOf } from './stage.ts'

const one = jobId('MASTER.one')

describe('a scheduled job', () => {
  it('runs at every slot, and shows the next run as scheduled', async () => {
    const stage = createStage(snapshotOf(job('one')))
    await using tron = await stage.start()
    await stage.clock.advance(2 * MINUTE + 1_000)
    expect(await history(tron, one)).toEqual(['2 scheduled', '1 succeeded', '0 succeeded'])
    expect(await ledger(tron, one)).toEqual(['1+0 ran', '2+0 ran'])
    expect(stage.cluster.ledger.map((launch) => launch.command)).toEqual(['run first', 'run first'])
  })

  it('starts what requires an action only after it succeeded, and independent ones at once', async () => {
    const actions = [
      action({ name: 'a' }),
      action({ name: 'b', requires: ['a'] }),
      action({ name: 'c' }),
      action({ name: 'd', requires: ['b', 'c'] }),
    ]
    const run = () => ({ afterMs: 1_000 })
    const stage = createStage(snapshotOf(job('one', { actions })), { run })
    await using tron = await stage.start()
    await stage.clock.advance(MINUTE + 500)
    expect(await inShort(tron, one, 0)).toBe('running: a=running b=waiting c=running d=waiting')
    await stage.clock.advance(1_000)
    expect(await inShort(tron, one, 0)).toBe('running: a=succeeded b=running c=succeeded d=waiting')
    await stage.clock.advance(2_000)
    expect(await inShort(tron, one, 0)).toBe('succeeded: a=succeeded b=succeeded c=succeeded d=succeeded')
  })

  it('lets the rest go on when an action fails, and leaves its dependants waiting', async () => {
    const actions = [
      action({ name: 'bad' }),
      action({ name: 'after', requires: ['bad'] }),
      action({ name: 'other' }),
    ]
    const stage = createStage(snapshotOf(job('one', { actions })), {
      run: ({ command }) => ({ afterMs: 0, code: command === 'run bad' ? 3 : 0 }),
    })
    await using tron = await stage.start()
    await stage.clock.advance(MINUTE + 500)
    expect(await inShort(tron, one, 0)).toBe('failed: bad=failed after=waiting other=succeeded')
  })

  it.each([
    [0, 'succeeded: first=succeeded cleanup=succeeded'],
    [1, 'failed: first=failed cleanup=succeeded'],
  ])('runs cleanup on the same node when its action ended with %i', async (code, expected) => {
    const spec = job('one', { node: 'pool', cleanup: action({ name: 'cleanup' }) })
    const stage = createStage(snapshotOf(spec), {
      run: ({ command }) => ({ afterMs: 0, code: command === 'run first' ? code : 0 }),
    })
    await using tron = await stage.start()
    await stage.clock.advance(MINUTE + 500)
    expect(await inShort(tron, one, 0)).toBe(expected)
    const [first, cleanup] = stage.cluster.ledger
    expect(cleanup?.node).toBe(first?.node)
  })

  it('gives an action to the executor that it names, with its container, at a target of its own', async () => {
    const container = { docker_image: 'load:3', cpus: 1 }
    const spec = job('one', {
      actions: [action({ name: 'here' }), action({ name: 'there', executor: 'kubernetes', container })],
    })
    const stage = createStage(snapshotOf(spec))
    const module = fakeExecutorModule(stage.cluster)
    const fake = { module, options: {} }
    await using tron = await stage.start({ executors: { fake, kubernetes: fake } })
    await stage.clock.advance(MINUTE + 500)
    expect(await inShort(tron, one, 0)).toBe('succeeded: here=succeeded there=succeeded')
    const run = await tron.run(one, { number: 0 })
    const attempts = run?.actions.map(({ attempts: [attempt] }) => [attempt?.target, attempt?.spec])
    expect(attempts).toEqual([
      [{ executor: 'fake', node: 'n1', address: 'tron@n1.example:22' }, { shell: 'login' }],
      [{ executor: 'kubernetes', node: 'kubernetes', address: '' }, container],
    ])
    const known = tron.status().targets.map(({ node, executor, state }) => [node, executor, state])
    expect(known).toContainEqual(['kubernetes', 'kubernetes', 'reachable'])
  })

  it('queues a slot behind a run that is still active, and starts it when that ends', async () => {
    const stage = createStage(snapshotOf(job('one')), { run: () => ({ afterMs: 90_000 }) })
    await using tron = await stage.start()
    await stage.clock.advance(2 * MINUTE + 1_000)
    expect(await history(tron, one)).toEqual(['1 queued', '0 running'])
    await stage.clock.advance(MINUTE)
    expect(await history(tron, one)).toEqual(['2 queued', '1 running', '0 succeeded'])
    expect(await ledger(tron, one)).toEqual(['1+0 ran', '2+0 late', '3+0 queued'])
  })

  it('cancels a slot without queueing, and says so in the ledger', async () => {
    const spec = job('one', { queueing: false })
    const stage = createStage(snapshotOf(spec), { run: () => ({ afterMs: 90_000 }) })
    await using tron = await stage.start()
    await stage.clock.advance(3 * MINUTE + 1_000)
    expect(await history(tron, one)).toEqual(['3 scheduled', '2 running', '1 cancelled', '0 succeeded'])
    expect(await ledger(tron, one)).toEqual(['1+0 ran', '2+0 skipped', '3+0 ran'])
  })

  it('keeps its output, the attempts one after the other', async () => {
    const stage = createStage(snapshotOf(job('one')), {
      run: () => ({ afterMs: 0, stdout: 'héllo\n日本語 🚀\n', stderr: 'warned\n' }),
    })
    await using tron = await stage.start()
    await stage.clock.advance(MINUTE + 1_000)
    const run = runId(one, 0)
    expect(await tron.output(run, 'first', { stream: 'stdout', lines: 0 })).toEqual({
      lines: ['héllo', '日本語 🚀'],
      bytes: 22,
      complete: true,
      reason: null,
    })
    expect((await tron.output(run, 'first', { stream: 'stderr', lines: 10 })).lines).toEqual(['warned'])
  })

  it.each([
    ['of one long line the end', 'z'.repeat(1_500_000), 'z'.repeat(1_048_576)],
    ['of many lines the last of them', `${'line\n'.repeat(300_000)}end`, 'ne'],
  ])('shows %s, and says that it leaves out the beginning', async (_what, stdout, first) => {
    const stage = createStage(snapshotOf(job('one')), { run: () => ({ afterMs: 0, stdout }) })
    await using tron = await stage.start()
    await stage.clock.advance(MINUTE + 1_000)
    const output = await tron.output(runId(one, 0), 'first', { stream: 'stdout', lines: 0 })
    expect(output).toMatchObject({ bytes: stdout.length, complete: true, reason: null })
    expect(output.lines.at(0)).toBe(`[what comes before is left out] ${first}`)
    const lastLine = await tron.output(runId(one, 0), 'first', { stream: 'stdout', lines: 1 })
    expect(lastLine.lines).toEqual(output.lines.slice(-1))
  })

  it('leaves memory when its runs are over, and keeps no more than its limit in the store', async () => {
    const stage = createStage(snapshotOf(job('one', { runLimit: 3 })))
    await using tron = await stage.start()
    await stage.clock.advance(10 * MINUTE + 1_000)
    expect(await history(tron, one)).toEqual(['10 scheduled', '9 succeeded', '8 succeeded'])
    expect(tron.stats()).toMatchObject({ liveRuns: 1, liveAttempts: 0, backlog: 0 })
  })
})
