import type { FakeRun } from '@tron/executor/fake'
import { chances } from './chance.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** What the command of a start does, drawn by its start key: the same in every run of the same seed. */
export function commandOf(seed: number, startKey: string): FakeRun {
  const draw = chances(seed, 'command', startKey)
  return {
    afterMs: durationOf(draw('duration'), draw('length')),
    ...endOf(draw('end')),
    stdout: bytesOf(draw('stdout'), startKey),
    stderr: draw('stderr') < 0.2 ? bytesOf(draw('stderr length'), `${startKey}!`) : '',
    closesAfterMs: draw('drain') < 0.1 ? Math.floor(draw('drain length') * 5 * SECOND) : 0,
    ...(draw('term') < 0.15 ? { ignoresTerm: true } : {}),
    ...(draw('survivors') < 0.02 ? { survivors: ['4711'] } : {}),
    ...leftBy(draw('left'), draw('left length')),
    ...(draw('lost output') < 0.02 ? { lostBytes: 1 } : {}),
  }
}

function durationOf(kind: number, length: number): number {
  if (kind < 0.15) return 0
  if (kind < 0.6) return Math.floor(length * 40 * SECOND)
  if (kind < 0.9) return Math.floor(length * 20 * MINUTE)
  if (kind < 0.98) return Math.floor(length * 2 * HOUR)
  return Math.floor(length * 9 * HOUR)
}

/** Few commands leave something behind, most of that for longer than anybody waits. */
function leftBy(kind: number, length: number): Pick<FakeRun, 'leavesForMs'> {
  if (kind < 0.03) return { leavesForMs: null }
  return kind < 0.1 ? { leavesForMs: Math.floor(length * 2 * MINUTE) } : {}
}

function endOf(kind: number): Pick<FakeRun, 'code' | 'lost'> {
  if (kind < 0.86) return {}
  if (kind < 0.97) return { code: 1 + (Math.floor(kind * 1000) % 120) }
  return { lost: kind < 0.985 ? 'killed' : 'unknowable' }
}

/** Mostly a line or two; now and then more than what is sent along with the end of the command. */
function bytesOf(kind: number, text: string): Uint8Array | string {
  if (kind < 0.1) return ''
  if (kind < 0.985) return `output of ${text}\n`
  return new Uint8Array(70_000).fill(1 + (Math.floor(kind * 1e6) % 250))
}
