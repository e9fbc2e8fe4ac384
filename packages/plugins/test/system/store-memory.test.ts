import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Daemon, httpJson, startDaemon, until } from '@tron/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildDaemon, createPluginWorkshop, type PluginWorkshop } from '../plugin-workshop.ts'

const MASTER = `
nodes:
  - { name: here, hostname: localhost, executor: local }
jobs:
  hello:
    node: here
    schedule: cron 0 3 1 1 *
    actions:
      greet: { command: echo hello }
`

let workshop: PluginWorkshop

beforeAll(async () => {
  await buildDaemon()
  workshop = await createPluginWorkshop({
    example: 'store-memory',
    name: 'tron-store-memory',
    contract: 'store',
  })
  await mkdir(join(workshop.from, 'config'))
  await writeFile(join(workshop.from, 'config/_manifest.yaml'), 'MASTER: config/MASTER.yaml\n')
  await writeFile(join(workshop.from, 'config/MASTER.yaml'), MASTER)
  await writeFile(join(workshop.from, 'trond.yaml'), 'store: { name: tron-store-memory }\n')
}, 300_000)
afterAll(() => workshop[Symbol.asyncDispose]())

function start(...args: readonly string[]): Promise<Daemon> {
  return startDaemon({ workingDir: workshop.from, built: true, args })
}

/** Starts the job and waits until its run has succeeded; gives the run's name. */
async function runOnce({ url, stderr }: Daemon): Promise<string> {
  const { body } = await httpJson(`${url}/api/jobs/MASTER.hello`, { form: { command: 'start' } })
  const [name = ''] = /MASTER\.hello\.\d+/.exec(JSON.stringify(body)) ?? []
  const path = `/api/jobs/${name.replace(/\.(\d+)$/, '/$1')}`
  const hasSucceeded = async () =>
    JSON.stringify((await httpJson(`${url}${path}`)).body).includes('"state":"succeeded"')
  await until(`${name} succeeded`, hasSucceeded, { withinMs: 30_000, everyMs: 100, explain: stderr })
  return name
}

describe('a daemon that keeps its records in the store of a third party', () => {
  it('runs actions to success, and when it starts again is a stranger to its nodes until it takes them over, and learns from them what ran', async () => {
    {
      await using daemon = await start()
      expect([await runOnce(daemon), await runOnce(daemon)]).toEqual(['MASTER.hello.1', 'MASTER.hello.2'])
    }
    {
      await using again = await start()
      const isFenced = async () =>
        JSON.stringify((await httpJson(`${again.url}/api/status`)).body).includes('"fenced"')
      await until('the daemon is fenced', isFenced, { withinMs: 30_000, everyMs: 100, explain: again.stdout })
    }
    await using taking = await start('--take-over')
    // Its nodes tell it of both runs, and numbers go on with a gap: one is the next slot's.
    expect(await runOnce(taking)).toBe('MASTER.hello.104')
  })
})
