import { clientVersion } from './client-version.ts'
import { createParser, parseArguments } from './command-line.ts'
import { EXIT } from './exit.ts'
import { PROGRAMS } from './programs.ts'
import type { Terminal } from './terminal.ts'

/** `tron`: all commands under one name. Resolves with the exit code. */
export async function tron(args: readonly string[], terminal: Terminal, name: string): Promise<number> {
  const [word, ...rest] = args
  const program = Object.values(PROGRAMS).find((one) => one.word === word)
  if (program !== undefined) return (await program.load())(rest, terminal, `${name} ${program.word}`)
  if (word === '--version') {
    terminal.out(`${name} ${clientVersion()}\n`)
    return EXIT.ok
  }
  const parser = createParser(name)
    .usage('$0 <command>\n\nTron runs batch jobs on many machines.')
    .demandCommand(1, 'A command is missing.')
  for (const one of Object.values(PROGRAMS)) parser.command(one.word, one.purpose)
  const parsed = await parseArguments(parser, args, terminal)
  return parsed.kind === 'said' ? parsed.code : EXIT.usage
}
