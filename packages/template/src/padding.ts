import type { FormatSpec } from './format-spec.ts'

/** What is shown of a value, and what stands before it and before any zeros: a sign, the prefix of a radix. */
export interface Signed {
  readonly sign: string
  readonly body: string
}

/** Fills a value up to the width of its format. The alignment `0` is the usual one, which for numbers puts the zeros behind the sign. */
export function aligned(value: Signed, spec: FormatSpec, usual: '<' | '>'): string {
  const whole = value.sign + value.body
  const missing = Math.max(0, spec.width - Array.from(whole).length)
  const fill = (count: number) => spec.fill.repeat(count)
  switch (alignment(spec, usual)) {
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

function alignment(spec: FormatSpec, usual: '<' | '>'): string {
  if (spec.align === '0') return usual === '>' ? '=' : usual
  return spec.align === '' ? usual : spec.align
}

/** Groups the whole part of a number; zeros that fill the width are grouped with it, as Python does. */
export function groupDigits(value: Signed, spec: FormatSpec, size: number): string {
  const { grouping: mark } = spec
  if (mark === '') return value.body
  const end = value.body.search(/[^0-9a-zA-Z]|[eE][+-]/)
  const digits = end < 0 ? value.body : value.body.slice(0, end)
  const rest = value.body.slice(digits.length)
  const filled = spec.fill === '0' && alignment(spec, '>') === '='
  const room = filled ? spec.width - value.sign.length - rest.length : 0
  let count = digits.length
  while (count + Math.floor((count - 1) / size) < room) count += 1
  return withMarks(digits.padStart(count, '0'), mark, size) + rest
}

function withMarks(digits: string, mark: string, size: number): string {
  const first = digits.length % size
  const groups = digits.slice(first).match(new RegExp(`.{${size}}`, 'g')) ?? []
  return [...(first === 0 ? [] : [digits.slice(0, first)]), ...groups].join(mark)
}
