import { isTronError, messageOf } from '@tron/model'
import { EXIT } from './exit.ts'
import { PROGRAMS } from './programs.ts'
import { systemTerminal } from './terminal.ts'

const FRONT = '--program='

/** Runs the program that the launcher names in the first argument (`--program=tronview`), `tron` without one. */
async function main(words: readonly string[]): Promise<number> {
  const [first = '', ...rest] = words
  const isNamed = first.startsWith(FRONT)
  const name = isNamed ? first.slice(FRONT.length) : 'tron'
  const args = isNamed ? rest : words
  const terminal = systemTerminal()
  try {
    const program = await (PROGRAMS[name]?.load() ?? import('./tron.ts').then((module) => module.tron))
    return await program(args, terminal, name)
  } catch (error) {
    const isUnreachable = isTronError(error, 'UNREACHABLE')
    terminal.err(isUnreachable ? `${messageOf(error)}\n` : `Error: ${messageOf(error)}\n`)
    if (isTronError(error)) terminal.err(`${error.hint}\n`)
    return EXIT.failure
  }
}

process.exitCode = await main(process.argv.slice(2))
