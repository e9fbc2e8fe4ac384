import type { Outcome, StartRequest } from '../../contract.ts'

/** What a scripted command does once it was launched. Its output is written at the launch. */
export interface FakeRun {
  /** Milliseconds until it ends by itself: at once for 0, never for null. */
  readonly afterMs: number | null
  /** Its exit status; 0 when left out. */
  readonly code?: number
  readonly stdout?: Uint8Array | string
  readonly stderr?: Uint8Array | string
  /** Ends without an exit status, for this reason. */
  readonly lost?: Extract<Outcome, { type: 'lost' }>['cause']
  /** TERM does not end it; KILL does. */
  readonly ignoresTerm?: boolean
  /** Processes that no signal ends: a stop names them, and the command goes on. */
  readonly survivors?: readonly string[]
  /** Milliseconds from the exit to the end of its output; 0 when left out. */
  readonly closesAfterMs?: number
  /** Milliseconds that a process of it outlives it, for ever for null: TERM does not end it, KILL does. None is left when left out. */
  readonly leavesForMs?: number | null
  /** Processes that still held the output when it was called closed, where none of them is there any more. */
  readonly leftRunning?: number
  /** Bytes of output that could not be written. */
  readonly lostBytes?: number
}

/** What each start does; asked once a launch. */
export type FakeScript = (request: StartRequest) => FakeRun

const encoder = new TextEncoder()

/** The bytes of a scripted output. */
export function bytesOf(output: Uint8Array | string | undefined): Uint8Array {
  return typeof output === 'string' ? encoder.encode(output) : (output ?? new Uint8Array())
}
