import { describe, expect, it } from 'vitest'
import { DIFFERENCES } from './tron-differences.ts'
import { vectors } from './vectors.ts'

describe('what Tron 3.10.5 did is done here', () => {
  it.each(vectors.filter(({ id }) => DIFFERENCES[id] === undefined))('$id $about', ({ tron, ours }) => {
    expect(ours()).toEqual(tron)
  })
})

describe('another thing than Tron 3.10.5 did is done here on purpose', () => {
  it.each(vectors.filter(({ id }) => DIFFERENCES[id] !== undefined))('$id $about', ({ id, tron, ours }) => {
    expect(ours()).toEqual(DIFFERENCES[id]?.ours)
    expect(ours()).not.toEqual(tron)
  })
})

it('is told for each vector, once', () => {
  const ids = new Set(vectors.map(({ id }) => id))
  expect({
    vectors: ids.size,
    twice: vectors.length - ids.size,
    different: Object.keys(DIFFERENCES).length,
    unknown: Object.keys(DIFFERENCES).filter((id) => !ids.has(id)),
  }).toEqual({ vectors: 452, twice: 0, different: 46, unknown: [] })
})
