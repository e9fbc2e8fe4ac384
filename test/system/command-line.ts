import { fileURLToPath } from 'node:url'
import { type Daemon, type Finished, runChild } from '@tron/testkit'

const MAIN = fileURLToPath(new URL('../../apps/cli/src/main.ts', import.meta.url))

/** Runs the command line by one of its names, from source, against a daemon. */
function run(program: string, daemon: Pick<Daemon, 'url'>, args: readonly string[]): Promise<Finished> {
  const node = [process.execPath, '--conditions=@tron/source', MAIN, `--program=${program}`]
  return runChild([...node, '--server', daemon.url, ...args])
}

export const tronview = (daemon: Pick<Daemon, 'url'>, args: readonly string[]): Promise<Finished> =>
  run('tronview', daemon, args)

export const tronctl = (daemon: Pick<Daemon, 'url'>, args: readonly string[]): Promise<Finished> =>
  run('tronctl', daemon, args)

export const tronfig = (daemon: Pick<Daemon, 'url'>, args: readonly string[]): Promise<Finished> =>
  run('tronfig', daemon, args)
