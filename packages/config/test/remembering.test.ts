import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ConfigParser, createConfigFiles, createConfigParser, parseHere } from '@tron/config'
import { createMemoryLogger } from '@tron/model/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const SVC = 'jobs: {j: {node: n1, schedule: daily, actions: {a: {command: ls}}}}\n'

let home: string

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'tron-config-'))
  await mkdir(join(home, 'config'))
  await put('_manifest.yaml', 'MASTER: config/MASTER.yaml\nsvc: config/svc.yaml\n')
  await put('MASTER.yaml', 'nodes: [n1]\n')
  await put('svc.yaml', SVC)
})

afterEach(async () => {
  await rm(home, { recursive: true })
})

const put = (file: string, text: string) => writeFile(join(home, 'config', file), text)

/** Opens the files as a daemon that starts does; `parsed` counts what was parsed. */
function start(daemonUser = 'tron') {
  const counted = { parsed: 0 }
  const parser: ConfigParser = {
    read(source) {
      counted.parsed += 1
      return parseHere.read(source)
    },
  }
  const files = createConfigFiles({
    directory: join(home, 'config'),
    workingDirectory: home,
    systemZone: 'UTC',
    daemonUser,
    cacheFile: join(home, 'config.cache'),
    log: createMemoryLogger(),
    parser,
  })
  return { files, counted }
}

describe('a start', () => {
  it('parses nothing when the files are what they were', async () => {
    const first = start()
    const before = await first.files.read()
    const second = start()
    expect(await second.files.read()).toEqual(before)
    expect([first.counted.parsed, second.counted.parsed]).toEqual([1, 0])
  })

  it('parses what was edited, and what another user of the daemon would read otherwise', async () => {
    await start().files.read()
    await put('svc.yaml', SVC.replace('daily', 'cron 0 5 * * *'))
    const edited = start()
    const snapshot = await edited.files.read()
    expect(Object.values(snapshot.jobs)[0]?.schedule.value).toBe('0 5 * * *')
    const other = start('ann')
    await other.files.read()
    expect([edited.counted.parsed, other.counted.parsed]).toEqual([1, 1])
  })

  it('parses when what was kept is damaged', async () => {
    const before = await start().files.read()
    const cache = await readFile(join(home, 'config.cache'))
    await writeFile(join(home, 'config.cache'), cache.subarray(0, cache.length - 20))
    const again = start()
    expect(await again.files.read()).toEqual(before)
    expect(again.counted.parsed).toBe(1)
  })
})

describe('the thread that parses', () => {
  it('reads a thousand levels, and refuses more than it is asked to read', async () => {
    const nested = (depth: number) => {
      const value = `${'['.repeat(depth)}${']'.repeat(depth)}`
      return `jobs: {j: {node: n1, schedule: daily, actions: {a: {command: ls}}, monitoring: {x: ${value}}}}\n`
    }
    const read = (depth: number) =>
      createConfigParser().read({
        documents: new Map([
          ['MASTER', { text: 'nodes: [n1]\n', file: 'MASTER.yaml' }],
          ['svc', { text: nested(depth), file: 'svc.yaml' }],
        ]),
        systemZone: 'UTC',
        daemonUser: 'tron',
      })
    expect((await read(1_000)).problems).toEqual([])
    expect((await read(100_000)).problems.map(({ message }) => message)).toEqual([
      'nested more than 1500 levels deep',
    ])
  })
})
