import type { JsonValue } from '@tron/model'
import { formatNumber } from './format-number.ts'
import { aligned } from './padding.ts'
import { numberOf } from './python-number.ts'
import { pythonStr } from './python-text.ts'

/** A format as read: `[[fill]align][sign][#][0][width][grouping][.precision][type]`. */
export interface FormatSpec {
  readonly fill: string
  readonly align: string
  readonly sign: string
  /** `#`: the prefix of the radix, the point of a decimal. */
  readonly alternate: boolean
  readonly width: number
  readonly grouping: string
  readonly precision: number | null
  readonly type: string
}

export type Formatted = { readonly text: string } | { readonly reason: string }

const SPEC = /^(?:(.)?([<>=^]))?([+\- ])?(#)?(0)?(\d{1,4})?([,_])?(?:\.(\d{1,3}))?([a-zA-Z%])?$/su

/** More digits than this are no number that a command needs, and more than JavaScript writes. */
const MAX_PRECISION = 90

/** Applies a format such as `>12`, `03d`, `.4` or `,` to a value, as Python's `format` does for texts and numbers. */
export function formatValue(value: JsonValue, format: string): Formatted {
  if (format === '') return { text: pythonStr(value) }
  const spec = parseSpec(format)
  if (spec === null) return { reason: `":${format}" is not a format` }
  if (typeof value === 'string') return formatText(value, spec, format)
  const number = numberOf(value)
  if (number === null) {
    return { reason: `":${format}" cannot be used on ${value === null ? 'null' : 'a list or a mapping'}` }
  }
  if ((spec.precision ?? 0) > MAX_PRECISION)
    return { reason: `a precision is at most ${MAX_PRECISION} for numbers` }
  return formatNumber(number, spec) ?? { reason: `":${format}" cannot be used on this number` }
}

function parseSpec(format: string): FormatSpec | null {
  const match = SPEC.exec(format)
  if (match === null) return null
  const [, fill, align, sign = '', alternate, zeros, width, grouping = '', precision, type = ''] = match
  return {
    fill: fill ?? (zeros === undefined ? ' ' : '0'),
    align: align ?? (zeros === undefined ? '' : '0'),
    sign,
    alternate: alternate !== undefined,
    width: Number(width ?? 0),
    grouping,
    precision: precision === undefined ? null : Number(precision),
    type,
  }
}

function formatText(value: string, spec: FormatSpec, format: string): Formatted {
  const numeric = spec.grouping !== '' || spec.alternate || spec.sign !== '' || spec.align === '='
  if ((spec.type !== '' && spec.type !== 's') || numeric) {
    return { reason: `":${format}" is a format for numbers, and the value is a text` }
  }
  const chars = Array.from(value).slice(0, spec.precision ?? undefined)
  return { text: aligned({ sign: '', body: chars.join('') }, spec, '<') }
}
