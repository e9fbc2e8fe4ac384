import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type ConfigFilesOptions,
  type ConfigParser,
  createConfigFiles,
  NO_DOCUMENT_HASH,
  parseHere,
} from '@tron/config'
import { createManualClock, createMemoryLogger } from '@tron/model/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const SVC = 'jobs: {j: {node: localhost, schedule: daily, actions: {a: {command: "ls {shortdate}"}}}}\n'

let home: string

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'tron-remembering-'))
  await mkdir(join(home, 'config'))
  await writeFile(join(home, 'config', 'MASTER.yaml'), 'nodes: [localhost]\n')
})

afterEach(async () => {
  await rm(home, { recursive: true })
})

const cacheFile = () => join(home, 'config.cache')

/** A start of the daemon: what it reads, and how often it had to parse for that. */
function start(options: Partial<ConfigFilesOptions> = {}) {
  const count = { parsed: 0 }
  const log = createMemoryLogger()
  const parser: ConfigParser = {
    read: (source) => {
      count.parsed += 1
      return parseHere.read(source)
    },
  }
  const directory = join(home, 'config')
  const surroundings = { directory, workingDirectory: home, systemZone: 'UTC', daemonUser: 'tron' }
  const clock = createManualClock()
  const files = createConfigFiles({ ...surroundings, clock, log, parser, cacheFile: cacheFile(), ...options })
  return { files, count, log }
}

async function update(namespace: string, text: string): Promise<void> {
  const { files } = start()
  await files.read()
  const hash = (await files.texts()).get(namespace)?.hash ?? NO_DOCUMENT_HASH
  expect((await files.update(namespace, text, hash)).ok).toBe(true)
}

describe('what a configuration says is remembered', () => {
  it('so that the next start with the same files parses nothing and reads the same', async () => {
    const first = start()
    const before = await first.files.read()
    const second = start()
    expect([await second.files.read(), second.count.parsed, first.count.parsed]).toEqual([before, 0, 1])
    expect([...(await second.files.texts()).values()]).toEqual([...(await first.files.texts()).values()])
  })

  it('from an update on', async () => {
    await update('svc', SVC)
    const { files, count } = start()
    expect([Object.keys((await files.read()).jobs), count.parsed]).toEqual([['svc.j'], 0])
  })

  it('with what is wrong and what is remarked on', async () => {
    await update('svc', SVC)
    await writeFile(join(home, 'config', 'svc.yaml'), 'jobs: {j: {node: nowhere}}\n')
    const before = await start().files.read()
    const again = start()
    expect(await again.files.read()).toEqual(before)
    expect([again.count.parsed, before.problems.length > 0]).toEqual([0, true])
  })

  it('not after a file was changed by hand', async () => {
    await update('svc', SVC)
    await writeFile(join(home, 'config', 'svc.yaml'), SVC.replace('ls', 'cat'))
    const { files, count } = start()
    const job = Object.values((await files.read()).jobs)[0]
    expect([job?.actions[0]?.command, count.parsed]).toEqual(['cat {shortdate}', 1])
  })

  it.each<Partial<ConfigFilesOptions>>([
    { systemZone: 'Asia/Tokyo' },
    { daemonUser: 'root' },
    { executors: ['ssh'] },
    { maxBytes: 5_000_000 },
  ])('not where it would say something else: %o', async (options) => {
    await start().files.read()
    const { files, count } = start(options)
    await files.read()
    expect(count.parsed).toBe(1)
  })

  it.each(['', 'no such thing\n{}', 'cut'])('not from a file that is broken: %j', async (broken) => {
    await start().files.read()
    const whole = await readFile(cacheFile(), 'utf8')
    await writeFile(cacheFile(), broken === 'cut' ? whole.slice(0, -5) : broken)
    const { files, count } = start()
    await files.read()
    expect([count.parsed, await readFile(cacheFile(), 'utf8')]).toEqual([1, whole])
  })

  it('where nobody else can read it', async () => {
    await start().files.read()
    expect((await stat(cacheFile())).mode & 0o777).toBe(0o600)
  })

  it('not for the time that the files run by but were broken meanwhile', async () => {
    await update('svc', SVC)
    const { files } = start()
    await files.read()
    await writeFile(join(home, 'config', 'svc.yaml'), 'jobs: {j: {node: nowhere}}\n')
    expect((await files.reread()).kept).toEqual(['svc'])
    const again = start()
    expect(Object.keys((await again.files.read()).jobs)).toEqual([])
  })

  it('at no price: what cannot be kept is parsed again', async () => {
    const there = start({ cacheFile: join(home, 'missing', 'config.cache') })
    await there.files.read()
    const again = start({ cacheFile: join(home, 'missing', 'config.cache') })
    await again.files.read()
    expect([again.count.parsed, again.log.lines.length > 0]).toEqual([1, true])
  })
})
