import { canonicalJson, isTronError, messageOf, TronError, targetKey } from '@tron/model'
import { expect, it } from 'vitest'

it('an error says its code, and what to do next', () => {
  const error = new TronError('NOT_FOUND', 'no job named a.b', { cause: 'x', details: { job: 'a.b' } })
  expect([error.code, error.message, error.hint, error.cause, error.details]).toEqual([
    'NOT_FOUND',
    'no job named a.b',
    'List what exists with tronview.',
    'x',
    { job: 'a.b' },
  ])
})

it('an error is recognised by name and code, also one of another copy of the package', () => {
  const foreign = Object.assign(new Error('no job'), { name: 'TronError', code: 'NOT_FOUND' })
  expect([isTronError(foreign), isTronError(foreign, 'NOT_FOUND'), isTronError(foreign, 'SECRET')]).toEqual([
    true,
    true,
    false,
  ])
  expect(isTronError(new Error('no job'))).toBe(false)
  expect([messageOf(foreign), messageOf('text')]).toEqual(['no job', 'text'])
})

it('equal values have equal canonical text, however their keys are ordered', () => {
  const text = canonicalJson({ b: [{ d: 1, c: null }], a: 'é', none: undefined })
  expect(text).toBe('{"a":"é","b":[{"c":null,"d":1}]}')
  expect(targetKey({ node: 'n', address: '@h:22', executor: 'ssh' })).toBe(
    '{"address":"@h:22","executor":"ssh","node":"n"}',
  )
})

it('keeps every key in canonical JSON, whatever it is called', () => {
  expect(canonicalJson({ b: 1, ['__proto__']: { d: 2, c: 3 } })).toBe('{"__proto__":{"c":3,"d":2},"b":1}')
})
