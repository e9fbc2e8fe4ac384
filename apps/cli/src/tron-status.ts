import { createPaint } from './color.ts'
import { addCommonOptions, createParser, parseArguments } from './command-line.ts'
import { EXIT } from './exit.ts'
import { openSession } from './session.ts'
import type { Terminal } from './terminal.ts'
import { statusView } from './view/status-view.ts'

/** `tron status`: how the daemon is and what it can reach. Fails while the engine is not working. */
export async function tronStatus(args: readonly string[], terminal: Terminal, name: string): Promise<number> {
  const parser = addCommonOptions(createParser(name))
    .usage('$0 [options]\n\nShows how the daemon is and which nodes it reaches.')
    .option('nocolor', { type: 'boolean', describe: 'No colour' })
  const parsed = await parseArguments(parser, args, terminal)
  if (parsed.kind === 'said') return parsed.code
  const { options } = parsed
  const color = options.nocolor === true ? false : undefined
  const session = await openSession(terminal, { ...options, color })
  const status = await session.client.status()
  const paint = createPaint(terminal, session.displayColor)
  await terminal.page(
    options.json ? `${JSON.stringify(status, null, 2)}\n` : statusView(status, session.client.baseUrl, paint),
  )
  return status.state === 'working' ? EXIT.ok : EXIT.failure
}
