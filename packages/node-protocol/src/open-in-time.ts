import { TronError } from '@tron/model'
import { openSession, type Session, type SessionOptions } from './session.ts'
import { connectTimeoutOf } from './settings.ts'

/** `openSession` within the time that the settings allow. @throws as that, and UNREACHABLE when the time is over */
export async function openInTime(options: SessionOptions): Promise<Session> {
  const { clock, settings, signal, target } = options
  const late = new AbortController()
  const timeoutMs = connectTimeoutOf(settings)
  const cancel = clock.timer(timeoutMs, () => {
    late.abort(new TronError('UNREACHABLE', `node ${target.node}: not connected within ${timeoutMs} ms`))
  })
  try {
    return await openSession({ ...options, signal: AbortSignal.any([signal, late.signal]) })
  } finally {
    cancel()
  }
}
