import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type ConfigDisk,
  createConfigDisk,
  createConfigFiles,
  documentHash,
  NO_DOCUMENT_HASH,
  parseHere,
  readConfigFolder,
} from '@tron/config'
import { type ConfigSnapshot, isTronError } from '@tron/model'
import { createManualClock, createMemoryLogger } from '@tron/model/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const MASTER = 'nodes: [n1, n2]\n'
const SVC = 'jobs: {j: {node: n1, schedule: daily, actions: {a: {command: ls}}}}\n'

let home: string

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'tron-config-'))
})

afterEach(async () => {
  await rm(home, { recursive: true })
})

const inConfig = (file: string) => join(home, 'config', file)

async function put(files: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(join(home, 'config'), { recursive: true })
  for (const [file, text] of Object.entries(files)) await writeFile(inConfig(file), text)
}

function open(disk?: ConfigDisk) {
  return createConfigFiles({
    directory: join(home, 'config'),
    workingDirectory: home,
    systemZone: 'UTC',
    daemonUser: 'tron',
    clock: createManualClock(),
    log: createMemoryLogger(),
    parser: parseHere,
    ...(disk === undefined ? {} : { disk }),
  })
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
    return 'none'
  } catch (error) {
    return isTronError(error) ? error.code : String(error)
  }
}

async function onDisk(): Promise<Record<string, string>> {
  const files = (await readdir(join(home, 'config'))).toSorted()
  const texts = await Promise.all(files.map((file) => readFile(inConfig(file), 'utf8')))
  return Object.fromEntries(files.map((file, index) => [file, texts[index] ?? '']))
}

async function modeOf(file: string): Promise<number> {
  return (await stat(inConfig(file))).mode & 0o777
}

const MANIFEST = 'MASTER: config/MASTER.yaml\n'

describe('a missing configuration folder', () => {
  it('is made, with a manifest and a MASTER that can be read', async () => {
    const snapshot = await open().read()
    expect([snapshot.namespaces, snapshot.nodes, snapshot.problems]).toEqual([['MASTER'], {}, []])
    expect(await readFile(inConfig('_manifest.yaml'), 'utf8')).toBe(MANIFEST)
  })

  it('is not made over one that was made by hand', async () => {
    await put({ 'MASTER.yaml': MASTER, 'svc.yaml': SVC })
    expect(Object.keys((await open().read()).jobs)).toEqual(['svc.j'])
    expect(await onDisk()).toEqual({
      '_manifest.yaml': `${MANIFEST}svc: config/svc.yaml\n`,
      'MASTER.yaml': MASTER,
      'svc.yaml': SVC,
    })
  })
})

describe('an update', () => {
  beforeEach(async () => {
    await put({ '_manifest.yaml': MANIFEST, 'MASTER.yaml': MASTER })
  })

  it('of a new namespace is stored, listed and told', async () => {
    const files = open()
    const told: ConfigSnapshot[] = []
    files.onChange((snapshot) => told.push(snapshot))
    const check = await files.update('svc', SVC, NO_DOCUMENT_HASH)
    expect(check.ok && Object.keys(check.snapshot.jobs)).toEqual(['svc.j'])
    expect(told.map(({ hash }) => hash)).toEqual([check.ok ? check.snapshot.hash : ''])
    expect(await onDisk()).toEqual({
      '_manifest.yaml': `${MANIFEST}svc: config/svc.yaml\n`,
      'MASTER.yaml': MASTER,
      'svc.yaml': SVC,
    })
    expect((await files.texts()).get('svc')).toEqual({ text: SVC, hash: documentHash(SVC) })
  })

  it('leaves a file the mode that somebody gave it, whatever new files get', async () => {
    await chmod(inConfig('MASTER.yaml'), 0o666)
    const files = open()
    await files.update('MASTER', `${MASTER}jobs: {}\n`, documentHash(MASTER))
    expect([await readFile(inConfig('MASTER.yaml'), 'utf8'), await modeOf('MASTER.yaml')]).toEqual([
      `${MASTER}jobs: {}\n`,
      0o666,
    ])
  })

  it('that is wrong changes nothing and leaves nothing', async () => {
    const files = open()
    const before = await onDisk()
    const check = await files.update('svc', SVC.replace('n1', 'n9'), NO_DOCUMENT_HASH)
    expect([
      check.ok,
      check.problems.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`),
    ]).toEqual([false, ['svc:1:18: unknown node or pool "n9"; did you mean "n1"?']])
    expect(await onDisk()).toEqual(before)
  })

  it('says what a check said, and a check changes nothing', async () => {
    const files = open()
    const before = await onDisk()
    const checked = await files.check('svc', SVC, NO_DOCUMENT_HASH)
    expect(await onDisk()).toEqual(before)
    expect(await files.update('svc', SVC, NO_DOCUMENT_HASH)).toEqual(checked)
  })

  it('of something else than what is stored is stale, as a check of it is', async () => {
    const files = open()
    expect([
      await codeOf(files.update('MASTER', MASTER, NO_DOCUMENT_HASH)),
      await codeOf(files.check('MASTER', MASTER, 'x')),
      await codeOf(files.update('MASTER', `${MASTER}# more\n`, documentHash(MASTER))),
    ]).toEqual(['CONFIG_STALE', 'CONFIG_STALE', 'none'])
  })

  it.each(['a.b', '../x', '_manifest/..', ''])('of a namespace named "%s" is refused', async (namespace) => {
    const before = await onDisk()
    expect((await open().update(namespace, 'jobs: {}', NO_DOCUMENT_HASH)).ok).toBe(false)
    expect(await onDisk()).toEqual(before)
  })

  it('of a namespace named like the manifest has a file of its own', async () => {
    expect((await open().update('_manifest', SVC, NO_DOCUMENT_HASH)).ok).toBe(true)
    expect(Object.keys((await open().read()).jobs)).toEqual(['_manifest.j'])
    expect(Object.keys(await onDisk())).toEqual(['%5Fmanifest.yaml', 'MASTER.yaml', '_manifest.yaml'])
  })

  it('with an empty text deletes the namespace, but never MASTER', async () => {
    const files = open()
    await files.update('svc', SVC, NO_DOCUMENT_HASH)
    expect((await files.update('svc', '', documentHash(SVC))).ok).toBe(true)
    expect(await onDisk()).toEqual({ '_manifest.yaml': MANIFEST, 'MASTER.yaml': MASTER })
    const refused = await files.update('MASTER', '', documentHash(MASTER))
    expect(refused.problems.map(({ message }) => message)).toEqual([
      'MASTER cannot be deleted; upload one without jobs instead',
    ])
  })

  it('of MASTER is refused when it breaks a namespace that was good', async () => {
    const files = open()
    await files.update('svc', SVC, NO_DOCUMENT_HASH)
    const check = await files.update('MASTER', 'nodes: [n2]\n', documentHash(MASTER))
    expect([check.ok, check.problems.map(({ message }) => message)]).toEqual([
      false,
      ['unknown node or pool "n1"; did you mean "n2"?'],
    ])
  })

  it('is not blocked by another namespace that is bad', async () => {
    await put({ '_manifest.yaml': `${MANIFEST}bad: config/bad.yaml\n`, 'bad.yaml': 'jobs: 5\n' })
    const check = await open().update('svc', SVC, NO_DOCUMENT_HASH)
    expect(check.ok && check.snapshot.namespaces).toEqual(['MASTER', 'svc'])
  })

  it('leaves running what was broken by hand and not read since', async () => {
    const files = open()
    await files.update('svc', SVC, NO_DOCUMENT_HASH)
    await put({ 'svc.yaml': 'jobs: 5\n' })
    const check = await files.update('other', SVC, NO_DOCUMENT_HASH)
    expect(check.ok && Object.keys(check.snapshot.jobs)).toEqual(['svc.j', 'other.j'])
    expect(check.ok && check.snapshot.problems.map(({ message }) => message)).toEqual([
      'found 5, expected a mapping or a list',
    ])
  })
})

describe('a manifest', () => {
  it('with absolute paths is obeyed, and warned about when they lead elsewhere', async () => {
    await put({ '_manifest.yaml': `MASTER: ${join(home, 'old.yaml')}\n` })
    await writeFile(join(home, 'old.yaml'), MASTER)
    const { nodes, problems } = await open().read()
    expect([
      Object.keys(nodes),
      problems.map(({ severity, line, column }) => [severity, line, column]),
    ]).toEqual([['n1', 'n2'], [['warning', 1, 1]]])
  })

  it('that is no mapping, and a bad MASTER, are refused with their place', async () => {
    await put({ '_manifest.yaml': '- MASTER\n', 'MASTER.yaml': MASTER })
    expect(await codeOf(open().read())).toBe('CONFIG_INVALID')
    await put({ '_manifest.yaml': MANIFEST, 'MASTER.yaml': 'nodse: []\n' })
    await expect(open().read()).rejects.toThrow(
      /MASTER\.yaml:1:1: unknown key "nodse"; did you mean "nodes"\?/,
    )
  })
})

/** A disk that fails at the nth change, as when the process is killed there: what was done stays, what follows is not done. */
function dyingDisk(survives: number): ConfigDisk {
  const disk = createConfigDisk()
  let left = survives
  const guarded = async (change: () => Promise<void>) => {
    left -= 1
    if (left < 0) throw new Error('killed')
    await change()
  }
  return {
    read: (path, maxBytes) => disk.read(path, maxBytes),
    list: (path) => disk.list(path),
    replace: (path, text, mode) => guarded(() => disk.replace(path, text, mode)),
    remove: (path) => guarded(() => disk.remove(path)),
    makeDirectory: (path) => guarded(() => disk.makeDirectory(path)),
  }
}

describe('a file that cannot be put in its place', () => {
  it('leaves no half of it beside that', async () => {
    await mkdir(inConfig('svc.yaml'), { recursive: true })
    await expect(createConfigDisk().replace(inConfig('svc.yaml'), SVC)).rejects.toThrow('EISDIR')
    expect(await readdir(join(home, 'config'))).toEqual(['svc.yaml'])
  })
})

describe('a crash', () => {
  it.each([0, 1])('after %i changes of a first upload leaves the old configuration', async (survives) => {
    await put({ '_manifest.yaml': MANIFEST, 'MASTER.yaml': MASTER })
    expect(await codeOf(open(dyingDisk(survives)).update('svc', SVC, NO_DOCUMENT_HASH))).toBe(
      'CONFIG_INVALID',
    )
    const files = open()
    expect([...(await files.texts()).keys()]).toEqual(['MASTER'])
    expect((await files.update('svc', SVC, NO_DOCUMENT_HASH)).ok).toBe(true)
  })

  it.each([
    [0, ['MASTER', 'svc']],
    [1, ['MASTER']],
  ])(
    'after %i changes of a deletion leaves the old configuration or the new',
    async (survives, namespaces) => {
      await put({
        '_manifest.yaml': `${MANIFEST}svc: config/svc.yaml\n`,
        'MASTER.yaml': MASTER,
        'svc.yaml': SVC,
      })
      await codeOf(open(dyingDisk(survives)).update('svc', '', documentHash(SVC)))
      expect((await open().read()).namespaces).toEqual(namespaces)
    },
  )

  it.each([0, 1, 2])('after %i changes of the very first start is mended by the next', async (survives) => {
    await codeOf(open(dyingDisk(survives)).read())
    expect((await open().read()).namespaces).toEqual(['MASTER'])
  })
})

describe('two namespaces in one file, as Tron 3 made of a.b and a_b', () => {
  const files = {
    'MASTER.yaml': MASTER,
    'a_b.yaml': SVC,
    '_manifest.yaml': `${MANIFEST}a.b: config/a_b.yaml\na_b: ./config/a_b.yaml\n`,
  }

  it('are remarked on where the second is named, and both are read', async () => {
    await put(files)
    const folder = await readConfigFolder(join(home, 'config'), { maxBytes: 10_000 })
    const stored = await open().read()
    const said = {
      severity: 'warning',
      line: 3,
      column: 1,
      path: 'a_b',
      message: `${inConfig('a_b.yaml')} is the file of the namespace a.b already, in line 2: its jobs run in both, and an upload to one changes both; delete this one with tronfig -d a_b, which leaves the file to the other, or, while no daemon runs, name a copy of it here`,
    }
    expect(folder.problems).toEqual([expect.objectContaining(said)])
    expect(stored.problems).toContainEqual(expect.objectContaining(said))
    expect([...folder.documents.keys()]).toEqual(['MASTER', 'a.b', 'a_b'])
  })

  it('keep it when one of them is deleted', async () => {
    await put(files)
    const config = open()
    await config.read()
    const stored = (await config.texts()).get('a_b')
    await config.update('a_b', '', stored?.hash ?? '')
    expect(await onDisk()).toEqual({
      'MASTER.yaml': MASTER,
      'a_b.yaml': SVC,
      '_manifest.yaml': `${MANIFEST}a.b: config/a_b.yaml\n`,
    })
  })
})
