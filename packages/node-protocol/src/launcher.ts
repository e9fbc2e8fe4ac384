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

/** A batch is on its way and another one waits at the node: it never idles, and what comes meanwhile gathers. */
const BATCHES_UNDER_WAY = 2

/**
 * Sends starts so that those made at about the same time share what is costly on the node: one call makes their directories, one supervisor runs them.
 * What a start costs there is the number of programs that are started for it, so under load whatever comes while the node is busy goes together.
 */
export function createLauncher(): (session: Session, launching: Launching) => Promise<Reply> {
  const lines = new Map<Session, Line>()
  return (session, launching) =>
    new Promise((resolve, reject) => {
      const line = lines.get(session) ?? { waiting: [], underWay: 0 }
      lines.set(session, line)
      line.waiting.push({ launching, resolve, reject })
      // Whoever was woken by the same cause comes before this.
      if (line.waiting.length === 1) queueMicrotask(proceed)

      function proceed(): void {
        while (line.underWay < BATCHES_UNDER_WAY && line.waiting.length > 0) {
          line.underWay += 1
          send(session, takeBatch(line.waiting)).then(finished, finished)
        }
      }
      function finished(): void {
        line.underWay -= 1
        if (line.underWay === 0 && line.waiting.length === 0) lines.delete(session)
        proceed()
      }
    })
}

/** What waits for one connection. */
interface Line {
  readonly waiting: Waiting[]
  underWay: number
}

interface Waiting {
  readonly launching: Launching
  readonly resolve: (reply: Reply) => void
  readonly reject: (error: unknown) => void
}

function takeBatch(waiting: Waiting[]): readonly Waiting[] {
  let count = 0
  let bytes = 0
  for (const { launching } of waiting) {
    if (count === BATCH || (count > 0 && bytes + launching.bytes > BATCH_BYTES)) break
    count += 1
    bytes += launching.bytes
  }
  return waiting.splice(0, count)
}

/** Settles when the node said that it launched them. A launch that fails is told by the silence after it. */
function send({ control }: Session, batch: readonly Waiting[]): Promise<Reply> {
  forget(control.ask({ header: `claims ${batch.map(({ launching }) => launching.id).join(' ')}` }))
  for (const { launching, resolve, reject } of batch) control.ask(launching.message).then(resolve, reject)
  return control.ask({ header: 'launch' })
}

/** A connection that breaks fails the starts themselves. */
function forget(reply: Promise<Reply>): void {
  reply.catch(() => undefined)
}
