// @ts-check

/** @import { ExecutorModule } from '@tron/executor' */

/** The shell and its switch: the command comes as the last argument. */
const SHELL = ['/bin/sh', '-c']

/** A Standard Schema by hand; any library that offers one will do. @type {ExecutorModule['options']} */
export const options = {
  '~standard': {
    version: 1,
    vendor: 'tron-executor-demo',
    validate: (value) => {
      if (typeof value !== 'object' || value === null) return { issues: [{ message: 'expected an object' }] }
      const unknown = Object.keys(value).filter((key) => key !== 'shell')
      if (unknown.length > 0)
        return { issues: unknown.map((key) => ({ message: 'no such option', path: [key] })) }
      const shell = 'shell' in value ? value.shell : SHELL
      if (isCommand(shell)) return { value: { shell } }
      return { issues: [{ message: 'expected a list of texts', path: ['shell'] }] }
    },
  },
}

/**
 * @param {unknown} value options that the schema accepted
 * @returns {{ readonly shell: readonly string[] }}
 */
export function readOptions(value) {
  const shell = typeof value === 'object' && value !== null && 'shell' in value ? value.shell : SHELL
  return { shell: isCommand(shell) ? shell : SHELL }
}

/**
 * @param {unknown} value
 * @returns {value is readonly string[]}
 */
function isCommand(value) {
  return Array.isArray(value) && value.length > 0 && value.every((part) => typeof part === 'string')
}
