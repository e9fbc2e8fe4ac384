import { exponential, fixed, general } from './decimal-text.ts'
import type { FormatSpec } from './format-spec.ts'
import { aligned, groupDigits, type Signed } from './padding.ts'
import { type PythonNumber, pythonNumber } from './python-number.ts'

const RADIX: Readonly<Record<string, number>> = { '': 10, d: 10, n: 10, b: 2, o: 8, x: 16, X: 16 }

/** A number in a format; null when the format is not one for it. */
export function formatNumber(number: PythonNumber, spec: FormatSpec): { readonly text: string } | null {
  if (spec.type === 'c') return 'int' in number ? formatChar(number.int, spec) : null
  const shown = 'int' in number ? intDigits(number.int, spec) : decimalDigits(number.float, spec)
  return shown === null ? null : { text: aligned(shown, spec, '>') }
}

function signOf(isNegative: boolean, spec: FormatSpec): string {
  return isNegative ? '-' : spec.sign.replace('-', '')
}

function formatChar(value: bigint, spec: FormatSpec): { readonly text: string } | null {
  const plain = spec.sign === '' && spec.grouping === '' && spec.precision === null && !spec.alternate
  if (value < 0 || value > 0x10_ff_ff || !plain) return null
  return { text: aligned({ sign: '', body: String.fromCodePoint(Number(value)) }, spec, '>') }
}

function intDigits(value: bigint, spec: FormatSpec): Signed | null {
  if (Object.hasOwn(RADIX, spec.type)) return wholeDigits(value, spec)
  const float = Number(value)
  // Python takes no whole number for an endless one.
  return Number.isFinite(float) ? decimalDigits(float, spec) : null
}

function wholeDigits(value: bigint, spec: FormatSpec): Signed | null {
  const radix = RADIX[spec.type] ?? 10
  if (spec.precision !== null || !mayGroup(spec, radix)) return null
  const lower = (value < 0 ? -value : value).toString(radix)
  const prefix = spec.alternate && radix !== 10 ? `0${spec.type}` : ''
  const signed = {
    sign: signOf(value < 0, spec) + prefix,
    body: spec.type === 'X' ? lower.toUpperCase() : lower,
  }
  return { ...signed, body: groupDigits(signed, spec, radix === 10 ? 3 : 4) }
}

function mayGroup(spec: FormatSpec, radix: number): boolean {
  if (spec.grouping === '') return true
  return spec.type !== 'n' && (radix === 10 || spec.grouping === '_')
}

function decimalDigits(value: number, spec: FormatSpec): Signed | null {
  const plain = decimals(Math.abs(value), spec)
  if (plain === null || (spec.type === 'n' && spec.grouping !== '')) return null
  const sign = signOf(value < 0 || Object.is(value, -0), spec)
  const signed = { sign, body: /[EFG]/.test(spec.type) ? plain.toUpperCase() : plain }
  return Number.isFinite(value) ? { sign, body: groupDigits(signed, spec, 3) } : signed
}

function decimals(value: number, spec: FormatSpec): string | null {
  const places = spec.precision ?? 6
  const point = spec.alternate
  if (!Number.isFinite(value)) return /^[efgn%]?$/i.test(spec.type) ? endless(value, spec.type) : null
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
        ? shortest(value, point)
        : general(value, places, { zeros: point, asNumber: true })
    default:
      return spec.type === 'n' ? general(value, places, { zeros: point, asNumber: false }) : null
  }
}

function shortest(value: number, point: boolean): string {
  const text = pythonNumber({ float: value })
  return point && !text.includes('.') ? text.replace('e', '.e') : text
}

function endless(value: number, type: string): string {
  return `${pythonNumber({ float: value })}${type === '%' ? '%' : ''}`
}
