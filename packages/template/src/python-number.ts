import type { JsonValue } from '@tron/model'
import { twoDigits } from './decimal-text.ts'

/** A number as Python tells them apart: whole ones of any size, and floating ones, which may be whole too. */
export type PythonNumber = { readonly int: bigint } | { readonly float: number }

/** The key of a number that JSON has none for. No key of a document contains NUL, so that it is none of theirs. */
const EXACT = '\u0000number'

/** A value of the command context for a number that JSON would change: `1.0`, which is no 1 to a format, `1e+300`, more digits than JavaScript counts. */
export function exactNumber(number: PythonNumber): JsonValue {
  return { [EXACT]: pythonNumber(number) }
}

/** The number that a value is; null when it is none. */
export function numberOf(value: JsonValue): PythonNumber | null {
  if (typeof value === 'boolean') return { int: value ? 1n : 0n }
  if (typeof value === 'number') return jsonNumber(value)
  const text = isRecord(value) ? value[EXACT] : undefined
  if (typeof text !== 'string') return null
  if (/^-?\d+$/.test(text)) return { int: BigInt(text) }
  return { float: Number(text.replace('inf', 'Infinity')) }
}

/** A number that JSON has: whole ones that it keeps exactly are `int`. */
export function jsonNumber(value: number): PythonNumber {
  return Number.isSafeInteger(value) ? { int: BigInt(value) } : { float: value }
}

function isRecord(value: JsonValue): value is { readonly [key: string]: JsonValue | undefined } {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/** A number as Python's `str` shows it. */
export function pythonNumber(number: PythonNumber): string {
  return 'int' in number ? number.int.toString() : pythonFloat(number.float)
}

function pythonFloat(value: number): string {
  if (!Number.isFinite(value)) return String(value).toLowerCase().replace('inity', '')
  if (Object.is(value, -0)) return '-0.0'
  const size = Math.abs(value)
  if (size >= 1e16 || (size < 1e-4 && size > 0)) {
    const [mantissa = '', exponent = ''] = value.toExponential().split('e')
    return `${mantissa}e${twoDigits(exponent)}`
  }
  return Number.isInteger(value) ? value.toFixed(1) : String(value)
}
