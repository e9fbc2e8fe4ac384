import { randomInt } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { argv, exit } from 'node:process'
import yargs from 'yargs'
import { hideBin } from 'yargs/helpers'
import { huntDefects } from './hunt-defects.ts'
import { replaySeed } from './replay-seed.ts'
import { runProtocol } from './run-protocol.ts'
import { runSeeds } from './run-seeds.ts'

const options = await yargs(hideBin(argv))
  .scriptName('npm run sim --')
  .usage(
    'Simulates a scheduler from seeds: the real engine on a virtual clock, killed at any call, with nodes, stores and operators that misbehave.\n\n' +
      'Usage: $0 [options]',
  )
  .options({
    seeds: { type: 'number', default: 100, describe: 'how many seeds' },
    days: { type: 'number', default: 14, describe: 'simulated days of each seed' },
    from: { type: 'number', default: 1, describe: 'the first seed' },
    fresh: { type: 'boolean', default: false, describe: 'begin at a seed that is drawn anew' },
    seed: {
      type: 'number',
      describe: 'one seed, told as a story, made as small as can be where a promise is broken',
    },
    sqlite: {
      type: 'number',
      default: 50,
      describe: 'how many of them run again on SQLite, with equal results',
    },
    protocol: { type: 'boolean', default: false, describe: 'simulate the protocol of nodes instead' },
    defects: {
      type: 'boolean',
      default: false,
      describe: 'plant each known defect and count the seeds until it is found',
    },
    defect: { type: 'string', describe: 'plant this defect' },
    workers: { type: 'number', default: availableParallelism(), describe: 'threads' },
  })
  .check(({ seeds, days, workers, from, sqlite, seed = 1 }) => {
    for (const [name, value] of Object.entries({ seeds, days, workers, from, seed })) {
      if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} is a whole number of 1 or more`)
    }
    if (!Number.isInteger(sqlite) || sqlite < 0) throw new Error('--sqlite is a whole number of 0 or more')
    return true
  })
  .strict()
  .version(false)
  .parseAsync()

const { seeds, days, workers, sqlite, defect = null } = options
const from = options.fresh ? randomInt(1, 2 ** 31) : options.from
const wanted = { from, seeds, days, workers, sqlite, defect }

exit((await main()) ? 0 : 1)

function main(): Promise<boolean> {
  if (options.defects) return huntDefects(wanted)
  if (options.seed !== undefined) return replaySeed({ ...wanted, seed: options.seed })
  return options.protocol ? runProtocol(wanted) : runSeeds(wanted)
}
