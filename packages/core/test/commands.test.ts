import { actionRunId, jobId, runId } from '@tron/model'
import { describe, expect, it } from 'vitest'
import { action, createStage, history, inShort, job, ledger, MINUTE, snapshotOf } from './stage.ts'

const one = jobId('MASTER.one')
const ANN = { verb: 'stop', actor: 'ann' }
const first = runId(one, 0)
const start = { kind: 'job', job: one, verb: 'start' } as const
const yearly = { cron: '0 0 1 1 *' }
const forever = { run: () => ({ afterMs: null }) }

const onRun = (verb: 'start' | 'cancel' | 'stop', run = first) => ({ kind: 'run', run, verb }) as const
const onAction = (
  verb: 'start' | 'success' | 'fail' | 'skip' | 'cancel' | 'stop' | 'kill',
  name = 'first',
  run = first,
) => ({ kind: 'action', run, action: name, verb }) as const

describe('a job', () => {
  it('is started by hand beside its schedule, and the schedule does not move', async () => {
    const stage = createStage(snapshotOf(job('one')))
    await using tron = await stage.start()
    expect(await stage.command(tron, start)).toEqual({
      outcome: 'done',
      text: 'Created JobRun:MASTER.one.1',
      runs: ['MASTER.one.1'],
    })
    await stage.clock.advance(1_000)
    expect(await history(tron, one)).toEqual(['1 succeeded', '0 scheduled'])
  })

  it('answers a repeated request with the first answer, also after a restart, and starts nothing again', async () => {
    const stage = createStage(snapshotOf(job('one', yearly)))
    const tron = await stage.start()
    const [answer, twin] = await Promise.all([
      stage.command(tron, start, 'same'),
      stage.command(tron, start, 'same'),
    ])
    expect(twin).toEqual(answer)
    await stage.clock.advance(1_000)
    await stage.crash(tron)
    await using again = await stage.start()
    expect(await stage.command(again, start, 'same')).toEqual(answer)
    await stage.clock.advance(1_000)
    expect(stage.cluster.ledger).toHaveLength(1)
  })

  it.each([
    ['another verb', { ...start, verb: 'enable' }],
    ['another job', { ...start, job: jobId('MASTER.two') }],
    ['another run time', { ...start, runMs: 1_767_571_260_000 }],
    ['another object', onRun('start')],
  ] as const)('refuses %s under a request id that was used, also after a restart', async (_what, other) => {
    const stage = createStage(snapshotOf(job('one', yearly), job('two', yearly)))
    const tron = await stage.start()
    const answer = await stage.command(tron, start, 'same')
    const refusal = {
      outcome: 'reused',
      text: 'The request id "same" was used for another command: start MASTER.one',
      runs: [],
    }
    expect(await stage.command(tron, other, 'same')).toEqual(refusal)
    await stage.clock.advance(1_000)
    await stage.crash(tron)
    await using again = await stage.start()
    expect(await stage.command(again, other, 'same')).toEqual(refusal)
    expect(await stage.command(again, start, 'same')).toEqual(answer)
  })

  it('takes a repetition by the words of who sent it, and tells the answer before what is meant is looked up', async () => {
    const stage = createStage(snapshotOf(job('one')))
    await using tron = await stage.start()
    const asked = 'cancel MASTER.one.HEAD'
    const give = (run: number) => {
      const subject = onRun('cancel', runId(one, run))
      return tron.command({ requestId: 'same', actor: 'ann', source: 'test', asked, subject })
    }
    expect(await tron.answered({ requestId: 'same', asked })).toBeNull()
    const answer = await give(0)
    expect(await give(1)).toEqual(answer)
    expect(await tron.answered({ requestId: 'same', asked })).toEqual(answer)
    expect(await tron.answered({ requestId: 'same', asked: 'start MASTER.one' })).toMatchObject({
      outcome: 'reused',
    })
    expect(await history(tron, one)).toEqual(['1 scheduled', '0 cancelled'])
  })

  it('plans nothing while it is disabled, runs by hand, and goes on from now when it is enabled', async () => {
    const stage = createStage(snapshotOf(job('one')))
    await using tron = await stage.start()
    expect((await stage.command(tron, { ...start, verb: 'disable' })).text).toBe('Job:MASTER.one is disabled')
    await stage.clock.advance(3 * MINUTE + 1_000)
    expect((await stage.command(tron, start)).text).toBe('Created JobRun:MASTER.one.1')
    expect((await stage.command(tron, { ...start, verb: 'enable' })).text).toBe('Job:MASTER.one is enabled')
    await stage.clock.advance(MINUTE)
    expect(await history(tron, one)).toEqual(['3 scheduled', '2 succeeded', '1 succeeded', '0 cancelled'])
    expect(await ledger(tron, one)).toEqual(['1+0 disabled', '2+1 disabled', '4+0 ran'])
  })

  it('starts nothing while its configuration asks for what is not done yet, and records its slots as held', async () => {
    const held = { held: ['retries are not done yet'], heldAt: ['MASTER.yaml:7'] }
    const stage = createStage(snapshotOf(job('one', held)))
    await using tron = await stage.start()
    expect(tron.job(one)?.held).toEqual(['MASTER.yaml:7: retries are not done yet'])
    await stage.clock.advance(3 * MINUTE + 1_000)
    expect(await ledger(tron, one)).toEqual(['1+2 held'])
    expect(await history(tron, one)).toEqual(['0 scheduled'])
    expect(await stage.command(tron, start)).toMatchObject({
      outcome: 'refused',
      text: 'Failed to start, Job:MASTER.one is held: retries are not done yet',
    })
  })
})

describe('a run', () => {
  it('is started before its time, and the next slot is planned', async () => {
    const stage = createStage(snapshotOf(job('one')))
    await using tron = await stage.start()
    expect((await stage.command(tron, onRun('start'))).text).toBe('JobRun:MASTER.one.0 now in state starting')
    await stage.clock.advance(1_000)
    expect(await history(tron, one)).toEqual(['1 scheduled', '0 succeeded'])
  })

  it('is cancelled before its time without running anything, cleanup neither', async () => {
    const stage = createStage(snapshotOf(job('one', { cleanup: action({ name: 'cleanup' }) })))
    await using tron = await stage.start()
    expect((await stage.command(tron, onRun('cancel'))).text).toBe(
      'JobRun:MASTER.one.0 now in state cancelled',
    )
    await stage.clock.advance(1_000)
    expect(stage.cluster.ledger).toEqual([])
    expect(await history(tron, one)).toEqual(['1 scheduled', '0 cancelled'])
    expect(await stage.command(tron, onRun('cancel'))).toMatchObject({
      outcome: 'refused',
      text: 'Failed to cancel, JobRun:MASTER.one.0 in state cancelled',
    })
  })

  it('is cancelled when its node has answered, and shows that it is being cancelled until then', async () => {
    const actions = [action({ name: 'first' }), action({ name: 'next', requires: ['first'] })]
    const stage = createStage(snapshotOf(job('one', { ...yearly, actions })), forever)
    await using tron = await stage.start()
    await stage.command(tron, start)
    const run = runId(one, 1)
    await stage.clock.advance(100)
    stage.cluster.setReachable('n1', false)
    await stage.command(tron, onRun('cancel', run))
    await stage.clock.advance(60_000)
    expect(await inShort(tron, one, 1)).toBe('running: first=running next=waiting')
    expect((await tron.run(one, { number: 1 }))?.row).toMatchObject({
      cancelling: true,
      held: 'cancelled by ann',
    })
    stage.cluster.setReachable('n1', true)
    await stage.clock.advance(30_000)
    expect(await inShort(tron, one, 1)).toBe('cancelled: first=cancelled next=cancelled')
  })

  it('is stopped: what runs is signalled, nothing new starts, and it ends as failed', async () => {
    const actions = [action({ name: 'first' }), action({ name: 'next', requires: ['first'] })]
    const cleanup = action({ name: 'cleanup' })
    const stage = createStage(snapshotOf(job('one', { ...yearly, actions, cleanup })), forever)
    await using tron = await stage.start()
    await stage.command(tron, start)
    await stage.clock.advance(100)
    expect((await stage.command(tron, onRun('stop', runId(one, 1)))).text).toBe(
      'Attempting to stop JobRun: MASTER.one.1',
    )
    await stage.clock.advance(1_000)
    expect(await inShort(tron, one, 1)).toBe('failed: first=failed next=waiting cleanup=waiting')
    expect(stage.cluster.ledger).toHaveLength(1)
  })
})

describe('an action', () => {
  const running = async () => {
    const actions = [action({ name: 'first' }), action({ name: 'next', requires: ['first'] })]
    const script = {
      run: ({ command }: { command: string }) => ({ afterMs: command === 'run first' ? null : 0 }),
    }
    const stage = createStage(snapshotOf(job('one', { actions })), script)
    const tron = await stage.start()
    await stage.command(tron, onRun('start'))
    await stage.clock.advance(100)
    return { stage, tron }
  }

  it.each([
    ['success', 'succeeded', 'succeeded: first=succeeded next=succeeded'],
    ['fail', 'failed', 'failed: first=failed next=waiting'],
  ] as const)('keeps the verdict %s whatever its command says later', async (verb, state, run) => {
    const { stage, tron } = await running()
    await using _ = tron
    expect((await stage.command(tron, onAction(verb))).text).toBe(
      `ActionRun: MASTER.one.0.first now in state ${state}`,
    )
    await stage.clock.advance(100)
    expect(await inShort(tron, one, 0)).toBe(run)
    const attempt = stage.cluster.ledger[0]
    if (attempt !== undefined) stage.cluster.finish(attempt.id, verb === 'success' ? 9 : 0)
    await stage.clock.advance(100)
    expect(await inShort(tron, one, 0)).toBe(run)
    const note = (await tron.run(one, { number: 0 }))?.actions[0]?.row.note
    const code = verb === 'success' ? 9 : 0
    expect(note).toBe(`the command ended with exit status ${code} after it was ${state} by ann`)
  })

  it('has no complete output while the command that a verdict overruled still writes', async () => {
    const { stage, tron } = await running()
    await using _ = tron
    const output = () => tron.output(runId(one, 0), 'first', { stream: 'stdout', lines: 0 })
    expect(await output()).toMatchObject({ complete: false, reason: null })
    await stage.command(tron, onAction('success'))
    expect(await output()).toMatchObject({
      complete: false,
      reason: 'its command on node n1 is not known to have ended',
    })
    const attempt = stage.cluster.ledger[0]
    if (attempt !== undefined) stage.cluster.finish(attempt.id, 0)
    await stage.clock.advance(100)
    expect(await output()).toMatchObject({ complete: true, reason: null })
  })

  it('is stopped and killed, and its command is proved gone', async () => {
    const { stage, tron } = await running()
    await using _ = tron
    expect(await stage.command(tron, onAction('stop'))).toEqual({
      outcome: 'done',
      text: 'Attempting to stop ActionRun: MASTER.one.0.first',
      runs: [],
    })
    await stage.clock.advance(100)
    const view = await tron.run(one, { number: 0 })
    expect(view?.actions[0]?.row).toMatchObject({
      state: 'failed',
      exitStatus: 143,
      stopsAsked: [ANN],
    })
    expect(view?.actions[0]?.attempts[0]?.stopped).toMatchObject({ survivors: [] })
    expect(await stage.command(tron, onAction('kill'))).toMatchObject({ outcome: 'refused' })
  })

  it('says that a stop came late when its command had ended with 0', async () => {
    const { stage, tron } = await running()
    await using _ = tron
    stage.cluster.setReachable('n1', false)
    const attempt = stage.cluster.ledger[0]
    if (attempt !== undefined) stage.cluster.finish(attempt.id, 0)
    await stage.clock.advance(500)
    await stage.command(tron, onAction('stop'))
    stage.cluster.setReachable('n1', true)
    await stage.clock.advance(60_000)
    expect((await tron.run(one, { number: 0 }))?.actions[0]?.row).toMatchObject({
      state: 'succeeded',
      stopsAsked: [ANN],
      note: 'stop came 500 ms late',
    })
  })

  it.each([
    [0, ['fail'], { state: 'failed', exitStatus: null }],
    [1, ['success'], { state: 'succeeded', exitStatus: 0 }],
    [1, ['success', 'fail'], { state: 'failed', exitStatus: null }],
    [1, ['success', 'skip'], { state: 'skipped', exitStatus: 1 }],
    [0, ['skip'], { state: 'skipped', exitStatus: 0 }],
  ] as const)('that ended with %d and was given %j is %j', async (code, verbs, told) => {
    const { stage, tron } = await running()
    await using _ = tron
    const attempt = stage.cluster.ledger[0]
    if (attempt !== undefined) stage.cluster.finish(attempt.id, code)
    await stage.clock.advance(1_000)
    for (const verb of verbs) await stage.command(tron, onAction(verb))
    const view = await tron.run(one, { number: 0 })
    expect(view?.actions[0]?.row).toMatchObject({ ...told, exitStatuses: [code] })
  })

  it('that is skipped while its command runs on has no exit status', async () => {
    const { stage, tron } = await running()
    await using _ = tron
    for (const verb of ['success', 'skip'] as const) await stage.command(tron, onAction(verb))
    const view = await tron.run(one, { number: 0 })
    expect(view?.actions[0]?.row).toMatchObject({ state: 'skipped', exitStatus: null })
  })

  it.each(['success', 'skip'] as const)(
    'has ended when it did, or when a verdict ended it (%s)',
    async (verb) => {
      const { stage, tron } = await running()
      await using _ = tron
      const endedMs = async () => (await tron.run(one, { number: 0 }))?.actions[0]?.row.endedMs ?? 0
      const attempt = stage.cluster.ledger[0]
      if (attempt !== undefined) stage.cluster.finish(attempt.id, 1)
      await stage.clock.advance(1_000)
      const before = await endedMs()
      await stage.command(tron, onAction(verb))
      expect((await endedMs()) > before).toBe(verb === 'success')
    },
  )

  it.each([
    ['the run', onRun('cancel')],
    ['the action', onAction('cancel')],
  ])('says who cancelled it where %s was cancelled while it ran', async (_what, subject) => {
    const { stage, tron } = await running()
    await using _ = tron
    await stage.command(tron, subject)
    await stage.clock.advance(30_000)
    expect((await tron.run(one, { number: 0 }))?.actions[0]?.row).toMatchObject({
      state: 'cancelled',
      reason: 'cancelled by ann',
    })
  })

  it('lets a run that was stopped go on when somebody says afterwards that it succeeded', async () => {
    const { stage, tron } = await running()
    await using _ = tron
    await stage.command(tron, onRun('stop'))
    await stage.clock.advance(30_000)
    expect(await inShort(tron, one, 0)).toBe('failed: first=failed next=waiting')
    const stopped = await tron.run(one, { number: 0 })
    expect([stopped?.row.held, stopped?.actions[0]?.row.stopsAsked]).toEqual(['stopped by ann', [ANN]])
    await stage.command(tron, onAction('success'))
    await stage.clock.advance(1_000)
    expect(await inShort(tron, one, 0)).toBe('succeeded: first=succeeded next=succeeded')
    expect((await tron.run(one, { number: 0 }))?.row.held).toBeNull()
  })

  it('goes on with the run when a failed action is skipped afterwards', async () => {
    const { stage, tron } = await running()
    await using _ = tron
    const attempt = stage.cluster.ledger[0]
    if (attempt !== undefined) stage.cluster.finish(attempt.id, 1)
    await stage.clock.advance(1_000)
    expect(await inShort(tron, one, 0)).toBe('failed: first=failed next=waiting')
    expect(await stage.command(tron, onAction('start', 'first'))).toMatchObject({
      outcome: 'refused',
      text: `Failed to start on ${actionRunId(first, 'first')}. State is failed.`,
    })
    await stage.command(tron, onAction('skip'))
    await stage.clock.advance(1_000)
    expect(await inShort(tron, one, 0)).toBe('succeeded: first=skipped next=succeeded')
    expect(await stage.command(tron, onAction('skip'))).toMatchObject({ outcome: 'refused' })
    await stage.clock.advance(1_000)
    expect(tron.stats()).toMatchObject({ liveRuns: 1, liveAttempts: 0 })
  })

  it('has every verdict that several people give at the same moment on a run that is history', async () => {
    const names = ['a', 'b', 'c', 'd']
    const actions = [...names.map((name) => ({ name })), { name: 'after', requires: ['a'] }]
    const stage = createStage(snapshotOf(job('one', { ...yearly, actions })), {
      run: ({ startKey }) => ({ afterMs: 0, code: startKey.includes('/after/') ? 0 : 1 }),
    })
    await using tron = await stage.start()
    await stage.command(tron, start)
    await stage.clock.advance(1_000)
    const run = runId(one, 1)
    expect(await inShort(tron, one, 1)).toBe('failed: a=failed b=failed c=failed d=failed after=waiting')
    expect(tron.stats()).toMatchObject({ liveRuns: 1 })
    const verdicts = ['success', 'skip', 'skip', 'success'] as const
    await Promise.all(verdicts.map((verb, index) => stage.command(tron, onAction(verb, names[index], run))))
    await stage.clock.advance(1_000)
    expect(await inShort(tron, one, 1)).toBe(
      'succeeded: a=succeeded b=skipped c=skipped d=succeeded after=succeeded',
    )
  })

  it('is revoked when it is stopped before its node can be reached, and never starts', async () => {
    const stage = createStage(snapshotOf(job('one', yearly)), forever)
    await using tron = await stage.start()
    const letGo = stage.cluster.hold('n1')
    await stage.command(tron, start)
    const run = runId(one, 1)
    await stage.command(tron, onRun('stop', run))
    letGo()
    await stage.clock.advance(5_000)
    const state = await inShort(tron, one, 1)
    expect(['failed: first=failed']).toContain(state)
    expect(stage.cluster.ledger.filter((launch) => launch.id !== '').length).toBeLessThanOrEqual(1)
  })

  it('fails with -2 when its node cannot be reached, and nothing is left of it there', async () => {
    const stage = createStage(snapshotOf(job('one', yearly)))
    stage.cluster.setReachable('n1', false)
    await using tron = await stage.start()
    await stage.command(tron, start)
    await stage.clock.advance(100)
    expect((await tron.run(one, { number: 1 }))?.actions[0]?.row).toMatchObject({
      state: 'failed',
      exitStatus: -2,
    })
    stage.cluster.setReachable('n1', true)
    await stage.clock.advance(120_000)
    expect(stage.cluster.ledger).toEqual([])
    expect(tron.stats()).toMatchObject({ liveAttempts: 0 })
  })
})
