import { isTronError, TronError } from '@tron/model'
import { addCommonOptions, createParser, parseArguments } from './command-line.ts'
import { EXIT } from './exit.ts'
import { openSession, type Session } from './session.ts'
import type { Terminal } from './terminal.ts'

function recoverParser(name: string) {
  return addCommonOptions(createParser(name))
    .usage(
      '$0 --without <node> [options]\n\nGoes on without a node that could not be asked since a take-over: jobs that could have run there start again. `tron status` shows which nodes are waited for.',
    )
    .option('without', {
      type: 'string',
      requiresArg: true,
      describe: 'The node that is waited for no longer',
    })
    .option('yes', { alias: 'y', type: 'boolean', default: false, describe: 'Do not ask' })
    .example('$0 --without batch7', 'after batch7 was lost with its disk')
}

/** `tron recover`: gives up waiting for a node. Resolves with the exit code. */
export async function tronRecover(
  args: readonly string[],
  terminal: Terminal,
  name: string,
): Promise<number> {
  const parsed = await parseArguments(recoverParser(name), args, terminal)
  if (parsed.kind === 'said') return parsed.code
  const { options } = parsed
  if (options.without === undefined) {
    terminal.err(`Name a node with --without.\n\nSee ${name} --help.\n`)
    return EXIT.usage
  }
  const session = await openSession(terminal, options)
  try {
    return await recover(session, { node: options.without, isSure: options.yes, isJson: options.json })
  } catch (error) {
    if (!options.json || !isTronError(error)) throw error
    terminal.out(`${JSON.stringify({ error: error.message, code: error.code, hint: error.hint })}\n`)
    return EXIT.failure
  }
}

interface Order {
  readonly node: string
  readonly isSure: boolean
  readonly isJson: boolean
}

async function recover({ client, terminal }: Session, { node, isSure, isJson }: Order): Promise<number> {
  if (!isSure && !(await isConfirmed({ client, terminal }, node))) {
    terminal.err('Nothing was done.\n')
    return EXIT.failure
  }
  const reply = await client.recoverWithout(node)
  terminal.out(isJson ? `${JSON.stringify(reply)}\n` : `${reply.result}\n`)
  return EXIT.ok
}

/** Asks before what cannot be taken back. @throws BAD_REQUEST when nobody is there to answer */
async function isConfirmed(
  { client, terminal }: Pick<Session, 'client' | 'terminal'>,
  node: string,
): Promise<boolean> {
  // A name that is not waited for is refused by the server, with those that are.
  if (!(await client.status()).waiting_for.includes(node)) return true
  if (terminal.canAsk) {
    const loss = 'What ran there since the copy of the state was made is not known'
    return terminal.confirm(`${loss}, and jobs that wait for it start again. Go on without ${node}?`)
  }
  throw new TronError('BAD_REQUEST', `nobody is there to confirm that ${node} is given up`, {
    hint: 'Say --yes in scripts.',
  })
}
