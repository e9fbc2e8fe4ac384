import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { InventoryEntry, StartRequest } from '@tron/executor'
import { requireNamespaces, requireProgram, until } from '@tron/testkit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  DEADLINE_MS,
  type NodeInNamespace,
  newRequest,
  openNode,
  patience,
  type Scheduler,
  TARGET,
} from './node-in-namespace.ts'

const isUsable = requireProgram('dash', 'dash') && requireNamespaces()

describe.skipIf(!isUsable)('what a node keeps of an attempt', () => {
  let node: NodeInNamespace
  let scheduler: Scheduler
  beforeEach(async () => {
    node = await openNode({ program: 'dash' })
    scheduler = await node.open()
  })
  afterEach(async () => {
    await scheduler[Symbol.asyncDispose]()
    await node[Symbol.asyncDispose]()
  })

  it('is stopped with all that it started, also in sessions of their own and standing still', async () => {
    const children = [
      'sleep 1000 &',
      'setsid sleep 1001 &',
      'setsid -f sh -c "sleep 1002 & exec sleep 1003"',
      `sh -c 'trap "" TERM; sleep 1004; sleep 1005' &`,
      'sleep 1006 & kill -s STOP $!',
    ]
    const request = await scheduler.run([...children, 'echo $$ >ready', 'wait'].join('\n'))
    await node.appears('ready')
    await until('all run', async () => (await node.carriers(request)).length >= 8, { withinMs: DEADLINE_MS })
    await scheduler.executor.stop(request, { signal: 'TERM', graceMs: 200 })
    const { signalled, survivors } = await scheduler.wait('stopped', request.id)
    expect({ signalled, survivors }).toEqual({ signalled: ['TERM', 'KILL'], survivors: [] })
    expect(await node.carriers(request)).toEqual([])
    expect(await scheduler.exitOf(request)).toEqual({ type: 'exited', code: 143 })
  })

  it('can end by itself when it is asked to stop, and is given the time for it', async () => {
    const command = 'trap "echo sorry; exit 9" TERM; touch ready; while :; do sleep 0.05; done'
    const request = await scheduler.run(command)
    await node.appears('ready')
    await scheduler.executor.stop(request, { signal: 'TERM', graceMs: DEADLINE_MS })
    const { signalled, survivors } = await scheduler.wait('stopped', request.id)
    expect({ signalled, survivors }).toEqual({ signalled: ['TERM'], survivors: [] })
    expect(await scheduler.exitOf(request)).toEqual({ type: 'exited', code: 9 })
    await scheduler.wait('closed', request.id)
    expect(await scheduler.text(request)).toBe('sorry\n')
  })

  it('never runs when it was revoked before its start, also for another scheduler process', async () => {
    const request = newRequest('echo ran >>never')
    expect(await scheduler.executor.revoke([request], patience())).toEqual([
      { id: request.id, result: 'revoked' },
    ])
    const refused = [{ id: request.id, result: 'refused', retry: false, code: 'REVOKED' }]
    expect(await scheduler.start([request])).toMatchObject(refused)
    await using restarted = await node.open()
    expect(await restarted.start([request])).toMatchObject(refused)
    await restarted.executor.adopt([request], patience())
    expect(await restarted.wait('absent', request.id)).toMatchObject({ proof: 'never-started' })
    await restarted.finish('true')
    expect(await node.inside(`ls '${node.home}'`)).toBe('')
  })

  it('goes on when it is revoked after its start', async () => {
    const request = await scheduler.run('until test -e go-on; do sleep 0.05; done; exit 8')
    const revoked = await scheduler.executor.revoke([request], patience())
    expect(revoked).toEqual([{ id: request.id, result: 'started' }])
    await node.inside(`touch '${node.home}/go-on'`)
    expect(await scheduler.exitOf(request)).toEqual({ type: 'exited', code: 8 })
  })

  it('is its evidence when it was released, and no output; its id is never free again', async () => {
    const request = await scheduler.finish('echo out >&2; echo ran >>ran; exit 2')
    const [id] = [request.id]
    expect(await scheduler.executor.release([request])).toEqual([id])
    expect(await scheduler.start([request])).toEqual([{ id, result: 'exists' }])
    await expect(scheduler.bytes(request, 'stderr')).rejects.toMatchObject({ code: 'OUTPUT_UNAVAILABLE' })
    expect(await node.inside(`ls '${node.home}'/.tron-spool/*/*/g.*/a/??/${id}`)).toBe('go\nmeta\nr\nstate\n')
    expect(await entryOf(scheduler, request)).toMatchObject({
      phase: 'ended',
      outcome: { type: 'exited', code: 2 },
      sizes: { stdout: 0, stderr: 4 },
      released: true,
    })
    expect(await scheduler.executor.release([request])).toEqual([id])
    await scheduler.finish('true')
    expect(await node.inside(`cat '${node.home}/ran'`)).toBe('ran\n')
  })

  it('is not released while it runs', async () => {
    const request = await scheduler.run('echo out; exec sleep 1000')
    await until('it has written', async () => (await scheduler.text(request)) === 'out\n', {
      withinMs: DEADLINE_MS,
    })
    expect(await scheduler.executor.release([request])).toEqual([])
    expect(await scheduler.text(request)).toBe('out\n')
    await scheduler.executor.stop(request, { signal: 'KILL', graceMs: 0 })
    await scheduler.wait('closed', request.id)
    expect(await scheduler.executor.release([request])).toEqual([request.id])
  })

  it('is found also where somebody left something else in the spool', async () => {
    const request = await scheduler.finish('exit 5')
    const prefix = request.id.slice(0, 2)
    await node.inside(`cd '${node.home}'/.tron-spool/*/*/g.*; touch l/core; mkdir a/${prefix}/backup a/saved`)
    expect((await entryOf(scheduler, request))?.phase).toBe('ended')
    await using restarted = await node.open()
    expect(await restarted.exitOf(request)).toEqual({ type: 'exited', code: 5 })
  })

  it('is listed with its phase: reserved, launched, ended or revoked', async () => {
    const [ended, launched] = [
      await scheduler.finish('echo 1; exit 1'),
      await scheduler.run('exec sleep 1000'),
    ]
    const [revoked, reserved] = [newRequest('true'), newRequest('echo ran >>never')]
    await scheduler.executor.revoke([revoked], patience())
    // As a session leaves it that died between the two steps of a start.
    const prefix = reserved.id.slice(0, 2)
    const attempts = `'${node.home}'/.tron-spool/*/*/g.*/a`
    await node.inside(`cd ${attempts}; mkdir -p ${prefix}/${reserved.id}`)
    const requests = [ended, launched, revoked, reserved]
    const entries = await Promise.all(requests.map((request) => entryOf(scheduler, request)))
    expect(entries.map((entry) => entry?.phase)).toEqual(['ended', 'launched', 'revoked', 'reserved'])
    const { startKey, runNumber, configHash } = ended
    expect(entries[0]).toMatchObject({ startKey, runNumber, configHash, sizes: { stdout: 2, stderr: 0 } })
    await scheduler.executor.adopt([reserved], patience())
    expect(await scheduler.wait('absent', reserved.id)).toMatchObject({ proof: 'never-started' })
    expect((await entryOf(scheduler, reserved))?.phase).toBe('revoked')
    await scheduler.executor.stop(launched, { signal: 'KILL', graceMs: 0 })
    await scheduler.exitOf(launched)
  })
})

describe.skipIf(!isUsable)('a spool that cannot be made', () => {
  it('is named in the refusal, and that its user may not write there', async () => {
    await using node = await openNode({ program: 'dash' })
    const spoolRoot = join(node.home, 'file/spool')
    await node.inside(`touch '${node.home}/file'`)
    await using scheduler = await node.open({}, { spoolRoot })
    const [reply] = await scheduler.start([newRequest('true')])
    expect(reply).toMatchObject({ result: 'refused', retry: true, code: 'UNREACHABLE' })
    expect(JSON.stringify(reply)).toContain(
      `the spool ${spoolRoot} cannot be made or written: its user may not do that there`,
    )
  })
})

describe.skipIf(!isUsable)('a spool whose disk is full', () => {
  it('loses output, says so, keeps every exit status, and is reachable once it has room again', async (context) => {
    await using node = await openNode({ program: 'dash' })
    const small = join(node.home, 'small')
    await mkdir(small)
    const mounted = await node.namespace.inside(`mount -t tmpfs -o size=512k tmpfs '${small}'`)
    if (mounted.code !== 0) context.skip(`only root can mount a small disk: ${mounted.stderr.trim()}`)
    await using scheduler = await node.open({}, { spoolRoot: `${small}/spool` })
    const early = Array.from({ length: 5 }, (_, index) =>
      newRequest(`until test -e go-on; do sleep 0.05; done; echo late; exit ${index + 20}`),
    )
    expect((await scheduler.start(early)).map(({ result }) => result)).toEqual(early.map(() => 'accepted'))
    const large = await scheduler.finish('head -c 2000000 /dev/zero; echo err >&2; exit 7')
    expect(await scheduler.exitOf(large)).toEqual({ type: 'exited', code: 7 })
    const { lost = 0, sizes } = await scheduler.wait('closed', large.id)
    expect({ isStated: lost > 0, isCut: sizes.stdout < 2_000_000 }).toEqual({ isStated: true, isCut: true })
    await node.inside(`touch '${node.home}/go-on'`)
    await node.gone(early)
    // Bells that could not be rung are made up for by the look at the records that every connection begins with.
    node.transport.cutAll()
    const exits = await Promise.all(early.map((request) => scheduler.exitOf(request)))
    expect(exits).toEqual(early.map((_, index) => ({ type: 'exited', code: index + 20 })))
    const refused = newRequest('echo ran >>refused')
    expect(await scheduler.start([refused])).toMatchObject([{ result: 'refused', retry: true, code: 'FULL' }])
    expect(scheduler.all('target').some(({ state }) => state === 'full')).toBe(true)
    expect(await scheduler.executor.release([large])).toEqual([large.id])
    expect(await scheduler.start([refused])).toEqual([{ id: refused.id, result: 'accepted' }])
    expect(await scheduler.exitOf(refused)).toEqual({ type: 'exited', code: 0 })
    expect(await node.inside(`cat '${node.home}/refused'`)).toBe('ran\n')
    expect(scheduler.all('target').at(-1)?.state).toBe('reachable')
  })
})

async function entryOf(scheduler: Scheduler, { id }: StartRequest): Promise<InventoryEntry | undefined> {
  const entries: InventoryEntry[] = []
  for await (const page of scheduler.executor.inventory(TARGET)) entries.push(...page)
  return entries.find((entry) => entry.id === id)
}
