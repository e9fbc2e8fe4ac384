import type { StartRequest } from '@tron/executor'
import { attemptIdOf } from '@tron/model'
import { createManualClock, settle } from '@tron/model/testing'
import { describe, expect, it } from 'vitest'
import { createStarts, type Starts } from '../src/starts.ts'
import { createSessionDouble, type SessionDouble } from './session-double.ts'

function requestOf(startKey: string): StartRequest {
  const id = attemptIdOf('test', startKey)
  const target = { executor: 'test', node: 'node', address: '' }
  return { id, startKey, runNumber: 1, configHash: 'c0ffee', target, command: 'true', env: {}, spec: null }
}

function startsOn(hold: () => SessionDouble): Starts {
  return createStarts({
    node: 'node',
    clock: createManualClock(),
    hold: async () => hold(),
    onFull: () => undefined,
    onRoom: () => undefined,
    look: async () => null,
  })
}

const launches = (header: string): string => (header === 'launch' ? 'launched' : 'launching')

describe('starts', () => {
  it('leave nothing behind at a session that lives on', async () => {
    const session = createSessionDouble(launches)
    const starts = startsOn(() => session)
    const requests = ['one', 'two', 'three'].map(requestOf)
    const starting = requests.map((request) => starts.start(request))
    await settle()
    expect(session.waiting()).toBe(3)
    for (const { id } of requests) starts.hear({ kind: 'started', id, atMs: 1 })
    expect(await Promise.all(starting)).toEqual(requests.map(({ id }) => ({ id, result: 'accepted' })))
    expect(session.waiting()).toBe(0)
  })

  it('whose bell has not rung are looked up by the next session when theirs ends', async () => {
    const first = createSessionDouble(launches)
    const second = createSessionDouble(() => 'exists')
    const starts = startsOn(() => (first.control.isOpen() ? first : second))
    const request = requestOf('one')
    const starting = starts.start(request)
    await settle()
    await first.close('it breaks')
    expect(await starting).toEqual({ id: request.id, result: 'exists' })
  })
})
