import type { AttemptId } from '@tron/model'
import type { Reply, Request } from './control-channel.ts'
import type { Session } from './session.ts'

/** A start that is ready to be sent. */
export interface Launching {
  readonly id: AttemptId
  readonly message: Request
  /** How much of a supervisor's arguments it takes, in bytes. */
  readonly bytes: number
}

/** So many attempts share one supervisor at most: it must be able to wait for them all, and its end would concern them all. */
const BATCH = 16
/** The arguments of one program are limited, on Linux to some megabytes. */
const BATCH_BYTES = 512 * 1024

/**
 * Sends starts so that those made at the same time share what is costly on the node: one call makes their directories, one supervisor runs them. What
 * a start costs there is the number of programs that are started for it.
 */
export function createLauncher(): (session: Session, launching: Launching) => Promise<Reply> {
  const waiting = new Map<Session, Waiting[]>()
  return (session, launching) =>
    new Promise((resolve, reject) => {
      const batch = waiting.get(session)
      const entry = { launching, resolve, reject }
      if (batch !== undefined) {
        batch.push(entry)
        return
      }
      waiting.set(session, [entry])
      // Whoever was woken by the same cause comes before this.
      queueMicrotask(() => {
        const all = waiting.get(session) ?? []
        waiting.delete(session)
        for (const some of batches(all)) send(session, some)
      })
    })
}

interface Waiting {
  readonly launching: Launching
  readonly resolve: (reply: Reply) => void
  readonly reject: (error: unknown) => void
}

function* batches(all: readonly Waiting[]): Generator<readonly Waiting[]> {
  let batch: Waiting[] = []
  let bytes = 0
  for (const entry of all) {
    if (batch.length === BATCH || (batch.length > 0 && bytes + entry.launching.bytes > BATCH_BYTES)) {
      yield batch
      batch = []
      bytes = 0
    }
    batch.push(entry)
    bytes += entry.launching.bytes
  }
  yield batch
}

function send({ control }: Session, batch: readonly Waiting[]): void {
  forget(control.ask({ header: `claims ${batch.map(({ launching }) => launching.id).join(' ')}` }))
  for (const { launching, resolve, reject } of batch) control.ask(launching.message).then(resolve, reject)
  forget(control.ask({ header: 'launch' }))
}

/** A connection that breaks fails the starts themselves, and a launch that fails is told by the silence after it. */
function forget(reply: Promise<Reply>): void {
  reply.catch(() => undefined)
}
