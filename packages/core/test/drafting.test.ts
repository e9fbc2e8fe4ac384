import { createDraftTable, createLiveTable, type TableShape } from '@tron/core/internal/replay'
import { createSeededRandom } from '@tron/model/testing'
import { describe, expect, it } from 'vitest'

interface Row {
  readonly id: string
  readonly job: string
  readonly state: string
}

const shape: TableShape<Row> = {
  keyOf: (row) => row.id,
  indexes: { job: (row) => row.job, state: (row) => row.state },
  keep: () => true,
}

const byKey = (rows: readonly Row[]) => rows.toSorted((a, b) => (a.id < b.id ? -1 : 1))

/** How often the indexes ask a row for its value while that many rows are put, each looked up at once. */
function countAsked(rows: number): number {
  let asked = 0
  const job = (row: Row) => {
    asked += 1
    return row.job
  }
  const counting = { ...shape, indexes: { job } }
  const draft = createDraftTable(createLiveTable(counting), counting)
  for (let at = 0; at < rows; at += 1) {
    draft.put({ id: `run${at}`, job: `job${at}`, state: 'open' })
    expect(draft.by('job', `job${at}`)).toHaveLength(1)
  }
  return asked
}

describe('a draft of a table', () => {
  it('looks at its own rows once, however many of them are put and looked up', () => {
    expect(countAsked(1_000)).toBeLessThanOrEqual(10 * countAsked(100))
  })

  it('finds under each value what stands in it, whenever it is asked first', () => {
    const random = createSeededRandom(1)
    const one = <T>(of: readonly T[]): T | undefined => of[Math.floor(random.next() * of.length)]
    const ids = ['a', 'b', 'c', 'd', 'e']
    const values = ['x', 'y']
    for (let round = 0; round < 200; round += 1) {
      const live = createLiveTable(shape)
      for (const id of ids.slice(0, 3)) live.put({ id, job: 'x', state: 'y' })
      const draft = createDraftTable(live, shape)
      for (let step = 0; step < 12; step += 1) {
        const id = one(ids) ?? 'a'
        if (random.next() < 0.3) draft.remove(id)
        else draft.put({ id, job: one(values) ?? 'x', state: one(values) ?? 'x' })
        if (random.next() < 0.5) continue
        const value = one(values) ?? 'x'
        const all = draft.all()
        expect(byKey(draft.by('job', value))).toEqual(byKey(all.filter((row) => row.job === value)))
        expect(byKey(draft.by('state', value))).toEqual(byKey(all.filter((row) => row.state === value)))
      }
    }
  })
})
