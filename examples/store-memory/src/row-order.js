// @ts-check
import { fieldsOf } from '@tron/store/adapter'

/**
 * Compares what a query may be ordered by: whole numbers, or texts by their code points. Those differ from the order of `<`, which takes both halves of
 * a character beyond the first 65,536 for smaller than some that come before it.
 * @param {unknown} a
 * @param {unknown} b
 * @returns {number}
 */
export function compareValues(a, b) {
  return typeof a === 'number' && typeof b === 'number' ? a - b : compareTexts(String(a), String(b))
}

/**
 * @param {string} a
 * @param {string} b
 */
function compareTexts(a, b) {
  const length = Math.min(a.length, b.length)
  let at = 0
  while (at < length && a[at] === b[at]) at += 1
  if (at === length) return a.length - b.length
  // A difference in the second half of a pair: the code points begin one unit before.
  const start = isHalf(a, at - 1, 0xd800) && (isHalf(a, at, 0xdc00) || isHalf(b, at, 0xdc00)) ? at - 1 : at
  return (a.codePointAt(start) ?? 0) - (b.codePointAt(start) ?? 0)
}

/**
 * Whether a unit is half of a pair: a first one from 0xd800, a second one from 0xdc00.
 * @param {string} text
 * @param {number} at
 * @param {number} from
 */
function isHalf(text, at, from) {
  const unit = text.charCodeAt(at)
  return unit >= from && unit < from + 0x400
}

/**
 * The order of rows by one column, then by their key.
 * @param {string} column
 * @param {string} key
 * @returns {(a: object, b: object) => number}
 */
export function rowOrder(column, key) {
  return (a, b) => {
    const [left, right] = [fieldsOf(a), fieldsOf(b)]
    return compareValues(left[column], right[column]) || compareValues(left[key], right[key])
  }
}
