import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { until } from '@tron/testkit'
import type { NodeInNamespace } from '../node-in-namespace.ts'
import { DEADLINE_MS } from '../node-in-namespace.ts'

/** What the hook of one lane is told, by files. Each order takes the place of the one before. */
export interface StepOrders {
  readonly folder: string
  /** Gives an order of the hook's own form. */
  give(order: string): Promise<void>
  /** Whether the last one was carried out. */
  readonly isDone: () => boolean
  /** Whether somebody came by, and there was nobody to kill. */
  readonly isSpared: () => boolean
  /** Orders that whoever reaches this line waits there. */
  hold(line: number): Promise<Held>
  /** The lines that were traced since the last order, with whether a subshell ran them: `sub`, else `same`. */
  traced(): Promise<ReadonlyMap<number, string>>
}

/** Somebody who waits at a line. */
export interface Held {
  reached(): Promise<void>
  letGo(): Promise<void>
  /** Resolves when the shell that was given the program's text is gone. */
  gone(): Promise<void>
}

const PATIENT = { withinMs: DEADLINE_MS }

/** Makes the folder. Each order has a number, so that nobody who is late mixes them up. */
export async function createStepOrders(node: NodeInNamespace, folder: string): Promise<StepOrders> {
  await mkdir(folder)
  let orders = 0
  const file = (name: string, number = orders): string => join(folder, `${name}.${number}`)
  const give: StepOrders['give'] = async (order) => {
    orders += 1
    await writeFile(join(folder, 'next'), `${order} ${orders} .\n`)
    await rename(join(folder, 'next'), join(folder, 'at'))
  }
  await give('- -')
  return {
    folder,
    give,
    isDone: () => existsSync(file('dead')),
    isSpared: () => existsSync(file('spared')),
    async hold(line) {
      const number = orders + 1
      const hold = file('hold', number)
      const reached = file('dead', number)
      await writeFile(hold, '')
      await give(`${line} hold`)
      return {
        async reached() {
          await until(`line ${line} is reached`, () => existsSync(reached), PATIENT)
        },
        letGo: () => rm(hold),
        async gone() {
          const pid = await readFile(reached, 'latin1')
          const look = `test -d /proc/${pid.trim()} && echo there || echo gone`
          await until('it is gone', async () => (await node.inside(look)) === 'gone\n', PATIENT)
        },
      }
    },
    traced: async () => tracedIn(await readFile(file('trace'), 'latin1')),
  }
}

/** A line that anybody but a subshell runs counts as one of the program itself. */
function tracedIn(text: string): ReadonlyMap<number, string> {
  const lines = new Map<number, string>()
  for (const entry of text.split('\n')) {
    const [line = '', where = ''] = entry.split(' ')
    if (line !== '' && lines.get(Number(line)) !== 'same') lines.set(Number(line), where)
  }
  return lines
}
