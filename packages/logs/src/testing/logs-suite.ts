import { describe, expect, it } from 'vitest'
import type { LogKey, LogStore } from '../contract.ts'

/** One place for output, empty at first, made anew for each rule. */
export interface LogsFixture extends AsyncDisposable {
  /** Opens the place; again after a close, as after a restart, where it outlives that. */
  open(): Promise<LogStore>
  /** Whether what was synced is there after a close and another open. */
  readonly outlives: boolean
}

const KEY: LogKey = { namespace: 'ns', job: 'job', run: 7, action: 'load', ordinal: 0, stream: 'stdout' }
const MIB = 1024 * 1024

interface LogsRule {
  readonly name: string
  play(logs: LogStore, fixture: LogsFixture): Promise<void>
}

const WRITING: readonly LogsRule[] = [
  {
    name: 'a log that was never written has length 0 and no bytes, and can be synced',
    async play(logs) {
      expect(await logs.length(KEY)).toBe(0)
      expect(await logs.read(KEY, 0, 100)).toEqual(new Uint8Array())
      await logs.sync([KEY])
    },
  },
  {
    name: 'append answers the new length, and read gives the bytes unchanged',
    async play(logs) {
      const bytes = pattern(70_000)
      expect(await logs.append(KEY, 0, bytes.subarray(0, 1))).toBe(1)
      expect(await logs.append(KEY, 1, bytes.subarray(1))).toBe(70_000)
      expect(await logs.length(KEY)).toBe(70_000)
      expectBytes(await logs.read(KEY, 0, 70_000), bytes)
    },
  },
  {
    name: 'append leaves what is there as it is, and adds what is new',
    async play(logs) {
      await logs.append(KEY, 0, text('hello'))
      expect(await logs.append(KEY, 0, text('hello'))).toBe(5)
      expect(await logs.append(KEY, 1, text('XX'))).toBe(5)
      expect(await logs.append(KEY, 3, text('lo there'))).toBe(11)
      expect(await logs.append(KEY, 11, new Uint8Array())).toBe(11)
      expect(await logs.read(KEY, 0, 100)).toEqual(text('hello there'))
    },
  },
  {
    name: 'append beyond the end is refused with OUTPUT_UNAVAILABLE and writes nothing',
    async play(logs) {
      await expect(logs.append(KEY, 1, text('x'))).rejects.toMatchObject({ code: 'OUTPUT_UNAVAILABLE' })
      expect(await logs.length(KEY)).toBe(0)
      await logs.append(KEY, 0, text('ab'))
      await expect(logs.append(KEY, 3, text('x'))).rejects.toMatchObject({ code: 'OUTPUT_UNAVAILABLE' })
      expect(await logs.read(KEY, 0, 100)).toEqual(text('ab'))
    },
  },
  {
    name: 'appends to one log that are under way together are done in order',
    async play(logs) {
      const parts = Array.from({ length: 50 }, (_, index) => text(String(index % 10)))
      const lengths = await Promise.all(parts.map((part, index) => logs.append(KEY, index, part)))
      expect(lengths).toEqual(parts.map((_, index) => index + 1))
      expect(await logs.read(KEY, 0, 100)).toEqual(text('0123456789'.repeat(5)))
    },
  },
  {
    name: 'what was synced is there after another open, and appending goes on',
    async play(logs, fixture) {
      await logs.append(KEY, 0, text('before'))
      await logs.sync([KEY, { ...KEY, stream: 'stderr' }])
      if (!fixture.outlives) return
      await logs[Symbol.asyncDispose]()
      await using again = await fixture.open()
      expect(await again.length(KEY)).toBe(6)
      expect(await again.append(KEY, 6, text(' after'))).toBe(12)
      expect(await again.read(KEY, 0, 100)).toEqual(text('before after'))
    },
  },
]

const READING: readonly LogsRule[] = [
  {
    name: 'read gives a range as far as it exists',
    async play(logs) {
      await logs.append(KEY, 0, text('0123456789'))
      expect(await logs.read(KEY, 3, 6)).toEqual(text('345'))
      expect(await logs.read(KEY, 8, 20)).toEqual(text('89'))
      expect(await logs.read(KEY, 10, 20)).toEqual(new Uint8Array())
      expect(await logs.read(KEY, 15, 20)).toEqual(new Uint8Array())
      expect(await logs.read(KEY, 4, 4)).toEqual(new Uint8Array())
    },
  },
  {
    name: 'read gives at most 1 MiB a call',
    async play(logs) {
      const bytes = pattern(MIB + 5)
      await logs.append(KEY, 0, bytes)
      expectBytes(await logs.read(KEY, 2, MIB + 5), bytes.subarray(2, MIB + 2))
    },
  },
  {
    name: 'read sees what was appended, without a sync',
    async play(logs) {
      for (let at = 0; at < 20; at += 1) {
        await logs.append(KEY, at, text('x'))
        expect(await logs.read(KEY, at, at + 1)).toEqual(text('x'))
      }
    },
  },
]

const KEEPING: readonly LogsRule[] = [
  {
    name: 'logs of other streams, attempts, actions, runs, jobs and namespaces are others',
    async play(logs) {
      const others: readonly LogKey[] = [
        KEY,
        { ...KEY, stream: 'stderr' },
        { ...KEY, ordinal: 1 },
        { ...KEY, action: 'cleanup' },
        { ...KEY, run: 70 },
        { ...KEY, job: 'job-7' },
        { ...KEY, namespace: 'other' },
      ]
      for (const [index, key] of others.entries()) await logs.append(key, 0, text(`log ${index}`))
      for (const [index, key] of others.entries()) {
        expect(await logs.read(key, 0, 100)).toEqual(text(`log ${index}`))
      }
    },
  },
  {
    name: 'many logs can be written and read at the same time',
    async play(logs) {
      const keys = Array.from({ length: 400 }, (_, index) => ({ ...KEY, action: `a${index}` }))
      await Promise.all(keys.map((key, index) => logs.append(key, 0, text(`one ${index}`))))
      await Promise.all(keys.map((key, index) => logs.append(key, `one ${index}`.length, text(' two'))))
      await logs.sync(keys)
      const read = await Promise.all(keys.map((key) => logs.read(key, 0, 100)))
      expect(read).toEqual(keys.map((_, index) => text(`one ${index} two`)))
    },
  },
  {
    name: 'remove removes all of a run and nothing else',
    async play(logs) {
      const inRun: readonly LogKey[] = [
        KEY,
        { ...KEY, stream: 'stderr' },
        { ...KEY, action: 'b', ordinal: 3 },
      ]
      const neighbours: readonly LogKey[] = [
        { ...KEY, run: 70 },
        { ...KEY, run: 0 },
        { ...KEY, job: 'job7' },
      ]
      for (const key of [...inRun, ...neighbours]) await logs.append(key, 0, text('kept'))
      await logs.remove(KEY)
      const lengths = await Promise.all([...inRun, ...neighbours].map((key) => logs.length(key)))
      expect(lengths).toEqual([0, 0, 0, 4, 4, 4])
    },
  },
  {
    name: 'remove of a run that has no output is a success, and a log begins anew after it',
    async play(logs) {
      await logs.remove(KEY)
      await logs.append(KEY, 0, text('first'))
      await logs.remove(KEY)
      await logs.remove(KEY)
      expect(await logs.append(KEY, 0, text('second'))).toBe(6)
      expect(await logs.read(KEY, 0, 100)).toEqual(text('second'))
    },
  },
]

/** Declares one vitest test for each rule of the contract. */
export function logsSuite(name: string, options: { readonly create: () => Promise<LogsFixture> }): void {
  describe(`${name} obeys the log store contract`, () => {
    for (const rule of [...WRITING, ...READING, ...KEEPING]) {
      // oxlint-disable-next-line vitest/expect-expect, vitest/valid-title -- the rule itself asserts, its name is a string
      it(rule.name, async () => {
        await using fixture = await options.create()
        await using logs = await fixture.open()
        await rule.play(logs, fixture)
      })
    }
  })
}

function text(content: string): Uint8Array {
  return new TextEncoder().encode(content)
}

/** Every value of a byte, again and again. */
function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => index % 256)
}

/** Compares without printing everything when they differ. */
function expectBytes(actual: Uint8Array, expected: Uint8Array): void {
  expect(actual.length).toBe(expected.length)
  expect(expected.findIndex((byte, index) => actual[index] !== byte)).toBe(-1)
}
