import { type StepPlace, stepHook } from './step-hook.ts'

/** One statement line of the node's program. */
export interface Step {
  /** Its number in the program's text, from 1. */
  readonly line: number
  readonly text: string
  /** Whether it belongs to the text that supervisors run. */
  readonly isSupervisor: boolean
}

export interface SteppedProgram {
  readonly text: string
  readonly steps: readonly Step[]
}

const MAIN = 'step'
const SUPERVISOR = 't_step'
const BLANKS = /^\s*/
/** What begins a line that is no statement of its own. */
const JOINT = /^(?:then|do|else|elif|fi|done|esac|;;|[})])(?=$|[\s;&|<>])|^[{']$/
const FUNCTION = /^\w+\(\) [{(]$/
const SHORT_FUNCTION = /^(\w+\(\) \{ ).*\}$/
const BRANCH = /^((?:else|elif) ).+$/
const CASE = /(?:^|[\s;&|({])case .+ in$/

/**
 * The program with a call of the hook before each statement line that `isWanted`. Calls and the hook itself are put in between: not a character of
 * the program is taken away. All steps are told, wanted or not.
 */
export function insertSteps(
  program: string,
  place: StepPlace,
  isWanted: (line: number) => boolean = () => true,
): SteppedProgram {
  const reader: Reader = { cases: [], quote: '', joint: '', isSupervisor: false }
  const steps: Step[] = []
  const [head = '', ...rest] = program.split('\n').map((text, index) => {
    const line = index + 1
    const { isSupervisor } = reader
    const gap = gapIn(reader, text)
    if (gap !== null) steps.push({ line, text: text.trim(), isSupervisor })
    readLine(reader, text)
    if (gap === null || !isWanted(line)) return text
    const call = `${isSupervisor ? SUPERVISOR : MAIN} ${line}${gap.end}`
    return `${text.slice(0, gap.at)}${call}${text.slice(gap.at)}`
  })
  const text = [head, stepHook(MAIN, place), ...rest]
    .join('\n')
    .replace("supervise='\n", () => `supervise='\n${stepHook(SUPERVISOR, place)}\n`)
  return { text, steps }
}

/** How far the text was read. */
interface Reader {
  /** The open `case` constructs: whether a pattern comes next. */
  readonly cases: { isPattern: boolean }[]
  /** The quote that is open at the beginning of the line. */
  quote: string
  /** The operator that the line before ended with. */
  joint: string
  isSupervisor: boolean
}

/** Where a call goes into a line, and what goes between it and what follows there. */
interface Gap {
  readonly at: number
  readonly end: string
}

/** Null for a line that no statement begins in. */
function gapIn(reader: Reader, line: string): Gap | null {
  const [{ length: indent } = ''] = BLANKS.exec(line) ?? []
  const text = line.slice(indent)
  if (reader.quote !== '' || text === '' || text.startsWith('#')) return null
  if (reader.joint !== '') return reader.joint === '&&' ? { at: indent, end: ' && ' } : null
  const isPattern = reader.cases.at(-1)?.isPattern === true
  if (!isPattern || JOINT.test(text)) return gapInStatement(text, indent)
  return gapInBranch(line)
}

function gapInStatement(text: string, indent: number): Gap | null {
  const [, head] = BRANCH.exec(text) ?? SHORT_FUNCTION.exec(text) ?? []
  if (head !== undefined) return { at: indent + head.length, end: '; ' }
  return JOINT.test(text) || FUNCTION.test(text) ? null : { at: indent, end: '; ' }
}

/** A pattern may have its statements on the same line. */
function gapInBranch(line: string): Gap | null {
  const at = patternEnd(line)
  const body = line.slice(at)
  if (body === '') return null
  return { at, end: body === ';;' ? ' ' : '; ' }
}

/** Where the pattern's closing parenthesis and the blanks after it end. */
function patternEnd(line: string): number {
  let quote = ''
  for (const [index, character] of Array.from(line).entries()) {
    if (quote === '' && character === ')') return index + 1 + blanksAt(line, index + 1)
    if (character === quote) quote = ''
    else if (quote === '' && (character === "'" || character === '"')) quote = character
  }
  return line.length
}

function blanksAt(line: string, at: number): number {
  return BLANKS.exec(line.slice(at))?.[0].length ?? 0
}

/** Follows the line. */
function readLine(reader: Reader, line: string): void {
  const text = line.trim()
  if (text === "supervise='") reader.isSupervisor = true
  else if (reader.isSupervisor && text === "'") reader.isSupervisor = false
  else reader.quote = quoteAfter(reader.quote, line)
  if (reader.quote !== '') return
  reader.joint = text.startsWith('#') ? '' : (/(?:&&|\|\||\||\\)$/.exec(text)?.[0] ?? '')
  followCases(reader, text)
}

function followCases({ cases }: Reader, text: string): void {
  const inner = cases.at(-1)
  if (CASE.test(text)) {
    if (inner !== undefined) inner.isPattern = false
    cases.push({ isPattern: true })
  } else if (/^esac\b/.test(text)) {
    cases.pop()
    const outer = cases.at(-1)
    if (outer !== undefined && text.endsWith(';;')) outer.isPattern = true
  } else if (inner !== undefined && text !== '' && !text.startsWith('#')) {
    inner.isPattern = text.endsWith(';;')
  }
}

/** The quote that is open after the line. */
function quoteAfter(open: string, line: string): string {
  let quote = open
  let isEscaped = false
  for (const character of line) {
    if (isEscaped) isEscaped = false
    else if (character === '\\' && quote !== "'") isEscaped = true
    else if (character === quote) quote = ''
    else if (quote === '' && (character === "'" || character === '"')) quote = character
  }
  return quote
}
