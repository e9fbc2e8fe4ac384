/** So many digits show whether a number lies exactly between two shorter ones. */
const EXACT = 100

/** A number with a fixed count of decimals, as Python's `f`; `point` keeps the point where no decimals follow it. */
export function fixed(value: number, places: number, point = false): string {
  const text =
    value < 1e21 ? halfToEven(value.toFixed(places), value.toFixed(EXACT)) : largeFixed(value, places)
  return point && places === 0 ? `${text}.` : text
}

/** A number with an exponent, as Python's `e`, which writes at least two digits of it. */
export function exponential(value: number, places: number, point = false): string {
  const [mantissa = '', exponent = ''] = value.toExponential(places).split('e')
  const [exact = '', exactExponent = ''] = value.toExponential(EXACT).split('e')
  const even = halfToEven(mantissa, exact)
  const digits = point && places === 0 ? `${even}.` : even
  return `${digits}e${twoDigits(even === mantissa ? exponent : exactExponent)}`
}

interface General {
  /** Whether zeros at the end are kept. */
  readonly zeros: boolean
  /** Whether the text must read as a decimal number: at least one decimal, and an exponent one digit earlier. */
  readonly asNumber: boolean
}

/** The shorter of both, as Python's `g`: so many digits that count, the zeros at the end left out. */
export function general(value: number, precision: number, { zeros, asNumber }: General): string {
  const digits = Math.max(1, precision)
  const [mantissa = '', exponent = ''] = exponential(value, digits - 1).split('e')
  const power = Number(exponent)
  if (power < -4 || power >= digits - (asNumber ? 1 : 0)) {
    return `${zeros ? withPoint(mantissa) : withoutZeros(mantissa)}e${exponent}`
  }
  const text = fixed(value, digits - 1 - power)
  if (zeros) return withPoint(text)
  const short = withoutZeros(text)
  return asNumber && !short.includes('.') ? `${short}.0` : short
}

/** Python writes at least two digits of an exponent. */
export function twoDigits(exponent: string): string {
  return exponent.replace(/^([+-])(\d)$/, '$10$2')
}

function largeFixed(value: number, places: number): string {
  const whole = BigInt(value).toString()
  return places === 0 ? whole : `${whole}.${'0'.repeat(places)}`
}

/** JavaScript takes a half up, Python to the even digit. */
function halfToEven(rounded: string, exact: string): string {
  const end = rounded.includes('.') ? rounded.length : exact.indexOf('.')
  const kept = exact.slice(0, end)
  const half = /^\.?50*$/.test(exact.slice(end))
  return half && /[02468]$/.test(kept) ? kept : rounded
}

function withPoint(text: string): string {
  return text.includes('.') ? text : `${text}.`
}

function withoutZeros(text: string): string {
  return text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text
}
