import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SuiteCommands } from './executor-fixture.ts'

/**
 * The suite's commands for executors that run a POSIX shell on this machine. `folder` is an existing folder that commands may write to; its path is
 * made of letters, digits, `/`, `.`, `_` and `-`. Commands that go on for ever end when it is removed.
 */
export function shellCommands(folder: string): SuiteCommands {
  const forever = `while [ -d ${folder} ]; do sleep 1; done`
  return {
    succeed: 'true',
    sleepForever: forever,
    ignoreTerm: `trap '' TERM; ${forever}`,
    exit: (code) => `exit ${code}`,
    print: (text, stream) => `printf %s ${quoted(text)}${stream === 'stderr' ? ' >&2' : ''}`,
    printAndSleep: (text) => `printf %s ${quoted(text)}; ${forever}`,
    printBytes: (length) => printPattern(length),
    printVariable: (name) => `printf %s "$${name}"`,
    leaveMark: (mark) => `echo ran >>${folder}/mark-${mark}`,
  }
}

/** How often `leaveMark` ran. */
export async function shellMarks(folder: string, mark: string): Promise<number> {
  try {
    const text = await readFile(join(folder, `mark-${mark}`), 'utf8')
    return text.split('\n').length - 1
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0
    throw error
  }
}

function printPattern(length: number): string {
  const whole = Math.floor(length / 256)
  const rest = octal(length % 256)
  return `i=0; while [ $i -lt ${whole} ]; do printf '${octal(256)}'; i=$((i+1)); done; printf '${rest}'`
}

/** The first bytes of the pattern, as printf's format understands them. */
function octal(length: number): string {
  return Array.from({ length }, (_, byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
