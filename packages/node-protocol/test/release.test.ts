import { attemptIdOf } from '@tron/model'
import { describe, expect, it } from 'vitest'
import { releaseAttempts } from '../src/release.ts'
import { createSessionDouble } from './session-double.ts'

const ids = Array.from({ length: 1_000 }, (_, index) => attemptIdOf('test', `${index}`))
const wordsOf = (header: string): readonly string[] => header.split(' ').slice(1)

describe('a release', () => {
  it('of many asks for few at a time, and answers for all', async () => {
    const session = createSessionDouble((header) => `released ${wordsOf(header).join(' ')}`)
    expect(await releaseAttempts(session, ids)).toEqual(ids)
    expect(session.asked.map((header) => wordsOf(header).length)).toEqual([200, 200, 200, 200, 200])
  })

  it('asks for nothing more where the fence was lost, and keeps what was emptied before', async () => {
    const session = createSessionDouble((header) =>
      header.includes(ids[200] ?? '') ? 'fenced' : `released ${wordsOf(header).join(' ')}`,
    )
    expect(await releaseAttempts(session, ids)).toEqual(ids.slice(0, 200))
    expect(session.asked).toHaveLength(2)
  })

  it('revokes what could not be emptied, and empties that, too', async () => {
    const [first = '', ...others] = ids
    let isRevoked = false
    const session = createSessionDouble((header) => {
      if (header.startsWith('revoke ')) {
        isRevoked = true
        return 'revoked'
      }
      const emptied = wordsOf(header).filter((id) => id !== first || isRevoked)
      return `released ${emptied.join(' ')}`
    })
    expect(await releaseAttempts(session, ids)).toEqual([...others, first])
  })
})
