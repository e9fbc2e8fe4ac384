import { until } from '@tron/testkit'
import { expect, it } from 'vitest'

it('returns what the condition gave as soon as it holds', async () => {
  let looks = 0
  const value = await until('the third look', () => {
    looks += 1
    return looks === 3 ? 'third' : undefined
  })
  expect({ value, looks }).toEqual({ value: 'third', looks: 3 })
})

it('takes an error for "not yet", and after the deadline names what was waited for, what was seen last and the explanation', async () => {
  const waiting = until(
    'the moon is blue',
    () => {
      throw new Error('it is white')
    },
    { withinMs: 30, everyMs: 10, explain: () => 'look up' },
  )
  await expect(waiting).rejects.toThrow(
    'waited 30 ms in vain until the moon is blue; last seen: it is white\nlook up',
  )
})
