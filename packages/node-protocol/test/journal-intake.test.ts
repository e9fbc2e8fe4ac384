import { createJournalIntake, type JournalIntake } from '@tron/node-protocol'
import { describe, expect, it } from 'vitest'

const ID = 'abcdefghijklmnopqrstuvwxyz'
const journal = { generation: 'one', size: 100 }

/** One that has heard a journal up to 120. */
function heard(): JournalIntake {
  const intake = createJournalIntake(() => undefined)
  intake.resume('one:100')
  intake.follow(journal, intake.knows(journal))
  intake.hear(`S ${ID} 1 .`, { from: 100, to: 120 })
  return intake
}

describe('what was heard of a journal', () => {
  it('is gone on with by the next connection', () => {
    const intake = heard()
    const longer = { generation: 'one', size: 150 }
    expect(intake.follow(longer, intake.knows(longer))).toEqual({ offset: 120, isAnew: false })
    expect(intake.cursor(null)).toBe('one:120')
  })

  it('counts for nothing once it may have been another journal, also where that has the same name', () => {
    const intake = heard()
    intake.lose()
    const copy = { generation: 'one', size: 150 }
    expect(intake.follow(copy, intake.knows(copy))).toEqual({ offset: 150, isAnew: true })
  })

  it('is covered by no cursor while the records of the time before are still to be told', () => {
    const intake = heard()
    intake.lose()
    const copy = { generation: 'one', size: 150 }
    intake.follow(copy, intake.knows(copy))
    expect(intake.cursor(null)).toBe('')
    // A connection that broke in the middle of that told nothing.
    intake.follow(copy, intake.knows(copy))
    expect(intake.cursor(null)).toBe('')
    intake.caughtUp()
    expect(intake.cursor(null)).toBe('one:150')
  })
})
