import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { InventoryEntry, StartRequest } from '@tron/executor'
import { until } from '@tron/testkit'
import { describe, expect, it } from 'vitest'
import { canUse, SHELLS } from '../shells.ts'
import { createTestNode, type Scheduler, type TestNode } from '../test-node.ts'

const OLD_BOOT = '00000000-1111-2222-3333-444444444444'
const CLAIMED_MS = 1_700_000_000_000

const signal = (): { readonly signal: AbortSignal } => ({ signal: AbortSignal.timeout(60_000) })

/** Leaves in the spool what is there when the go was made, and nothing was written into it. */
async function leaveGo(
  node: TestNode,
  { id }: StartRequest,
  { boot, go = '' }: { readonly boot: string | null; readonly go?: string },
): Promise<string> {
  const folder = `a/${id.slice(0, 2)}/${id}`
  const pipes = ['o', 'e'].map((name) => `${folder}/${name}.77.${boot}.${CLAIMED_MS}`)
  const { stdout } = await node.namespace.inside(
    [
      'set -e',
      `cd ${node.folder}/spool/*/node/g.*`,
      `mkdir -p ${folder}`,
      `echo 'test.job/r0/0/act/0 1 c0ffee .' >${folder}/meta`,
      `echo 'R ############################################################# .' >${folder}/state`,
      `true >l/${id}`,
      ...(boot === null ? [] : [`mkfifo ${pipes.join(' ')}`]),
      `printf '${go}' >${folder}/go`,
      'pwd',
    ].join('\n'),
  )
  return join(stdout.trim(), folder)
}

async function bootOf(node: TestNode): Promise<string> {
  return (await node.namespace.inside('cat /proc/sys/kernel/random/boot_id')).stdout.trim()
}

async function entryOf({ executor }: Scheduler, request: StartRequest): Promise<InventoryEntry | undefined> {
  const entries: InventoryEntry[] = []
  for await (const page of executor.inventory(request.target)) entries.push(...page)
  return entries.find(({ id }) => id === request.id)
}

/** Asks what became of it. @returns its story from the beginning */
async function told(scheduler: Scheduler, request: StartRequest): Promise<readonly unknown[]> {
  const from = scheduler.events.length
  await scheduler.executor.adopt([request], signal())
  const own = (): readonly Record<string, unknown>[] =>
    scheduler.events.slice(from).filter((event) => 'id' in event && event.id === request.id)
  await until('it is told', () => own().some(({ kind }) => kind === 'closed' || kind === 'absent'), {
    withinMs: 60_000,
    explain: () => JSON.stringify(scheduler.events.slice(from)),
  })
  return own()
}

function lostStory({ id }: StartRequest, cause: string): readonly unknown[] {
  return [
    { kind: 'started', id, atMs: CLAIMED_MS },
    { kind: 'exit', id, outcome: { type: 'lost', cause, legacyCode: -12 } },
    { kind: 'closed', id, sizes: { stdout: 0, stderr: 0 }, leftRunning: 0 },
  ]
}

describe.each(SHELLS)('a go without a record under $name', (kind) => {
  it.skipIf(!canUse(kind)).each([
    { name: 'of an earlier boot', isOld: true, cause: 'reboot', go: '' },
    { name: 'of which a part was written', isOld: true, cause: 'reboot', go: 'G 4711 12' },
    { name: 'of this boot, whose supervisor is gone', isOld: false, cause: 'killed', go: '' },
  ])('$name is told as started and lost, also after its release', async ({ isOld, cause, go }) => {
    await using node = await createTestNode(kind)
    await using scheduler = await node.open()
    await scheduler.finish('true')
    const request = scheduler.request(`echo ran >>${node.folder}/ran`)
    await leaveGo(node, request, { boot: isOld ? OLD_BOOT : await bootOf(node), go })
    expect(await scheduler.start([request])).toEqual([{ id: request.id, result: 'exists' }])
    expect(await told(scheduler, request)).toMatchObject(lostStory(request, cause))
    expect(await entryOf(scheduler, request)).toMatchObject({ phase: 'ended', outcome: { cause } })
    expect(await scheduler.executor.release([request])).toEqual([request.id])
    expect(await told(scheduler, request)).toMatchObject(lostStory(request, cause))
    expect(await scheduler.start([request])).toEqual([{ id: request.id, result: 'exists' }])
    await scheduler.finish('true')
    await expect(readFile(join(node.folder, 'ran'))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it.skipIf(!canUse(kind))(
    'is being written while somebody lives who can, and is lost with him',
    async () => {
      await using node = await createTestNode(kind)
      await using scheduler = await node.open()
      await scheduler.finish('true')
      const request = scheduler.request('true')
      const folder = await leaveGo(node, request, { boot: await bootOf(node) })
      const { stdout } = await node.namespace.inside(
        `sleep 1000 8<${folder}/state </dev/null >/dev/null 2>&1 & echo $!`,
      )
      const pid = stdout.trim()
      await scheduler.executor.adopt([request], signal())
      expect(await entryOf(scheduler, request)).toMatchObject({ phase: 'reserved' })
      expect(await scheduler.executor.release([request])).toEqual([])
      expect(scheduler.events.filter((event) => 'id' in event && event.id === request.id)).toEqual([])
      await node.namespace.inside(`kill -s KILL -- ${pid}`)
      expect(await scheduler.wait('exit', request.id)).toMatchObject({ outcome: { cause: 'killed' } })
      await scheduler.wait('closed', request.id)
      expect(scheduler.events.filter(({ kind: what }) => what === 'absent')).toEqual([])
    },
  )

  it.skipIf(!canUse(kind))(
    'is not lost while it is being launched, however often it is looked at',
    async () => {
      await using node = await createTestNode(kind)
      await using scheduler = await node.open()
      await scheduler.finish('true')
      const requests = Array.from({ length: 100 }, () => scheduler.request('exit 3'))
      const lost: InventoryEntry[] = []
      const over = new AbortController()
      const look = async (): Promise<void> => {
        while (!over.signal.aborted) {
          for await (const page of scheduler.executor.inventory(node.target.target))
            lost.push(...page.filter((entry) => entry.phase === 'ended' && entry.outcome?.type === 'lost'))
        }
      }
      const looking = look()
      await scheduler.start(requests)
      const exits = await Promise.all(requests.map(({ id }) => scheduler.wait('exit', id)))
      over.abort()
      await looking
      expect(lost).toEqual([])
      expect(exits.map(({ outcome }) => outcome)).toEqual(requests.map(() => ({ type: 'exited', code: 3 })))
    },
  )

  it.skipIf(!canUse(kind))('and without pipes was made by a revoke that was cut short', async () => {
    await using node = await createTestNode(kind)
    await using scheduler = await node.open()
    await scheduler.finish('true')
    const request = scheduler.request('true')
    await leaveGo(node, request, { boot: null })
    expect(await scheduler.start([request])).toMatchObject([{ result: 'refused', code: 'REVOKED' }])
    expect(await told(scheduler, request)).toMatchObject([{ kind: 'absent', proof: 'never-started' }])
    const revoked = await scheduler.executor.revoke([request], signal())
    expect(revoked).toEqual([{ id: request.id, result: 'revoked' }])
  })
})

describe.each(SHELLS)('a ring that a full disk cut short under $name', (kind) => {
  it.skipIf(!canUse(kind))('spoils no other, and places in the journal stay right', async () => {
    await using node = await createTestNode(kind)
    await using scheduler = await node.open()
    const first = await scheduler.finish('true')
    const journal = `${node.folder}/spool/*/node/g.*/journal`
    const ringsOf = async ({ id }: StartRequest): Promise<readonly string[]> => {
      const { stdout } = await node.namespace.inside(`grep -E '^[SXC] ${id} .* [.]$' ${journal} | cut -c 1`)
      return stdout.trim().split('\n')
    }
    for (let round = 0; round < 3; round += 1) {
      await node.namespace.inside(`printf '\\nX ${first.id} 0 17' >>$(echo ${journal})`)
      expect(await ringsOf(await scheduler.finish('exit 3'))).toEqual(['S', 'X', 'C'])
    }
    const last = await scheduler.finish('true')
    const { stdout } = await node.namespace.inside(`cat ${journal}`)
    // A cursor does not cover the ring that it comes with.
    expect(Number(scheduler.cursor().split(':')[1])).toBe(stdout.lastIndexOf(`C ${last.id}`))
    const codes = scheduler.events.flatMap((event) =>
      event.kind === 'exit' && event.outcome.type === 'exited' ? [event.outcome.code] : [],
    )
    expect(codes).toEqual([0, 3, 3, 3, 0])
    expect(await ringsOf(last)).toEqual(['S', 'X', 'C'])
  })
})
