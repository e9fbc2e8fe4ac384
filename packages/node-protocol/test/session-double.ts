import { TronError } from '@tron/model'
import type { Reply, Request } from '../src/control-channel.ts'
import type { Session } from '../src/session.ts'

/** A session with a node that answers as a test has it. */
export interface SessionDouble extends Session {
  /** The requests that came, without their raw lines. */
  readonly asked: readonly string[]
  /** How many calls wait for its end. */
  waiting(): number
}

/** @param answer the words of the answer to a request, its status first */
export function createSessionDouble(answer: (header: string) => string): SessionDouble {
  const asked: string[] = []
  const calls = new Set<() => void>()
  const closing = Promise.withResolvers<string>()
  const closed = closing.promise
  let isOpen = true
  let isHeld = true
  const unreachable = (): TronError => new TronError('UNREACHABLE', 'the connection is closed')
  const end = (reason: string): void => {
    isOpen = false
    closing.resolve(reason)
    for (const call of calls) call()
  }
  const ask = async ({ header }: Request): Promise<Reply> => {
    if (!isOpen) throw unreachable()
    asked.push(header)
    const [status = '', ...words] = answer(header).split(' ')
    return { status, words, lines: [], pieces: [] }
  }
  return {
    asked,
    waiting: () => calls.size,
    hello: {
      nonce: 'n',
      machine: '-',
      boot: 'boot',
      uptime: 1,
      launcher: 'setsid-f',
      follower: 'tail',
      receivedMs: 0,
    },
    settings: { spoolRoot: null, connectTimeoutMs: 1_000, shell: 'sh' },
    control: { ask, closed, isOpen: () => isOpen, isAsked: () => false, end },
    link: {
      closed,
      open: () => Promise.reject(unreachable()),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    },
    drawMark: () => '00',
    closed,
    onClosed: (call) => {
      calls.add(call)
      return () => {
        calls.delete(call)
      }
    },
    close: async (reason) => {
      end(reason)
    },
    journal: () => ({ generation: 'j', size: 0 }),
    folder: () => 'i/n/g',
    isHeld: () => isHeld,
    noteFenced: () => {
      isHeld = false
    },
    inspect: () => Promise.resolve(null),
    claim: () => Promise.resolve(null),
    rotate: () => Promise.resolve(),
    look: () => Promise.resolve(null),
  }
}
