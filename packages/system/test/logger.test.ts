import { TronError } from '@tron/model'
import { createLogger, type LogDestination } from '@tron/system'
import { expect, it } from 'vitest'

function collect(hasColors = false): LogDestination & { readonly lines: string[] } {
  const lines: string[] = []
  return { lines, write: (text) => lines.push(text), hasColors: () => hasColors }
}

function parsed(destination: { readonly lines: readonly string[] }): readonly unknown[] {
  return destination.lines.map((line): unknown => JSON.parse(line))
}

/** vitest's matcher, which it types as any. */
function matching(pattern: RegExp): unknown {
  return expect.stringMatching(pattern)
}

it('writes one JSON object a line, with level, time, fields and message', () => {
  const destination = collect()
  const log = createLogger({ level: 'info', pretty: false, destination })
  log.child({ node: 'n1' }).warn('node unreachable', { attempt: 3 })
  expect(destination.lines).toHaveLength(1)
  expect(parsed(destination)[0]).toEqual({
    level: 'warn',
    time: matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    node: 'n1',
    attempt: 3,
    msg: 'node unreachable',
  })
})

it('leaves out what is below its level', () => {
  const destination = collect()
  const log = createLogger({ level: 'warn', pretty: false, destination })
  log.debug('a')
  log.info('b')
  log.error('c')
  expect(parsed(destination)).toEqual([{ level: 'error', time: matching(/Z$/), msg: 'c' }])
})

it('writes an error with its code, its hint and its cause', () => {
  const destination = collect()
  const cause = new Error('connection refused')
  createLogger({ level: 'info', pretty: false, destination }).error('start failed', {
    error: new TronError('UNREACHABLE', 'node n1 does not answer', { cause }),
  })
  expect(parsed(destination)[0]).toMatchObject({
    error: {
      code: 'UNREACHABLE',
      message: matching(/node n1 does not answer: connection refused/),
      hint: 'Check that the node is up and that the daemon may log in to it.',
    },
  })
})

it('writes a readable line before the call returns, without colours where the destination has none', () => {
  const destination = collect()
  createLogger({ level: 'debug', pretty: true, destination }).info('listening', {
    port: 8089,
    text: 'héllo 日本語',
  })
  expect(destination.lines).toEqual([
    matching(/^\[[\d:. -]+\] INFO: listening \{"port":8089,"text":"héllo 日本語"\}\n$/),
  ])
})

it('colours a readable line for a terminal that has colours', () => {
  const destination = collect(true)
  createLogger({ level: 'debug', pretty: true, destination }).info('listening')
  expect(destination.lines.join('')).toContain('\u001B[32mINFO\u001B[39m')
})
