import { TronError } from '@tron/model'
import { EXIT } from '../exit.ts'
import type { Session } from '../session.ts'
import type { FigOptions } from './fig-options.ts'
import { isAbsent } from './send.ts'
import { MASTER } from './source.ts'

/** Deletes a namespace when somebody is there to confirm it, or `--yes` says that it is meant. Resolves with the exit code. */
export async function deleteNamespace({ client, terminal }: Session, fig: FigOptions): Promise<number> {
  const name = fig.namespace ?? fig.source
  if (name === MASTER) {
    throw new TronError('BAD_REQUEST', 'MASTER cannot be deleted', { hint: 'Upload another MASTER instead.' })
  }
  const stored = await client.config(name)
  if (isAbsent(stored)) throw new TronError('NOT_FOUND', `there is no namespace ${name}`)
  if (!fig.isSure) {
    if (!terminal.canAsk) {
      throw new TronError('BAD_REQUEST', `nobody is there to confirm that ${name} is to be deleted`, {
        hint: 'Say --yes in scripts.',
      })
    }
    const jobs = jobsText(name, Object.keys((await client.index()).jobs))
    if (!(await terminal.confirm(`This will delete namespace ${name} and ${jobs}. Proceed?`))) {
      terminal.err('Nothing was done.\n')
      return EXIT.failure
    }
  }
  const reply = await client.upload({ name, config: '', hash: fig.hash ?? stored.hash })
  if ('error' in reply) throw new TronError('CONFIG_INVALID', reply.error)
  terminal.err(`Namespace ${name} deleted\n`)
  return EXIT.ok
}

/** As many names as fit on a line or two. */
const MOST_NAMES = 8

function jobsText(name: string, jobs: readonly string[]): string {
  const own = jobs.filter((job) => job.startsWith(`${name}.`)).toSorted()
  if (own.length === 0) return 'all its jobs (it has none)'
  const more = own.length > MOST_NAMES ? ` and ${own.length - MOST_NAMES} more` : ''
  return `all its jobs (${own.slice(0, MOST_NAMES).join(', ')}${more})`
}
