import type { ConfigProblem } from '@tron/model'
import { createPositions, type TextPosition } from '../yaml/text-positions.ts'

/** Collects what is wrong, or worth saying, in one document. */
export interface ProblemList {
  /** In the order of the text. */
  readonly problems: readonly ConfigProblem[]
  readonly errors: number
  error(place: ProblemPlace, message: string): void
  warning(place: ProblemPlace, message: string): void
  lineOf(offset: number): number
}

/** Where: an offset in the text, and the path of the key. */
export interface ProblemPlace {
  readonly at: number
  readonly path: string
}

/** More than this nobody reads; the rest is counted. */
const MOST = 200

/** An empty list for one file. `text` gives lines and columns. */
export function createProblemList(file: string, text: string): ProblemList {
  const position = createPositions(text)
  const problems: ConfigProblem[] = []
  let errors = 0
  let left = 0
  const add = (severity: ConfigProblem['severity'], place: ProblemPlace, message: string) => {
    if (problems.length < MOST) problems.push({ severity, file, ...at(position, place), message })
    else left += 1
    if (severity === 'error') errors += 1
  }
  return {
    get problems() {
      const sorted = problems.toSorted((a, b) => a.line - b.line || a.column - b.column)
      return left === 0 ? sorted : [...sorted, more(file, left, errors > 0)]
    },
    get errors() {
      return errors
    },
    error: (place, message) => add('error', place, message),
    warning: (place, message) => add('warning', place, message),
    lineOf: (offset) => position(offset).line,
  }
}

function at(
  position: (offset: number) => TextPosition,
  place: ProblemPlace,
): TextPosition & { readonly path: string } {
  return { ...position(place.at), path: place.path }
}

function more(file: string, left: number, wrong: boolean): ConfigProblem {
  return {
    severity: wrong ? 'error' : 'warning',
    file,
    line: 1,
    column: 1,
    path: '',
    message: `${left} more problems are not shown`,
  }
}
