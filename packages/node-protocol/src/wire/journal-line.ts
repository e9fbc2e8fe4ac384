import { type AttemptId, attemptId } from '@tron/model'

/** One ring of the journal's bell. */
export type JournalEntry =
  /** Launched. */
  | { readonly kind: 'started'; readonly id: AttemptId; readonly atMs: number }
  | { readonly kind: 'exit'; readonly id: AttemptId; readonly atMs: number; readonly code: number }
  /** The writers ended. */
  | {
      readonly kind: 'closed'
      readonly id: AttemptId
      readonly lost: Readonly<{ stdout: boolean; stderr: boolean }>
      readonly isEmpty: boolean
    }
  /** A supervisor did not make the *go*: somebody else did, the fence moved, or the disk is full. The records say which. */
  | { readonly kind: 'not-launched'; readonly id: AttemptId; readonly full: boolean }

const LINE = /^([SXCDNE]) ([a-z2-7]{26})((?: \d{1,15})*) \.$/

/** The numbers that a line of each kind has. */
const NUMBERS: Readonly<Record<string, number>> = { S: 1, X: 2, C: 4, D: 0, N: 0, E: 0 }

/** Reads one line; null when it is not a whole, well-formed one. */
export function parseJournalLine(line: string): JournalEntry | null {
  const [, letter, name, rest = ''] = LINE.exec(line) ?? []
  if (letter === undefined || name === undefined) return null
  const id = attemptId(name)
  const numbers = rest.split(' ').slice(1).map(Number)
  if (numbers.length !== NUMBERS[letter]) return null
  const [first = 0, second = 0] = numbers
  switch (letter) {
    case 'S':
      return { kind: 'started', id, atMs: first }
    case 'X':
      return { kind: 'exit', id, code: first, atMs: second }
    case 'C':
      return {
        kind: 'closed',
        id,
        lost: { stdout: first !== 0, stderr: second !== 0 },
        isEmpty: numbers[2] === 0 && numbers[3] === 0,
      }
    default:
      return { kind: 'not-launched', id, full: letter !== 'D' }
  }
}
