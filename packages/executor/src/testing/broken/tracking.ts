import type { AttemptId } from '@tron/model'
import { type BrokenExecutor, changeEvents, replace } from './broken-executor.ts'

const ADOPT: readonly BrokenExecutor[] = [
  {
    rule: 'adopt: answers started for what runs',
    defect: 'does not answer for what runs',
    spoil: () => (executor) => replace(executor, { adopt: () => Promise.resolve() }),
  },
  {
    rule: 'adopt: answers what ended meanwhile, with its exit status and sizes',
    defect: 'answers that what ended meanwhile still runs',
    spoil: () => {
      let opened = 0
      return (executor) => {
        opened += 1
        if (opened === 1) return executor
        return changeEvents(executor, (event) =>
          event.kind === 'exit' || event.kind === 'closed' ? [] : [event],
        )
      }
    },
  },
  {
    rule: 'adopt: answers absent for an id that the target never saw',
    defect: 'takes whatever it is told to adopt for running',
    spoil: () => (executor) =>
      changeEvents(executor, (event) =>
        event.kind === 'absent' ? [{ kind: 'started', id: event.id, atMs: 1 }] : [event],
      ),
  },
  {
    rule: 'adopt: answers absent, proved, for an id that was revoked',
    defect: 'cannot prove that a revoked id never started',
    spoil: () => (executor) =>
      changeEvents(executor, (event) => [event.kind === 'absent' ? { ...event, proof: 'none' } : event]),
  },
  {
    rule: 'adopt: answers for each id of a list',
    defect: 'answers for the first id of a list alone',
    spoil: () => (executor) =>
      replace(executor, { adopt: (refs, options) => executor.adopt(refs.slice(0, 1), options) }),
  },
  {
    rule: 'adopt: a target that cannot be reached is told as unreachable',
    defect: 'keeps quiet about targets that it cannot reach',
    spoil: () => (executor) =>
      changeEvents(executor, (event) =>
        event.kind === 'target' && event.state === 'unreachable' ? [] : [event],
      ),
  },
]

const REVOKE: readonly BrokenExecutor[] = [
  {
    rule: 'revoke: an id that it answers revoked for never starts',
    defect: 'answers revoked and leaves no trace of it',
    spoil: () => (executor) =>
      replace(executor, {
        revoke: (refs) => Promise.resolve(refs.map(({ id }) => ({ id, result: 'revoked' }))),
      }),
  },
  {
    rule: 'revoke: an id that has started answers started and goes on',
    defect: 'stops what it was too late to revoke',
    spoil: () => (executor) =>
      replace(executor, {
        revoke: async (refs, options) => {
          for (const ref of refs) await executor.stop(ref, { signal: 'KILL', graceMs: 0 })
          return executor.revoke(refs, options)
        },
      }),
  },
  {
    rule: 'revoke: against a start at the same moment exactly one wins',
    defect: 'looks whether an id has started instead of competing for the same step',
    spoil: () => (executor) => {
      const started = new Set<AttemptId>()
      return replace(executor, {
        start: async (requests, options) => {
          const replies = await Promise.resolve(requests).then((late) => executor.start(late, options))
          for (const { id } of replies) started.add(id)
          return replies
        },
        revoke: (refs) =>
          Promise.resolve(refs.map(({ id }) => ({ id, result: started.has(id) ? 'started' : 'revoked' }))),
      })
    },
  },
  {
    rule: 'revoke: answers each id of a list, in order',
    defect: 'answers in the order in which replies came in',
    spoil: () => (executor) =>
      replace(executor, {
        revoke: async (refs, options) => (await executor.revoke(refs, options)).toReversed(),
      }),
  },
  {
    rule: 'revoke: holds for the next executor, too',
    defect: 'remembers what it revoked in memory alone',
    spoil: () => (executor) => {
      const revoked = new Set<AttemptId>()
      return replace(executor, {
        revoke: (refs) => {
          for (const { id } of refs) revoked.add(id)
          return Promise.resolve(refs.map(({ id }) => ({ id, result: 'revoked' })))
        },
      })
    },
  },
  {
    rule: 'revoke: a target that cannot be reached answers unreachable',
    defect: 'takes a target that it cannot reach for one that will never start anything',
    spoil: () => (executor) =>
      replace(executor, {
        revoke: async (refs, options) =>
          (await executor.revoke(refs, options)).map(({ id, result }) => ({
            id,
            result: result === 'unreachable' ? 'revoked' : result,
          })),
      }),
  },
]

const STOP: readonly BrokenExecutor[] = [
  {
    rule: 'stop: ends a command; its exit and what survived follow',
    defect: 'signals nobody',
    spoil: () => (executor) => replace(executor, { stop: () => Promise.resolve() }),
  },
  {
    rule: 'stop: a command that ignores TERM is killed after the grace',
    defect: 'waits for ever for a command to obey TERM',
    spoil: () => (executor) =>
      replace(executor, { stop: (ref, { signal }) => executor.stop(ref, { signal, graceMs: 1e9 }) }),
  },
  {
    rule: 'stop: KILL ends at once what is still granted time by a TERM',
    defect: 'lets a stop that is under way run its course',
    spoil: () => (executor) => {
      const stopping = new Set<AttemptId>()
      return replace(executor, {
        stop: async (ref, how) => {
          if (stopping.has(ref.id)) return
          stopping.add(ref.id)
          await executor.stop(ref, how)
        },
      })
    },
  },
  {
    rule: 'stop: may be asked again at any time, and changes no exit that has happened',
    defect: 'overwrites the exit status when it is asked to stop what has ended',
    spoil: () => (executor) =>
      changeEvents(executor, (event) => {
        if (event.kind !== 'stopped') return [event]
        const { id, atMs } = event
        const sizes = { stdout: 0, stderr: 0 }
        return [{ kind: 'exit', id, atMs, outcome: { type: 'signalled', signal: 'TERM' }, sizes }, event]
      }),
  },
  {
    rule: 'stop: is remembered by an executor that has no connection yet',
    defect: 'drops a stop that comes before its first event',
    spoil: () => (executor) => {
      let isConnected = false
      const told = changeEvents(executor, (event) => {
        isConnected = true
        return [event]
      })
      return replace(told, { stop: async (ref, how) => (isConnected ? executor.stop(ref, how) : undefined) })
    },
  },
]

export const BROKEN_TRACKING: readonly BrokenExecutor[] = [...ADOPT, ...REVOKE, ...STOP]
