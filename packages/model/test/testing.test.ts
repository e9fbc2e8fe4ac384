import { createManualClock, createMemoryLogger, createSeededRandom } from '@tron/model/testing'
import { expect, it } from 'vitest'

it('a manual clock calls timers in order, also those set by others, and wakes sleepers', async () => {
  const clock = createManualClock(1_000)
  const seen: string[] = []
  clock.timer(20, () => seen.push(`b ${clock.nowMs()}`))
  clock.timer(10, () => {
    seen.push(`a ${clock.nowMs()}`)
    clock.timer(5, () => seen.push(`c ${clock.nowMs()}`))
  })
  const cancel = clock.timer(12, () => seen.push('never'))
  cancel()
  const slept = clock.sleep(30).then(() => seen.push(`slept ${clock.monotonicMs()}`))
  await clock.advance(30)
  await slept
  expect(seen).toEqual(['a 1010', 'c 1015', 'b 1020', 'slept 30'])
  expect(clock.untilNextMs()).toBeNull()
})

it('a manual clock that is set makes no timer due, forwards or backwards', async () => {
  const clock = createManualClock(0)
  let called = 0
  clock.timer(100, () => {
    called += 1
  })
  clock.jump(3_600_000)
  await clock.advance(50)
  clock.jump(-7_200_000)
  await clock.advance(49)
  expect([called, clock.nowMs(), clock.monotonicMs()]).toEqual([0, -3_599_901, 99])
  await clock.advance(1)
  expect(called).toBe(1)
})

it('a sleep that is aborted ends with the reason, and leaves no timer', async () => {
  const clock = createManualClock()
  const stop = new AbortController()
  const sleep = clock.sleep(1_000, { signal: stop.signal })
  stop.abort(new Error('enough'))
  await expect(sleep).rejects.toThrow('enough')
  expect(clock.untilNextMs()).toBeNull()
})

it('seeded chance repeats, and differs by seed', () => {
  const draw = (seed: number) => {
    const random = createSeededRandom(seed)
    return Array.from({ length: 5 }, () => random.next())
  }
  expect(draw(7)).toEqual(draw(7))
  expect(draw(7)).not.toEqual(draw(8))
  expect(createSeededRandom(1).bytes(16)).toHaveLength(16)
})

it('a memory logger keeps the fields of its children', () => {
  const log = createMemoryLogger()
  log.child({ node: 'n1' }).warn('unreachable', { tries: 2 })
  expect(log.lines).toEqual([{ level: 'warn', message: 'unreachable', fields: { node: 'n1', tries: 2 } }])
})
