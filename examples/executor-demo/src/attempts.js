// @ts-check
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { open, rm, stat } from 'node:fs/promises'
import { constants } from 'node:os'
import { join } from 'node:path'

/** @import { ChildProcess } from 'node:child_process' */
/** @import { ExecutorEvent, InventoryEntry, Outcome, Sizes, StartReply, StartRequest, Stream } from '@tron/executor' */
/** @import { AttemptId, Clock } from '@tron/model' */

/** The environment of a command, besides its own variables. */
const ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin' }
const NO_OUTPUT = { stdout: 0, stderr: 0 }

/**
 * @typedef {object} Attempt
 * @property {StartRequest} request
 * @property {ChildProcess} child
 * @property {number} startedMs
 * @property {{ readonly outcome: Outcome, readonly atMs: number, readonly sizes: Sizes } | null} exit
 * @property {boolean} released
 */

/**
 * The commands of this executor: children of the daemon, each the leader of a process group, with its output in files.
 * @param {{ readonly shell: readonly string[], readonly folder: string, readonly clock: Clock, readonly tell: (event: ExecutorEvent) => void }} setup
 */
export function createAttempts({ shell, folder, clock, tell }) {
  /** @type {Map<AttemptId, Attempt>} */
  const attempts = new Map()
  /** @type {Set<() => void>} */
  const timers = new Set()
  /** Ends that are being taken down, which needs their files. @type {Set<Promise<void>>} */
  const finishing = new Set()
  /** @type {(id: AttemptId, stream: Stream) => string} */
  const fileOf = (id, stream) => join(folder, `${id}.${stream}`)

  /** @type {(attempt: Attempt) => void} */
  const tellEnd = ({ request: { id }, exit }) => {
    if (exit === null) return
    tell({ kind: 'exit', id, atMs: exit.atMs, outcome: exit.outcome, sizes: exit.sizes })
    tell({ kind: 'closed', id, sizes: exit.sizes, leftRunning: 0 })
  }

  /** @type {(attempt: Attempt, ended: Outcome) => Promise<void>} */
  const finish = async (attempt, outcome) => {
    const { id } = attempt.request
    const [stdout, stderr] = await Promise.all([sizeOf(fileOf(id, 'stdout')), sizeOf(fileOf(id, 'stderr'))])
    attempt.exit = { outcome, atMs: clock.nowMs(), sizes: { stdout, stderr } }
    tellEnd(attempt)
  }

  /** The child comes together with its end: who waits for that later may miss it. @type {(request: StartRequest) => Promise<{ readonly child: ChildProcess, readonly ended: Promise<Outcome> }>} */
  const launch = async ({ id, command, env }) => {
    await using stdout = await open(fileOf(id, 'stdout'), 'wx', 0o600)
    await using stderr = await open(fileOf(id, 'stderr'), 'wx', 0o600)
    const [program = '/bin/sh', ...args] = shell
    const child = spawn(program, [...args, command], {
      detached: true,
      env: { ...ENVIRONMENT, ...env },
      stdio: ['ignore', stdout.fd, stderr.fd],
    })
    const ended = once(child, 'exit').then(([code, signal]) => outcomeOf(code, signal))
    await Promise.race([once(child, 'spawn'), ended])
    return { child, ended }
  }

  return {
    /** @type {(id: AttemptId) => boolean} */
    has: (id) => attempts.has(id),

    /** @type {(request: StartRequest) => Promise<StartReply>} */
    async start(request) {
      const { id } = request
      if (attempts.has(id)) return { id, result: 'exists' }
      try {
        const { child, ended } = await launch(request)
        /** @type {Attempt} */
        const attempt = { request, child, startedMs: clock.nowMs(), exit: null, released: false }
        attempts.set(id, attempt)
        tell({ kind: 'started', id, atMs: attempt.startedMs })
        const finished = ended.then((outcome) => finish(attempt, outcome))
        finishing.add(finished)
        void finished.finally(() => finishing.delete(finished))
        return { id, result: 'accepted' }
      } catch (error) {
        return { id, result: 'refused', retry: false, code: 'SPAWN', reason: String(error) }
      }
    },

    /** Tells again what happened. @type {(id: AttemptId) => void} */
    report(id) {
      const attempt = attempts.get(id)
      if (attempt === undefined) {
        tell({ kind: 'absent', id, proof: 'none', reason: 'commands end with the daemon that ran them' })
        return
      }
      tell({ kind: 'started', id, atMs: attempt.startedMs })
      tellEnd(attempt)
    },

    /** @type {(id: AttemptId, how: { readonly signal: 'TERM' | 'KILL', readonly graceMs: number }) => void} */
    stop(id, { signal, graceMs }) {
      const attempt = attempts.get(id)
      if (attempt === undefined) return
      /** @type {(signalled: readonly string[]) => void} */
      const report = (signalled) =>
        tell({ kind: 'stopped', id, atMs: clock.nowMs(), signalled, survivors: [] })
      if (!signalGroup(attempt, signal)) {
        report([])
        return
      }
      const kill = clock.timer(graceMs, () => signalGroup(attempt, 'KILL'))
      timers.add(kill)
      attempt.child.once('exit', () => {
        kill()
        timers.delete(kill)
        report([String(attempt.child.pid)])
      })
    },

    /** @type {(id: AttemptId, part: { readonly stream: Stream, readonly from: number, readonly signal: AbortSignal }) => AsyncGenerator<Uint8Array>} */
    async *read(id, { stream, from, signal }) {
      const attempt = attempts.get(id)
      if (attempt === undefined || attempt.released) throw new Error(`the output of ${id} is not kept`)
      if (attempt.exit === null) return
      for await (const chunk of createReadStream(fileOf(id, stream), { start: from, signal })) {
        yield new Uint8Array(chunk)
      }
    },

    /** @type {(id: AttemptId) => Promise<boolean>} */
    async release(id) {
      const attempt = attempts.get(id)
      if (attempt === undefined || attempt.exit === null) return false
      attempt.released = true
      await Promise.all([
        rm(fileOf(id, 'stdout'), { force: true }),
        rm(fileOf(id, 'stderr'), { force: true }),
      ])
      return true
    },

    /** @type {() => readonly InventoryEntry[]} */
    list: () => [...attempts.values()].map(entryOf),

    /** Kills what still runs: nobody could take it over. */
    async end() {
      for (const cancel of timers) cancel()
      for (const attempt of attempts.values()) signalGroup(attempt, 'KILL')
      await Promise.all(finishing)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A file that is gone, perhaps with the rest of the folder for temporary files, holds nothing: how the command ended is told all the same. @type {(file: string) => Promise<number>} */
async function sizeOf(file) {
  try {
    return (await stat(file)).size
  } catch {
    return 0
  }
}

/** @type {(code: number | null, signal: string | null) => Outcome} */
function outcomeOf(code, signal) {
  return signal === null ? { type: 'exited', code: code ?? 0 } : { type: 'signalled', signal }
}

/** Signals the process group of a child that was not waited for yet, so that its number cannot be another's. @type {(attempt: Attempt, signal: 'TERM' | 'KILL') => boolean} */
function signalGroup({ child }, signal) {
  const { pid } = child
  if (pid === undefined || pid <= 1 || child.exitCode !== null || child.signalCode !== null) return false
  process.kill(-pid, constants.signals[`SIG${signal}`])
  return true
}

/** @type {(attempt: Attempt) => InventoryEntry} */
function entryOf({ request: { id, startKey, runNumber, configHash }, startedMs, exit, released }) {
  const entry = { id, startKey, runNumber, configHash, startedMs, released }
  if (exit === null) return { ...entry, phase: 'launched', sizes: NO_OUTPUT }
  return { ...entry, phase: 'ended', sizes: exit.sizes, endedMs: exit.atMs, outcome: exit.outcome }
}
