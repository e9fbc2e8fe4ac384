import type { Input } from '@tron/core/internal/replay'
import { describe, expect, it } from 'vitest'
import { liveRuns } from './replay.ts'
import { START_MS } from './stage.ts'

type Event = Extract<Input, { kind: 'events' }>['events'][number]['event']

const LOST = 'the node lost its records, and it still runs there'

describe('a command whose node lost its records', () => {
  it('runs, for a stated reason, until its node says that nothing is left of it', () => {
    const replay = liveRuns(1)
    const [attempt] = replay.rows('attempts')
    if (attempt === undefined) throw new Error('nothing runs')
    const { id } = attempt
    /** How the action stands after what an event changes. */
    const take = (event: Event): unknown => {
      const events = [{ event, complete: false }]
      const changes = replay.take({ kind: 'events', source: 's', cursor: '2', events }, START_MS)
      const rows = changes.flatMap((change) =>
        'put' in change && change.put.table === 'actions' ? [change.put.row] : [],
      )
      return rows.map(({ state, reason }) => [state, reason]).at(-1)
    }
    const lost = { kind: 'started', id, atMs: START_MS, reason: LOST } as const
    expect(take(lost)).toEqual(['running', LOST])
    expect(take(lost)).toBeUndefined()
    expect(take({ kind: 'started', id, atMs: START_MS })).toEqual(['running', null])
    expect(take(lost)).toEqual(['running', LOST])
    const reason = 'the node does not hold it'
    const end = ['unknown', `the node holds no trace of it: ${reason}`]
    expect(take({ kind: 'absent', id, proof: 'none', reason })).toEqual(end)
    expect(take(lost)).toBeUndefined()
  })
})
