import { describe, expect, it } from 'vitest'
import { canUse, SHELLS } from '../shells.ts'
import { createTestNode } from '../test-node.ts'

const SIZE = 300_000
/** Lines that differ, so that no part of them can stand for another one. */
const COMMAND = `i=0; while test $i -lt ${SIZE / 10}; do i=$((i + 1)); echo $((100000000 + i)); done`
const EXPECTED = Buffer.from(
  Array.from({ length: SIZE / 10 }, (_, index) => `${100_000_001 + index}\n`).join(''),
)

/** As one of a small busybox is. */
const PLAIN_DD = `#!/bin/sh
case "$*" in
  *iflag*) echo 'dd: unknown operand iflag' >&2; exit 1 ;;
esac
exit 2
`

/** Knows everything, and meets an error of the disk. */
const FAILING_DD = `#!/bin/sh
case "$*" in
  *if=/dev/null*) exit 0 ;;
esac
head -c 100000 "\${1#if=}"
exit 1
`

/** Meets an error of the disk at the output of attempts. */
const FAILING_HEAD = `#!/bin/sh
case "$*" in
  */out) exit 1 ;;
esac
PATH=\${PATH#*:} exec head "$@"
`

describe.each(SHELLS)('output that cannot be read, under $name', (kind) => {
  it.skipIf(!canUse(kind))('is told as ended, and costs nothing but its own reader', async () => {
    await using node = await createTestNode(kind, { programs: { head: FAILING_HEAD } })
    await using scheduler = await node.open()
    const request = await scheduler.finish('echo little')
    const closed = await scheduler.wait('closed', request.id)
    expect({ sizes: closed.sizes, tail: closed.tail }).toEqual({
      sizes: { stdout: 7, stderr: 0 },
      tail: undefined,
    })
    const { bytes, error } = await readFrom(scheduler, request, 0)
    expect({ length: bytes.length, error }).toMatchObject({ length: 0, error: { code: 'UNREACHABLE' } })
    await scheduler.finish('true')
    const states = scheduler.events.flatMap((event) => (event.kind === 'target' ? [event.state] : []))
    expect(states).toEqual(['reachable'])
  })
})

describe.each(SHELLS)('much output under $name', (kind) => {
  it.skipIf(!canUse(kind))('is read whole, from any place', async () => {
    await using node = await createTestNode(kind)
    await using scheduler = await node.open()
    const request = await scheduler.finish(COMMAND)
    expect((await scheduler.output(request)).equals(EXPECTED)).toBe(true)
    expect((await readFrom(scheduler, request, 12_345)).bytes.equals(EXPECTED.subarray(12_345))).toBe(true)
  })

  it.skipIf(!canUse(kind))('is read whole where dd cannot count bytes', async () => {
    await using node = await createTestNode(kind, { programs: { dd: PLAIN_DD } })
    await using scheduler = await node.open()
    const request = await scheduler.finish(COMMAND)
    expect((await readFrom(scheduler, request, 12_345)).bytes.equals(EXPECTED.subarray(12_345))).toBe(true)
  })

  it.skipIf(!canUse(kind))('is never handed out twice where dd fails in the middle', async () => {
    await using node = await createTestNode(kind, { programs: { dd: FAILING_DD } })
    await using scheduler = await node.open()
    const request = await scheduler.finish(COMMAND)
    const { bytes, error } = await readFrom(scheduler, request, 0)
    expect(error).toMatchObject({ code: 'UNREACHABLE' })
    expect({ length: bytes.length, isRight: EXPECTED.subarray(0, bytes.length).equals(bytes) }).toEqual({
      length: 100_000,
      isRight: true,
    })
  })
})

/** What is handed out, and what it ends with. */
async function readFrom(
  { executor }: Awaited<ReturnType<Awaited<ReturnType<typeof createTestNode>>['open']>>,
  { id, target }: Parameters<typeof executor.start>[0][number],
  from: number,
): Promise<{ readonly bytes: Buffer; readonly error: unknown }> {
  const chunks: Uint8Array[] = []
  try {
    const reading = executor.read({ id, target }, 'stdout', from, { signal: AbortSignal.timeout(60_000) })
    for await (const chunk of reading) chunks.push(chunk)
  } catch (error) {
    return { bytes: Buffer.concat(chunks), error }
  }
  return { bytes: Buffer.concat(chunks), error: null }
}
