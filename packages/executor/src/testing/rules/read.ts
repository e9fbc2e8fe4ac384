import { deepStrictEqual, ok } from 'node:assert/strict'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { startDeadline } from '../deadline.ts'
import { patternBytes } from '../executor-fixture.ts'
import { type ExecutorRule, needsAll, needsOffsets, needsOutput } from '../executor-rule.ts'
import { readAll, readBytes } from '../read-all.ts'
import { refOf } from '../stage.ts'

/** More than `closed` carries along, and no multiple of anything. */
const MANY = 300_001

export const READ_RULES: readonly ExecutorRule[] = [
  {
    name: 'read: gives every byte as it was written, up to the size that closed stated',
    skip: needsOutput,
    async play(stage) {
      const { executor, finish, watch } = await stage.open()
      const request = await finish(stage.fixture.commands.printBytes(MANY))
      const { sizes, lost } = await watch.wait('closed', request.id)
      deepStrictEqual({ sizes, lost: lost ?? 0 }, { sizes: { stdout: MANY, stderr: 0 }, lost: 0 })
      assertBytes(await readBytes(executor, request, { stream: 'stdout', from: 0 }), patternBytes(MANY))
    },
  },
  {
    name: 'read: gives the rest from any byte on',
    skip: needsOffsets,
    async play(stage) {
      const { executor, finish } = await stage.open()
      const request = await finish(stage.fixture.commands.printBytes(MANY))
      for (const from of [1, 65_535, 65_536, 65_537, MANY - 1, MANY]) {
        const bytes = await readBytes(executor, request, { stream: 'stdout', from })
        assertBytes(bytes, patternBytes(MANY).subarray(from))
      }
    },
  },
  {
    name: 'read: keeps the streams apart',
    skip: needsAll(needsOutput, ({ streams }) =>
      streams.includes('stderr') ? null : 'the executor has no stderr of its own',
    ),
    async play(stage) {
      const { executor, finish, watch } = await stage.open()
      const out = await finish(stage.fixture.commands.print('to stdout', 'stdout'))
      const err = await finish(stage.fixture.commands.print('auf stderr: ü', 'stderr'))
      deepStrictEqual((await watch.wait('closed', err.id)).sizes, { stdout: 0, stderr: 14 })
      deepStrictEqual(await readAll(executor, out, 'stdout'), 'to stdout')
      deepStrictEqual(await readAll(executor, out, 'stderr'), '')
      deepStrictEqual(await readAll(executor, err, 'stdout'), '')
      deepStrictEqual(await readAll(executor, err, 'stderr'), 'auf stderr: ü')
    },
  },
  {
    name: 'read: the tail that closed carries is the end of the output',
    skip: needsOutput,
    async play(stage) {
      const { finish, watch } = await stage.open()
      const request = await finish(stage.fixture.commands.printBytes(1000))
      const part = (await watch.wait('closed', request.id)).tail?.stdout
      if (part === undefined) return
      deepStrictEqual(part.from + part.bytes.length, 1000)
      assertBytes(part.bytes, patternBytes(1000).subarray(part.from))
    },
  },
  {
    name: 'read: gives what a running command has written so far, and ends',
    skip: needsOffsets,
    async play(stage) {
      const { executor, run, watch } = await stage.open()
      const request = await run(stage.fixture.commands.printAndSleep('so far'))
      await watch.wait('started', request.id)
      using deadline = startDeadline(stage.deadlineMs, 'no output of a running command')
      let text = ''
      while (text !== 'so far') {
        deadline.signal.throwIfAborted()
        text = await readAll(executor, request, 'stdout')
        await nextTurn()
      }
    },
  },
  {
    name: 'read: goes at the pace of the reader, who misses nothing',
    skip: needsOutput,
    async play(stage) {
      const { executor, finish } = await stage.open()
      const request = await finish(stage.fixture.commands.printBytes(MANY))
      const chunks: Uint8Array[] = []
      for await (const chunk of executor.read(refOf(request), 'stdout', 0, { signal: stage.signal })) {
        chunks.push(chunk)
        for (let turn = 0; turn < 20; turn += 1) await nextTurn()
      }
      assertBytes(Uint8Array.from(Buffer.concat(chunks)), patternBytes(MANY))
    },
  },
  {
    name: 'read: gives nothing to a reader whose signal is aborted',
    skip: needsOutput,
    async play(stage) {
      const { executor, finish } = await stage.open()
      const request = await finish(stage.fixture.commands.print('for nobody', 'stdout'))
      const signal = AbortSignal.abort(new Error('enough'))
      let length = 0
      try {
        for await (const chunk of executor.read(refOf(request), 'stdout', 0, { signal }))
          length += chunk.length
      } catch {
        // Ending with the reason of the signal is as good as ending.
      }
      deepStrictEqual(length, 0)
    },
  },
  {
    name: 'read: a reader that leaves early harms no later one',
    skip: needsOutput,
    async play(stage) {
      const { executor, finish } = await stage.open()
      const request = await finish(stage.fixture.commands.printBytes(MANY))
      const leave = new AbortController()
      for await (const chunk of executor.read(refOf(request), 'stdout', 0, { signal: leave.signal })) {
        ok(chunk.length > 0, 'a chunk without bytes')
        break
      }
      leave.abort()
      assertBytes(await readBytes(executor, request, { stream: 'stdout', from: 0 }), patternBytes(MANY))
    },
  },
]

/** Compares without printing everything when they differ. */
function assertBytes(actual: Uint8Array, expected: Uint8Array): void {
  deepStrictEqual(actual.length, expected.length, `read ${actual.length} bytes of ${expected.length}`)
  const at = expected.findIndex((byte, index) => actual[index] !== byte)
  ok(at === -1, `byte ${at} is ${actual[at] ?? 'missing'} instead of ${expected[at] ?? 'nothing'}`)
}
