import { exponential, fixed, general } from './decimal-text.ts'
import type { FormatSpec } from './format-spec.ts'
import { aligned, groupDigits, type Signed } from './padding.ts'
import { pythonNumber } from './python-text.ts'

const RADIX: Readonly<Record<string, number>> = { '': 10, d: 10, n: 10, b: 2, o: 8, x: 16, X: 16 }

/** A number in a format; null when the format is not one for it. A whole number counts as Python's `int`, any other as its `float`. */
export function formatNumber(value: number, spec: FormatSpec): { readonly text: string } | null {
  if (spec.type === 'c') return formatChar(value, spec)
  const sign = value < 0 ? '-' : spec.sign.replace('-', '')
  const whole = Number.isInteger(value) && Object.hasOwn(RADIX, spec.type)
  const shown = whole ? wholeDigits(Math.abs(value), spec, sign) : decimalDigits(Math.abs(value), spec, sign)
  return shown === null ? null : { text: aligned(shown, spec, '>') }
}

function formatChar(value: number, spec: FormatSpec): { readonly text: string } | null {
  const character = Number.isInteger(value) && value >= 0 && value <= 0x10_ff_ff
  const plain = spec.sign === '' && spec.grouping === '' && spec.precision === null && !spec.alternate
  if (!character || !plain) return null
  return { text: aligned({ sign: '', body: String.fromCodePoint(value) }, spec, '>') }
}

function wholeDigits(value: number, spec: FormatSpec, sign: string): Signed | null {
  const radix = RADIX[spec.type] ?? 10
  if (spec.precision !== null || !mayGroup(spec, radix)) return null
  const lower = BigInt(value).toString(radix)
  const prefix = spec.alternate && radix !== 10 ? `0${spec.type}` : ''
  const signed = { sign: sign + prefix, body: spec.type === 'X' ? lower.toUpperCase() : lower }
  return { ...signed, body: groupDigits(signed, spec, radix === 10 ? 3 : 4) }
}

function mayGroup(spec: FormatSpec, radix: number): boolean {
  if (spec.grouping === '') return true
  return spec.type !== 'n' && (radix === 10 || spec.grouping === '_')
}

function decimalDigits(value: number, spec: FormatSpec, sign: string): Signed | null {
  const plain = decimals(value, spec)
  if (plain === null || (spec.type === 'n' && spec.grouping !== '')) return null
  const signed = { sign, body: /[EFG]/.test(spec.type) ? plain.toUpperCase() : plain }
  return { sign, body: groupDigits(signed, spec, 3) }
}

function decimals(value: number, spec: FormatSpec): string | null {
  const places = spec.precision ?? 6
  const point = spec.alternate
  switch (spec.type.toLowerCase()) {
    case 'f':
      return fixed(value, places, point)
    case '%':
      return `${fixed(value * 100, places, point)}%`
    case 'e':
      return exponential(value, places, point)
    case 'g':
      return general(value, places, { zeros: point, asNumber: false })
    case '':
      return spec.precision === null
        ? pythonNumber(value)
        : general(value, places, { zeros: point, asNumber: true })
    default:
      return spec.type === 'n' ? general(value, places, { zeros: point, asNumber: false }) : null
  }
}
