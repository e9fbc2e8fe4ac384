import type { AttemptId } from '@tron/model'
import type { Executor, StartReply, StartRequest } from '../../contract.ts'
import { anotherStart, type BrokenExecutor, changeEvents, replace } from './broken-executor.ts'

type StartOne = (
  request: StartRequest,
  inner: (request: StartRequest) => Promise<StartReply>,
) => Promise<StartReply>

/** The same executor, whose starts go one by one through `each`. */
function eachStart(executor: Executor, each: StartOne): Executor {
  return replace(executor, {
    start: (requests, options) => {
      const inner = async (request: StartRequest): Promise<StartReply> => {
        const [reply] = await executor.start([request], options)
        if (reply === undefined) throw new Error('no reply')
        return { ...reply, id: request.id }
      }
      return Promise.all(requests.map((request) => each(request, inner)))
    },
  })
}

function answerFor(id: AttemptId, reply: StartReply): StartReply {
  return { ...reply, id }
}

/** The same executor, which takes a request for a new one when the first was given up. */
function forgetsGivenUp(executor: Executor): Executor {
  const givenUp = new Set<AttemptId>()
  return replace(executor, {
    start: async (requests, options) => {
      const sent = requests.map((request) => (givenUp.has(request.id) ? anotherStart(request) : request))
      try {
        const replies = await executor.start(sent, options)
        return replies.map((reply, index) => answerFor(requests[index]?.id ?? reply.id, reply))
      } finally {
        if (options.signal.aborted) for (const { id } of requests) givenUp.add(id)
      }
    },
  })
}

export const BROKEN_STARTS: readonly BrokenExecutor[] = [
  {
    rule: 'setTargets: may be said again and again, and the newest list counts',
    defect: 'keeps to the first list of targets',
    spoil: () => (executor) => {
      let isTold = false
      return replace(executor, {
        setTargets: async (targets) => {
          if (!isTold) await executor.setTargets(targets)
          isTold = true
        },
      })
    },
  },
  {
    rule: 'start: runs the command and tells its exit status',
    defect: 'tells every exit as a success',
    spoil: () => (executor) =>
      changeEvents(executor, (event) => [
        event.kind === 'exit' ? { ...event, outcome: { type: 'exited', code: 0 } } : event,
      ]),
  },
  {
    rule: 'start: answers each request of a list, in order',
    defect: 'answers in the order in which replies came in',
    spoil: () => (executor) =>
      replace(executor, {
        start: async (requests, options) => (await executor.start(requests, options)).toReversed(),
      }),
  },
  {
    rule: 'start: passes command and environment on unchanged',
    defect: 'sends text as ASCII',
    spoil: () => (executor) =>
      eachStart(executor, (request, inner) => {
        const env = Object.fromEntries(
          Object.entries(request.env).map(([name, value]) => [name, ascii(value)]),
        )
        return inner({ ...request, command: ascii(request.command), env })
      }),
  },
  {
    rule: 'start: the intent is durable when it resolves',
    defect: 'answers before it has sent anything, then is gone',
    spoil: () => (executor) => eachStart(executor, async ({ id }) => ({ id, result: 'accepted' })),
  },
  {
    rule: 'start: an id that was started answers exists and runs nothing more',
    defect: 'answers exists and runs the command again',
    spoil: () => (executor) => {
      const started = new Set<AttemptId>()
      return eachStart(executor, async (request, inner) => {
        if (!started.has(request.id)) {
          started.add(request.id)
          return inner(request)
        }
        await inner(anotherStart(request))
        return { id: request.id, result: 'exists' }
      })
    },
  },
  {
    rule: 'start: an id that another executor started answers exists and runs nothing more',
    defect: 'remembers what it started in memory alone',
    spoil: () => {
      const startedBy = new Map<AttemptId, Executor>()
      return (executor) =>
        eachStart(executor, async (request, inner) => {
          const other = (startedBy.get(request.id) ?? executor) !== executor
          startedBy.set(request.id, executor)
          const reply = await inner(other ? anotherStart(request) : request)
          return { ...reply, id: request.id }
        })
    },
  },
  {
    rule: 'start: an id that is started many times at once runs once',
    defect: 'looks whether an id was started, then starts it',
    spoil: () => (executor) => {
      const started = new Set<AttemptId>()
      return eachStart(executor, async (request, inner) => {
        const known = await Promise.resolve(started.has(request.id))
        if (known) return { id: request.id, result: 'exists' }
        started.add(request.id)
        const reply = await inner(anotherStart(request))
        return { ...reply, id: request.id }
      })
    },
  },
  {
    rule: 'start: what was given up is asked for again under its id and runs once',
    defect: 'takes a request that is repeated after a time-out for a new one',
    spoil: () => forgetsGivenUp,
  },
  {
    rule: 'start: one that is held until an instant does not begin before it',
    defect: 'says that it can hold a start, and begins at once',
    spoil: () => (executor) =>
      replace(executor, { capabilities: { ...executor.capabilities, notBefore: true } }),
  },
  {
    rule: 'start: a target that cannot be reached refuses with UNREACHABLE, to be tried again',
    defect: 'refuses for good when it cannot connect',
    spoil: () => (executor) =>
      eachStart(executor, async (request, inner) => {
        const reply = await inner(request)
        return reply.result === 'refused' ? { ...reply, retry: false, code: 'FAILED' } : reply
      }),
  },
]

function ascii(text: string): string {
  return text.replaceAll(/[^\n\t -~]/gu, '?')
}
