import { describe, expect, it } from 'vitest'
import { createSessionEnd } from '../src/session-end.ts'

describe('the end of a session', () => {
  it('is told once to those that still wait, and at once to those that come later', async () => {
    const { promise, resolve } = Promise.withResolvers<string>()
    const end = createSessionEnd(promise)
    const told: string[] = []
    end.onClosed(() => told.push('kept'))
    end.onClosed(() => told.push('taken back'))()
    resolve('it is over')
    await promise
    expect(told).toEqual(['kept'])
    end.onClosed(() => told.push('late'))
    expect(told).toEqual(['kept', 'late'])
  })
})
