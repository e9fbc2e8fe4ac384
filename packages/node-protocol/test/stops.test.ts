import type { ExecutorEvent } from '@tron/executor'
import { attemptIdOf } from '@tron/model'
import { createManualClock, createMemoryLogger, settle } from '@tron/model/testing'
import { describe, expect, it } from 'vitest'
import type { Session } from '../src/session.ts'
import { createStops } from '../src/stops.ts'
import { createSessionDouble } from './session-double.ts'

const id = attemptIdOf('test', 'stopped')

/** Stops on a node of which a test says what session there is, and when the command ends. */
function createStopping(held: () => Session | null) {
  const clock = createManualClock()
  const told: ExecutorEvent[] = []
  let exit = (): void => undefined
  const stops = createStops({
    clock,
    log: createMemoryLogger(),
    held,
    onExit: (_id, call) => {
      exit = call
      return () => undefined
    },
    push: (event) => {
      told.push(event)
    },
  })
  const survivors = (): unknown =>
    told.flatMap((event) => (event.kind === 'stopped' ? [event.survivors] : []))
  return { clock, stops, survivors, exit: () => exit() }
}

const obeys = (header: string): string => (header.startsWith('signal') ? 'sent' : 'found')

describe('a stop', () => {
  it('leaves nothing behind at a session that lives on', async () => {
    const session = createSessionDouble(obeys)
    const { stops, survivors, exit } = createStopping(() => session)
    stops.want(id, { signal: 'TERM', graceMs: 10_000 })
    await settle()
    expect(session.waiting()).toBe(1)
    exit()
    await settle()
    expect(survivors()).toEqual([[]])
    expect(session.waiting()).toBe(0)
  })

  it('that sleeps while its connection is replaced goes on by the next one', async () => {
    const first = createSessionDouble((header) => (header.startsWith('signal') ? 'sent' : 'found 4711'))
    const second = createSessionDouble(obeys)
    let held: Session = first
    const { clock, stops, survivors } = createStopping(() => held)
    stops.want(id, { signal: 'KILL', graceMs: 0 })
    await settle()
    await first.close('it breaks')
    held = second
    stops.carryOut()
    await clock.advance(1_000)
    expect(survivors()).toEqual([[]])
    expect(second.asked).toEqual([`signal ${id} 0`, `signal ${id} KILL`, `hunt ${id} KILL`])
  })

  it('that another scheduler forbids is asked for once, until there is another connection', async () => {
    const session = createSessionDouble(() => 'fenced')
    const { clock, stops, survivors } = createStopping(() => (session.isHeld() ? session : null))
    stops.want(id, { signal: 'KILL', graceMs: 0 })
    await clock.advance(60_000)
    expect(survivors()).toEqual([])
    expect(session.asked).toEqual([`signal ${id} 0`, `signal ${id} KILL`])
  })
})
