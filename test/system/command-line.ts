import { fileURLToPath } from 'node:url'
import { type Daemon, type Finished, runChild } from '@tron/testkit'

const MAIN = fileURLToPath(new URL('../../apps/cli/src/main.ts', import.meta.url))

/** The words that run the command line by one of its names, from source, against a daemon. */
function wordsOf(program: string, daemon: Pick<Daemon, 'url'>, args: readonly string[]): readonly string[] {
  const node = [process.execPath, '--conditions=@tron/source', MAIN, `--program=${program}`]
  return [...node, '--server', daemon.url, ...args]
}

export const tronview = (daemon: Pick<Daemon, 'url'>, args: readonly string[]): Promise<Finished> =>
  runChild(wordsOf('tronview', daemon, args))

export const tronctl = (daemon: Pick<Daemon, 'url'>, args: readonly string[]): Promise<Finished> =>
  runChild(wordsOf('tronctl', daemon, args))

export const tron = (daemon: Pick<Daemon, 'url'>, args: readonly string[]): Promise<Finished> => {
  const [word = '', ...rest] = args
  return runChild([
    process.execPath,
    '--conditions=@tron/source',
    MAIN,
    word,
    ...rest,
    '--server',
    daemon.url,
  ])
}

/** `env` is the whole environment; that of the tests when left out. */
export const tronfig = (
  daemon: Pick<Daemon, 'url'>,
  args: readonly string[],
  env?: Record<string, string>,
): Promise<Finished> => runChild(wordsOf('tronfig', daemon, args), env === undefined ? {} : { env })

export const tronfigWords = (daemon: Pick<Daemon, 'url'>, args: readonly string[]): readonly string[] =>
  wordsOf('tronfig', daemon, args)
