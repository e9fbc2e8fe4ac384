import type { ConfigProblem } from '@tron/model'
import { createPositions, placeWithin } from '../yaml/text-positions.ts'
import { createNearMisses, type NearMisses } from './near-miss.ts'

/** Collects what is wrong, or worth saying, in one document. */
export interface ProblemList {
  /** In the order of the text. */
  readonly problems: readonly ConfigProblem[]
  readonly errors: number
  error(place: ProblemPlace, message: Message): void
  warning(place: ProblemPlace, message: Message): void
  /** What was probably meant. All lists of one reading share it, so that it costs no more for many files. */
  readonly near: NearMisses
  lineOf(offset: number): number
  /** `FILE:LINE`, for what is shown elsewhere. */
  fileAndLineOf(offset: number): string
  /** Where a character of a value stands in the text, which is written between two offsets; the first of them when nobody can tell. */
  within(written: Written, index: number): number
}

/** A value that is a text, and the offsets between which it is written. */
export interface Written {
  readonly value: string
  readonly at: number
  readonly end: number
}

/** A text, or what makes it where that takes time: it is not called for a problem that is counted only. */
export type Message = string | (() => string)

/** Where: an offset in the text, and the path of the key. */
export interface ProblemPlace {
  readonly at: number
  readonly path: string
}

/** More of one kind than this nobody reads; the rest is counted. */
const MOST = 1000

/** An empty list for one file. `text` gives lines and columns. */
export function createProblemList(file: string, text: string, near = createNearMisses()): ProblemList {
  const position = createPositions(text)
  const kept: ConfigProblem[] = []
  const counts = { error: 0, warning: 0 }
  const add = (severity: ConfigProblem['severity'], { at, path }: ProblemPlace, message: Message) => {
    counts[severity] += 1
    if (counts[severity] > MOST) return
    const said = typeof message === 'string' ? message : message()
    kept.push({
      severity,
      file,
      ...position(at),
      path: printable(path, MOST_PATH),
      message: printable(shortened(said), MOST_MESSAGE),
    })
  }
  return {
    get problems() {
      const sorted = kept.toSorted((a, b) => a.line - b.line || a.column - b.column)
      const left = (['error', 'warning'] as const).filter((severity) => counts[severity] > MOST)
      return [...sorted, ...left.map((severity) => notShown(file, severity, counts[severity] - MOST))]
    },
    get errors() {
      return counts.error
    },
    near,
    error: (place, message) => add('error', place, message),
    warning: (place, message) => add('warning', place, message),
    lineOf: (offset) => position(offset).line,
    fileAndLineOf: (offset) => `${file}:${position(offset).line}`,
    within: ({ value, at, end }, index) => at + placeWithin(text.slice(at, end), value, index),
  }
}

/** Beyond these nobody reads: names and values are any text, and a text may be the whole document. */
const MOST_QUOTED = 300
const MOST_PATH = 1000
const MOST_MESSAGE = 3000

/** With long quotations cut, so that what stands behind them is still read. */
function shortened(message: string): string {
  return message.replace(/"([^"]+)"/g, (whole, quoted: string) =>
    quoted.length > MOST_QUOTED ? `"${cut(quoted, MOST_QUOTED)}"` : whole,
  )
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 3)}...` : text
}

/** On one line, whatever names and values of the document are quoted. */
function printable(text: string, most: number): string {
  return cut(text, most).replace(/\p{Cc}/gu, (control) => {
    const escaped = JSON.stringify(control).slice(1, -1)
    return escaped === control ? `\\u00${control.charCodeAt(0).toString(16)}` : escaped
  })
}

function notShown(file: string, severity: ConfigProblem['severity'], left: number): ConfigProblem {
  const what = severity === 'error' ? 'errors' : 'warnings'
  return { severity, file, line: 1, column: 1, path: '', message: `${left} more ${what} are not shown` }
}
