import { systemClock, systemRandom } from '@tron/system'
import { describe, expect, it } from 'vitest'

describe('systemClock', () => {
  it('tells whole milliseconds since the epoch, and a monotonic time that does not go back', () => {
    const before = systemClock.monotonicMs()
    expect(Number.isSafeInteger(systemClock.nowMs())).toBe(true)
    expect(systemClock.monotonicMs()).toBeGreaterThanOrEqual(before)
  })

  it('does not fire early, and fires once', async () => {
    const before = systemClock.monotonicMs()
    let calls = 0
    await new Promise<void>((resolve) => {
      systemClock.timer(15, () => {
        calls += 1
        resolve()
      })
    })
    // The timers of the platform count whole milliseconds.
    expect(systemClock.monotonicMs() - before).toBeGreaterThanOrEqual(14)
    expect(calls).toBe(1)
  })

  it('holds delays that are longer than a timer of the platform can', async () => {
    const called: string[] = []
    const cancel = systemClock.timer(2 ** 40, () => called.push('far'))
    await systemClock.sleep(5)
    cancel()
    expect(called).toEqual([])
  })

  it('never calls a timer that was cancelled', async () => {
    const called: string[] = []
    const cancel = systemClock.timer(1, () => called.push('cancelled'))
    cancel()
    cancel()
    await systemClock.sleep(5)
    expect(called).toEqual([])
  })

  it('ends a sleep with the reason of the signal, also when it was aborted before', async () => {
    const stop = new AbortController()
    const sleeping = systemClock.sleep(3_600_000, { signal: stop.signal })
    const reason = new Error('no longer')
    stop.abort(reason)
    await expect(sleeping).rejects.toBe(reason)
    await expect(systemClock.sleep(3_600_000, { signal: stop.signal })).rejects.toBe(reason)
  })
})

describe('systemRandom', () => {
  it('draws numbers from 0 up to but not 1, and as many bytes as asked', () => {
    const numbers = Array.from({ length: 1000 }, () => systemRandom.next())
    expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true)
    expect(new Set(numbers).size).toBeGreaterThan(990)
    expect(systemRandom.bytes(16)).toHaveLength(16)
    expect(systemRandom.bytes(16)).not.toEqual(systemRandom.bytes(16))
  })
})
