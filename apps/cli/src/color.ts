import type { Terminal } from './terminal.ts'

const CODES = {
  /** Table headers: on grey. */
  header: '100',
  /** Identifiers: yellow. */
  id: '93',
  good: '92',
  bad: '91',
  off: '94',
  /** What matters less: grey. */
  faint: '90',
  special: '96',
} as const

export type Color = keyof typeof CODES

/** Colours a text, or leaves it as it is. */
export type Paint = (color: Color | undefined, text: string) => string

/**
 * Colour only where somebody looks at it. `wanted` is what the command line or the saved settings say; without either a terminal gets
 * colour unless `NO_COLOR` is set or the terminal is dumb.
 */
export function createPaint(terminal: Terminal, wanted: boolean | undefined): Paint {
  return createPaints(terminal, wanted).out
}

/** A `Paint` for standard output and one for standard error: one of them may go to a file. */
export interface Paints {
  readonly out: Paint
  readonly err: Paint
}

/** As `createPaint`, for what is written to either. */
export function createPaints(terminal: Terminal, wanted: boolean | undefined): Paints {
  const { NO_COLOR, TERM } = terminal.env
  const isQuiet = (NO_COLOR !== undefined && NO_COLOR !== '') || TERM === 'dumb'
  const isWanted = wanted ?? !isQuiet
  return { out: paintIf(terminal.isScreen && isWanted), err: paintIf(terminal.isErrorScreen && isWanted) }
}

function paintIf(isOn: boolean): Paint {
  return (color, text) => (isOn && color !== undefined ? `\u001b[${CODES[color]}m${text}\u001b[0m` : text)
}

const COLORS: Readonly<Record<string, Color>> = {
  failed: 'bad',
  unknown: 'bad',
  running: 'good',
  succeeded: 'good',
  enabled: 'good',
  disabled: 'off',
}

/** The colour that a state is shown in. */
export function colorOf(state: string): Color | undefined {
  return COLORS[state]
}
