// @ts-check

/** @import { StoreModule } from '@tron/store' */

/** A row takes about a kilobyte. */
const MAX_ROWS = 200_000

/** A Standard Schema by hand; any library that offers one will do. @type {StoreModule['options']} */
export const options = {
  '~standard': {
    version: 1,
    vendor: 'tron-store-memory',
    validate: (value) => {
      if (typeof value !== 'object' || value === null) return { issues: [{ message: 'expected an object' }] }
      const unknown = Object.keys(value).filter((key) => key !== 'maxRows')
      if (unknown.length > 0)
        return { issues: unknown.map((key) => ({ message: 'no such option', path: [key] })) }
      const maxRows = 'maxRows' in value ? value.maxRows : MAX_ROWS
      if (isCount(maxRows)) return { value: { maxRows } }
      return { issues: [{ message: 'expected a whole number above 0', path: ['maxRows'] }] }
    },
  },
}

/**
 * @param {unknown} value options that the schema accepted
 * @returns {{ readonly maxRows: number }}
 */
export function readOptions(value) {
  const maxRows = typeof value === 'object' && value !== null && 'maxRows' in value ? value.maxRows : MAX_ROWS
  return { maxRows: isCount(maxRows) ? maxRows : MAX_ROWS }
}

/**
 * @param {unknown} value
 * @returns {value is number}
 */
function isCount(value) {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0
}
