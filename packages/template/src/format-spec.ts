import type { JsonValue } from '@tron/model'
import { pythonStr } from './python-text.ts'

interface FormatSpec {
  readonly fill: string
  readonly align: string
  readonly sign: string
  readonly prefix: boolean
  readonly zeros: boolean
  readonly width: number
  readonly grouping: string
  readonly precision: number | null
  readonly type: string
}

export type Formatted = { readonly text: string } | { readonly reason: string }

const SPEC = /^(?:(.)?([<>=^]))?([+\- ])?(#)?(0)?(\d{1,4})?([,_])?(?:\.(\d{1,3}))?([a-zA-Z%])?$/su

/** Applies a format such as `>12`, `03d`, `.4` or `,` to a value, as Python's `format` does for texts and numbers. */
export function formatValue(value: JsonValue, format: string): Formatted {
  if (format === '') return { text: pythonStr(value) }
  const spec = parseSpec(format)
  if (spec === null) return { reason: `":${format}" is not a format` }
  if (typeof value === 'string') return formatText(value, spec)
  if (typeof value === 'number') return formatNumber(value, spec)
  if (typeof value === 'boolean') return formatNumber(value ? 1 : 0, spec)
  return { reason: `":${format}" cannot be used on ${value === null ? 'null' : 'a list or a mapping'}` }
}

function parseSpec(format: string): FormatSpec | null {
  const match = SPEC.exec(format)
  if (match === null) return null
  const [, fill, align, sign = '-', prefix, zeros, width, grouping = '', precision, type = ''] = match
  return {
    fill: fill ?? (zeros === undefined ? ' ' : '0'),
    align: align ?? '',
    sign,
    prefix: prefix !== undefined,
    zeros: zeros !== undefined,
    width: Number(width ?? 0),
    grouping,
    precision: precision === undefined ? null : Number(precision),
    type,
  }
}

function formatText(value: string, spec: FormatSpec): Formatted {
  const numeric = spec.grouping !== '' || spec.prefix || spec.sign !== '-' || spec.align === '='
  if ((spec.type !== '' && spec.type !== 's') || numeric) {
    return { reason: `the format is one for numbers and the value is the text "${value}"` }
  }
  const chars = Array.from(value).slice(0, spec.precision ?? undefined)
  return { text: aligned({ sign: '', body: chars.join('') }, spec, '<') }
}

interface Signed {
  readonly sign: string
  readonly body: string
}

function formatNumber(value: number, spec: FormatSpec): Formatted {
  const body = digits(Math.abs(value), spec)
  if (body === null) return { reason: `the format type "${spec.type}" cannot be used on ${value}` }
  const sign = value < 0 ? '-' : spec.sign.replace('-', '')
  return { text: aligned({ sign: sign + body.sign, body: body.body }, spec, spec.zeros ? '=' : '>') }
}

const RADIX: Readonly<Record<string, number>> = { b: 2, o: 8, d: 10, x: 16, X: 16 }

/** The digits of a number that is not negative, and what stands before them. Null when the type does not fit. */
function digits(value: number, spec: FormatSpec): Signed | null {
  const radix =
    RADIX[spec.type] ?? (spec.type === '' && Number.isInteger(value) && spec.precision === null ? 10 : null)
  if (radix === null) return decimals(value, spec)
  if (!Number.isInteger(value) || spec.precision !== null) return null
  const lower = grouped(value.toString(radix), spec.grouping, radix === 10 ? 3 : 4)
  const prefix = spec.prefix && radix !== 10 ? `0${spec.type}` : ''
  return { sign: prefix, body: spec.type === 'X' ? lower.toUpperCase() : lower }
}

function decimals(value: number, spec: FormatSpec): Signed | null {
  const places = spec.precision ?? 6
  switch (spec.type) {
    case 'f':
    case 'F':
      return { sign: '', body: groupedDecimal(value.toFixed(places), spec.grouping) }
    case '%':
      return { sign: '', body: `${groupedDecimal((value * 100).toFixed(places), spec.grouping)}%` }
    case 'e':
    case 'E':
      return { sign: '', body: exponent(value.toExponential(places), spec.type) }
    case '':
      return { sign: '', body: groupedDecimal(shortest(value, spec.precision), spec.grouping) }
    default:
      return null
  }
}

function shortest(value: number, precision: number | null): string {
  return precision === null ? String(value) : String(Number(value.toPrecision(Math.max(1, precision))))
}

/** Python writes at least two digits of exponent. */
function exponent(text: string, type: string): string {
  const padded = text.replace(/e([+-])(\d)$/, 'e$10$2')
  return type === 'E' ? padded.toUpperCase() : padded
}

function groupedDecimal(text: string, mark: string): string {
  const [whole = '', ...fraction] = text.split('.')
  return [grouped(whole, mark, 3), ...fraction].join('.')
}

function grouped(text: string, mark: string, size: number): string {
  if (mark === '') return text
  const first = text.length % size
  const groups = text.slice(first).match(new RegExp(`.{${size}}`, 'g')) ?? []
  return [...(first === 0 ? [] : [text.slice(0, first)]), ...groups].join(mark)
}

function aligned(value: Signed, spec: FormatSpec, usual: string): string {
  const whole = value.sign + value.body
  const missing = Math.max(0, spec.width - Array.from(whole).length)
  const fill = (count: number) => spec.fill.repeat(count)
  switch (spec.align === '' ? usual : spec.align) {
    case '<':
      return whole + fill(missing)
    case '^':
      return fill(Math.floor(missing / 2)) + whole + fill(Math.ceil(missing / 2))
    case '=':
      return value.sign + fill(missing) + value.body
    default:
      return fill(missing) + whole
  }
}
