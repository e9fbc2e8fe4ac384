import { type NodeAttempt, parseListing } from '@tron/node-protocol'
import { describe, expect, it } from 'vitest'

const ID = 'abcdefghijklmnopqrstuvwxyz'
const OTHER = 'zyxwvutsrqponmlkjihgfedcba'
const HASHES = '#'.repeat(61)

const whole = [
  `a ${ID} kept 1 0 .`,
  'm ns.job/2026-11-24T00:00:00Z/0/act/0 7 c0ffee .',
  'g G 4242 100 4240 99 boot-id 1000 .',
  `s X 3 2000 .${HASHES.slice(0, 40)}`,
  `a ${OTHER} absent 0 0 .`,
  `-rw------- 1 0 0 12 Nov 24 18:00 a/ab/${ID}/out`,
  `-rw-------+ 1 1000 1000 5368709120 2026-11-24 18:00 a/ab/${ID}/err`,
]

const attempt: NodeAttempt = {
  id: parseListing([`a ${ID} absent 0 0 .`])[0]?.id ?? expect.fail('the head of an attempt was not read'),
  held: 'kept',
  commandAlive: false,
  supervisorAlive: false,
  meta: null,
  go: null,
  exit: null,
  sizes: { stdout: 0, stderr: 0 },
}

describe('a listing', () => {
  it('says of each attempt what the records hold', () => {
    const [first, second, ...more] = parseListing(whole)
    expect(first).toEqual({
      ...attempt,
      commandAlive: true,
      meta: { startKey: 'ns.job/2026-11-24T00:00:00Z/0/act/0', runNumber: 7, configHash: 'c0ffee' },
      go: { kind: 'launched', boot: 'boot-id', atMs: 1000 },
      exit: null,
      sizes: { stdout: 12, stderr: 5_368_709_120 },
    })
    expect(second).toMatchObject({ id: OTHER, held: 'absent', meta: null, go: null, exit: null })
    expect(more).toEqual([])
  })

  it.each([
    ['s X 3 2000 .', { kind: 'exited', code: 3, atMs: 2000, closed: null }],
    [
      's C 3 2000 0 1 1 1 .',
      { kind: 'exited', code: 3, atMs: 2000, closed: { stdout: false, stderr: true } },
    ],
    ['s N 2000 .', { kind: 'never-ran' }],
    [`s R ${HASHES} .`, null],
    ['s X 3 20', null],
    ['s X 3 2000', null],
    ['s ', null],
    ['s', null],
  ])('reads the exit record %j', (line, exit) => {
    expect(parseListing([`a ${ID} kept 0 0 .`, line])).toEqual([{ ...attempt, exit }])
  })

  it.each([
    ['g R .', { kind: 'revoked' }],
    ['g ', { kind: 'pending' }],
    ['g G 4242 100 4240 99 boot-id 10', { kind: 'pending' }],
    ['g R', { kind: 'pending' }],
    ['g L boot-id 1000 .', { kind: 'unrecorded', boot: 'boot-id', atMs: 1000 }],
    ['g L boot-id 1000', { kind: 'pending' }],
    ['g L boot-id -1 .', { kind: 'pending' }],
    ['g L .', { kind: 'pending' }],
    ['g G 4242 100 4240 99 boot-id NaN .', { kind: 'pending' }],
  ])('reads the go record %j', (line, go) => {
    expect(parseListing([`a ${ID} kept 0 0 .`, line])).toEqual([{ ...attempt, go }])
  })

  it('takes the sizes of what was released from the record of its release', () => {
    const lines = [`a ${ID} released 0 0 .`, 's C 0 2000 0 0 1 1 .', 'r out 17 .', 'r err 4 .']
    expect(parseListing(lines)[0]).toMatchObject({ held: 'released', sizes: { stdout: 17, stderr: 4 } })
  })

  it('leaves out what is no part of one', () => {
    const garbage = [
      '',
      '.',
      'x y z',
      'm before any attempt .',
      's X 1 2 .',
      'ls: cannot access',
      `a/ab/${ID}/out`,
    ]
    expect(parseListing([...garbage, `a ${ID} kept 0 0 .`, ...garbage.slice(0, 3)])).toEqual([attempt])
  })

  it.each(['a', 'a .', 'a lost+found kept 0 0 .', `a ${ID}x kept 0 0 .`, `a ${ID} ke`])(
    'leaves out %j, which is no attempt, and reads on',
    (line) => {
      expect(parseListing([line, `a ${ID} kept 0 0 .`])).toEqual([attempt])
    },
  )

  it('takes nothing but whole numbers for a size', () => {
    const files = [
      `-rw------- 1 0 0 1x Nov 24 18:00 a/ab/${ID}/out`,
      `lrwx------ 1 0 0 9 Nov 24 18:00 a/ab/${ID}/err`,
    ]
    expect(parseListing([`a ${ID} kept 0 0 .`, ...files])).toEqual([attempt])
  })
})
