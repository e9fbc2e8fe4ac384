import type { Stream } from '@tron/executor'
import type { AttemptId } from '@tron/model'

/** The folder of one attempt on a model's disk, together with what really became of the attempt. */
export interface SpoolFolder {
  readonly id: AttemptId
  /** Which of the spools that stood at the node's path it is in; none that stands there any more when it was removed. */
  disk: number
  /** Whether its name stands among what was not released. */
  isLive: boolean
  meta: string | null
  /** The exit record, as it stands in its file. */
  state: string | null
  /** The go record; empty while it is being written down. */
  go: string | null
  /** What the names of its supervisor's pipes say; null while it has none. */
  claim: { readonly boot: string; readonly atMs: number } | null
  /** The sizes that a release left behind, as lines; null before. */
  released: string[] | null
  files: Record<Stream, Buffer> | null
  readonly truth: AttemptTruth
}

/** What really became of one attempt, whatever anybody is told. */
export interface AttemptTruth {
  launches: number
  /** The boot in which the go was made. */
  boot: string | null
  /** Whether a supervisor made the go and is writing down that it did. */
  isGoing: boolean
  /** Whether it was killed in between. */
  wasGoKilled: boolean
  startedMs: number | null
  exit: { readonly code: number; readonly atMs: number } | null
  /** Its disk was full when it should have been run. */
  neverRan: boolean
  commandAlive: boolean
  supervisorAlive: boolean
  /** Whether its supervisor was killed from outside. */
  wasOrphaned: boolean
  /** Whether a ring of it was lost: then the order of what is told may be that of the records. */
  lostRing: boolean
  /** Processes that hold its output open beside the command. */
  children: number
  /** Whether somebody looked at it when the command had ended and its output was not complete. */
  wasSeenOpen: boolean
  isReleased: boolean
  lost: Record<Stream, boolean>
  /** All that was ever written to it, also after a release. */
  written: Record<Stream, Buffer>
}

export function createSpoolFolder(id: AttemptId, disk = 0): SpoolFolder {
  return {
    id,
    disk,
    isLive: false,
    meta: null,
    state: null,
    go: null,
    claim: null,
    released: null,
    files: null,
    truth: {
      launches: 0,
      boot: null,
      isGoing: false,
      wasGoKilled: false,
      startedMs: null,
      exit: null,
      neverRan: false,
      commandAlive: false,
      supervisorAlive: false,
      wasOrphaned: false,
      lostRing: false,
      children: 0,
      wasSeenOpen: false,
      isReleased: false,
      lost: { stdout: false, stderr: false },
      written: { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) },
    },
  }
}

/**
 * The lines by which a listing shows one attempt.
 * @param isCarried whether a process carries its marker: that counts where no record tells of a launch
 */
export function listingLines(
  folder: SpoolFolder | undefined,
  id: string,
  isCarried: boolean,
): readonly string[] {
  if (folder === undefined) return [`a ${id} absent ${Number(isCarried)} 0 .`]
  const { go, state, released } = folder
  const alive = aliveWords(folder, isCarried)
  const lines = [`a ${id} ${released === null ? 'kept' : 'released'} ${alive} .`, `m ${folder.meta ?? ''}`]
  if (go !== null) lines.push(goLine(folder, go))
  if (state !== null) lines.push(`s ${state}`)
  return [...lines, ...(released ?? []).map((line) => `r ${line}`)]
}

function aliveWords({ truth, go }: SpoolFolder, isCarried: boolean): string {
  const kind = go?.slice(0, 1)
  const isWaitedFor = truth.isGoing || (kind === 'G' && truth.supervisorAlive)
  const isAlive = kind === 'G' ? truth.commandAlive : isCarried && kind !== 'R'
  return `${Number(isAlive)} ${Number(isWaitedFor)}`
}

function goLine({ claim, truth }: SpoolFolder, go: string): string {
  if (go !== '' || truth.isGoing) return `g ${go}`
  return claim === null ? 'g R .' : `g L ${claim.boot} ${claim.atMs} .`
}

/** Whether its go was made for a launch, and nobody is left who could write that down. */
export function isUnrecorded({ go, claim, truth }: SpoolFolder): boolean {
  return go === '' && claim !== null && !truth.neverRan && !truth.isGoing
}

/** The lines of `ls -ln` for an attempt's two files. */
export function sizeLines(folder: SpoolFolder | undefined): readonly string[] {
  if (folder?.files === null || folder === undefined) return []
  const { id, files } = folder
  const line = (size: number, name: string): string =>
    `-rw------- 1 1000 1000 ${size} Jan  5 00:00 a/${id.slice(0, 2)}/${id}/${name}`
  return [line(files.stdout.length, 'out'), line(files.stderr.length, 'err')]
}
