import { describe, expect, it } from 'vitest'
import { fullName, ownNames } from '../src/own-names.ts'

describe('names of a machine', () => {
  it('are the one it has, its first part, and what it listens on, as browsers write them', () => {
    expect(ownNames('Batch1.Corp.example', 'tron.corp.example.')).toEqual([
      'batch1.corp.example',
      'batch1',
      'tron.corp.example',
    ])
  })

  it('are completed by what its address is called', async () => {
    const resolver = {
      lookup: (name: string) => Promise.resolve({ address: name === 'batch1' ? '192.0.2.7' : '', family: 4 }),
      lookupService: (address: string) =>
        Promise.resolve({ hostname: address === '192.0.2.7' ? 'Batch1.corp.example' : '' }),
    }
    expect(await fullName('batch1', resolver)).toBe('batch1.corp.example')
  })

  it('are what they are where nobody can be asked', async () => {
    const away = () => Promise.reject(new Error('EAI_AGAIN'))
    expect(await fullName('Batch1', { lookup: away, lookupService: away })).toBe('batch1')
  })
})
