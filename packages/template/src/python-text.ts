import type { JsonValue } from '@tron/model'
import { jsonNumber, numberOf, pythonNumber } from './python-number.ts'

/** A value as Python's `str` shows it, which is what commands of Tron 3 got: `True`, `None`, `[1, 'two']`. */
export function pythonStr(value: JsonValue): string {
  return typeof value === 'string' ? value : pythonRepr(value)
}

/** A value as Python's `repr` shows it. */
export function pythonRepr(value: JsonValue): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'number') return pythonNumber(jsonNumber(value))
  if (typeof value === 'string') return quote(value)
  const number = numberOf(value)
  if (number !== null) return pythonNumber(number)
  if (isList(value)) return `[${value.map(pythonRepr).join(', ')}]`
  const entries = Object.entries(value).map(([key, inner]) => `${quote(key)}: ${pythonRepr(inner ?? null)}`)
  return `{${entries.join(', ')}}`
}

/** The same with everything outside ASCII escaped, as Python's `ascii` does. */
export function pythonAscii(value: JsonValue): string {
  return Array.from(pythonRepr(value), (char) =>
    (char.codePointAt(0) ?? 0) < 128 ? char : escapeCode(char),
  ).join('')
}

export function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}

function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'"
  const escaped = Array.from(text, (char) => ESCAPES[char] ?? escapeControl(char)).join('')
  return mark + (mark === "'" ? escaped.replaceAll("'", "\\'") : escaped) + mark
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** What Python does not print as it is: controls, marks of direction, blanks other than the usual one. */
function escapeControl(char: string): string {
  return char !== ' ' && /^[\p{C}\p{Z}]$/u.test(char) ? escapeCode(char) : char
}

function escapeCode(char: string): string {
  const code = char.codePointAt(0) ?? 0
  if (code < 256) return `\\x${hex(code, 2)}`
  return code < 65_536 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`
}

function hex(code: number, width: number): string {
  return code.toString(16).padStart(width, '0')
}
