import { ACTION_STATES, isActive, isBroken, isComplete, isEnded } from '@tron/model'
import { expect, it } from 'vitest'

it('every state is waiting, active, complete or broken, and only one of them', () => {
  const kinds = ACTION_STATES.map((state) => [
    state,
    isActive(state) ? 'active' : isComplete(state) ? 'complete' : isBroken(state) ? 'broken' : 'waiting',
  ])
  expect(Object.fromEntries(kinds)).toEqual({
    scheduled: 'waiting',
    waiting: 'waiting',
    queued: 'waiting',
    starting: 'active',
    running: 'active',
    succeeded: 'complete',
    skipped: 'complete',
    failed: 'broken',
    cancelled: 'broken',
    unknown: 'broken',
  })
  expect(ACTION_STATES.filter(isEnded)).toEqual(['succeeded', 'failed', 'skipped', 'cancelled', 'unknown'])
})
