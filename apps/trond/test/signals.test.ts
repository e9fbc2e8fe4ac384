import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { listenForSignals } from '../src/signals.ts'

function listening() {
  const source = new EventEmitter()
  const calls: string[] = []
  const signals = listenForSignals(source, { force: () => calls.push('force') })
  return { source, calls, signals }
}

describe('listenForSignals', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('%s asks to stop', async (signal) => {
    const { source, calls, signals } = listening()
    source.emit(signal, signal)
    expect(await signals.stop).toBe(signal)
    expect(calls).toEqual([])
  })

  it('the second wish to stop, whichever signal it is, forces', async () => {
    const { source, calls, signals } = listening()
    source.emit('SIGTERM', 'SIGTERM')
    source.emit('SIGINT', 'SIGINT')
    expect(await signals.stop).toBe('SIGTERM')
    expect(calls).toEqual(['force'])
  })

  it('SIGHUP re-reads each time and does not stop', () => {
    const { source, calls, signals } = listening()
    signals.onHangup(() => calls.push('hangup'))
    source.emit('SIGHUP', 'SIGHUP')
    source.emit('SIGHUP', 'SIGHUP')
    expect(calls).toEqual(['hangup', 'hangup'])
  })

  it('SIGHUP before anybody can re-read is obeyed as soon as somebody can, once', () => {
    const { source, calls, signals } = listening()
    source.emit('SIGHUP', 'SIGHUP')
    source.emit('SIGHUP', 'SIGHUP')
    expect(calls).toEqual([])
    signals.onHangup(() => calls.push('hangup'))
    expect(calls).toEqual(['hangup'])
  })

  it('leaves nothing behind', () => {
    const { source, signals } = listening()
    signals[Symbol.dispose]()
    expect(source.eventNames()).toEqual([])
  })
})
