import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, open, rm, symlink } from 'node:fs/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { configFolder, jobOn, MANIFEST, MASTER, upload } from './config-folder.ts'

const LISTED = `${MANIFEST}one: config/one.yaml\ntwo: config/two.yaml\n`
const GOOD = {
  '_manifest.yaml': LISTED,
  'MASTER.yaml': MASTER,
  'one.yaml': jobOn('n1'),
  'two.yaml': jobOn('n1'),
}

/** A folder that is read, and what its listeners have been told. */
async function running(files: Readonly<Record<string, string>> = GOOD) {
  const folder = await configFolder(files)
  await folder.config.read()
  const told: (readonly string[])[] = []
  folder.config.onChange(({ jobs }) => told.push(Object.keys(jobs)))
  return { ...folder, told }
}

/** A pipe that nobody writes into; whoever waits for that at the end of the test is released. */
async function makePipe(path: string): Promise<void> {
  execFileSync('mkfifo', [path])
  onTestFinished(async () => {
    if (existsSync(path)) await (await open(path, 'r+')).close()
  })
}

describe('a file that cannot be read', () => {
  const ways = {
    'is a folder': (file: string) => mkdir(file),
    'is a link to itself': (file: string) => symlink(file, file),
    'is a pipe': (file: string) => makePipe(file),
    'is a device': (file: string) => symlink('/dev/null', file),
    'is gone': () => Promise.resolve(),
  }
  const why = {
    'is a folder': 'the file cannot be read: it is a directory; there must be a file in its place',
    'is a link to itself':
      'the file cannot be read: its symbolic links lead back to themselves; make them lead to a file',
    'is a pipe': 'the file cannot be read: it is no regular file',
    'is a device': 'the file cannot be read: it is no regular file',
    'is gone':
      'there is no such file, and _manifest.yaml says that it holds one; put it back, delete the namespace with tronfig -d one, or, while no daemon runs, take its line out of _manifest.yaml',
  }

  it.each(['is a folder', 'is a link to itself', 'is a pipe', 'is a device', 'is gone'] as const)(
    'because it %s is an error of its namespace alone',
    async (way) => {
      const { config, inFolder, said } = await configFolder(GOOD)
      await rm(inFolder('one.yaml'))
      await ways[way](inFolder('one.yaml'))
      const { namespaces, leftOut, problems } = await config.read()
      expect([namespaces, leftOut, said(problems)]).toEqual([
        ['MASTER', 'two'],
        ['one'],
        [`error config/one.yaml:1:1: ${why[way]}`],
      ])
      expect([...(await config.texts()).keys()]).toEqual(['MASTER', 'one', 'two'])
      const uploaded = await upload(config, 'two', jobOn('n2', 'k'))
      expect(uploaded.ok && Object.keys(uploaded.snapshot.jobs)).toEqual(['two.k'])
    },
  )

  it.each(['is a folder', 'is a link to itself', 'is a pipe', 'is a device', 'is gone'] as const)(
    'because it %s now leaves running what it said',
    async (way) => {
      const { config, inFolder, told } = await running()
      await rm(inFolder('one.yaml'))
      await ways[way](inFolder('one.yaml'))
      expect((await upload(config, 'two', jobOn('n2', 'k'))).ok).toBe(true)
      expect((await config.reread()).kept).toEqual(['one'])
      expect(told).toEqual([
        ['one.j', 'two.k'],
        ['one.j', 'two.k'],
      ])
    },
  )

  it.each(['is a folder', 'is a link to itself', 'is a pipe', 'is a device', 'is gone'] as const)(
    'because it %s can be deleted as any namespace',
    async (way) => {
      const { config, inFolder, textOf, log } = await running()
      await rm(inFolder('one.yaml'))
      await ways[way](inFolder('one.yaml'))
      const deleted = await upload(config, 'one', '')
      expect(deleted.ok && deleted.snapshot.namespaces).toEqual(['MASTER', 'two'])
      expect(await textOf('_manifest.yaml')).toBe(`${MANIFEST}two: config/two.yaml\n`)
      const left = log.lines.filter(({ message }) => message.includes('still there'))
      expect(left.length).toBe(way === 'is a folder' ? 1 : 0)
    },
  )

  it('because it is gone comes back with an upload', async () => {
    const { config, inFolder, textOf } = await running()
    await rm(inFolder('one.yaml'))
    expect((await upload(config, 'one', jobOn('n2'))).ok).toBe(true)
    expect(await textOf('one.yaml')).toBe(jobOn('n2'))
  })
})

describe('reading again', () => {
  it('takes over what is good, and goes on with what ran where there are errors', async () => {
    const { config, put, told, said } = await running()
    await put({ 'one.yaml': 'jobs: 5\n', 'two.yaml': jobOn('n2', 'k') })
    const reread = await config.reread()
    expect([reread.ok, reread.kept, told]).toEqual([true, ['one'], [['one.j', 'two.k']]])
    expect(said(reread.problems)).toEqual([
      'error config/one.yaml:1:7: found 5, expected a mapping or a list',
    ])
    expect(reread.ok && reread.snapshot.problems).toEqual(reread.problems)
  })

  it('is told of as long as it is wrong, and since when', async () => {
    const { config, clock, inFolder, put, said } = await running()
    const told = () =>
      config
        .faults()
        .map((fault) => `${new Date(fault.sinceMs).toISOString().slice(11, 16)} ${said([fault])[0]}`)
    const reread = async (files: Readonly<Record<string, string>>) => {
      await put(files)
      await clock.advance(60_000)
      await config.reread().catch(() => undefined)
      return told()
    }
    const one = 'config/one.yaml:1:18: unknown node or pool "n7"; did you mean "n1"?'
    expect(told()).toEqual([])
    expect(await reread({ 'one.yaml': jobOn('n7') })).toEqual([`00:01 error ${one}`])
    await upload(config, 'two', jobOn('n2', 'k'))
    expect(told()).toEqual([`00:01 error ${one}`])
    expect(await reread({ 'one.yaml': `\n${jobOn('n7')}`, 'two.yaml': 'jobs: 5\n' })).toEqual([
      `00:01 error ${one.replace(':1:', ':2:')}`,
      '00:02 error config/two.yaml:1:7: found 5, expected a mapping or a list',
    ])
    await rm(inFolder('_manifest.yaml'))
    await mkdir(inFolder('_manifest.yaml'))
    expect((await reread({})).map((line) => line.slice(0, 60))).toEqual([
      '00:03 error config:1:1: cannot read config/_manifest.yaml: E',
      `00:01 error ${one.replace(':1:', ':2:')}`.slice(0, 60),
      '00:02 error config/two.yaml:1:7: found 5, expected a mapping',
    ])
    await rm(inFolder('_manifest.yaml'), { recursive: true })
    await put({ '_manifest.yaml': LISTED, 'two.yaml': jobOn('n1') })
    await upload(config, 'one', jobOn('n1'))
    expect(told()).toEqual([])
  })

  it('logs what is wrong', async () => {
    const { config, put, log } = await running()
    await put({ 'one.yaml': 'jobs: 5\n' })
    await config.reread()
    expect(log.lines.filter(({ level }) => level === 'error').map(({ fields }) => fields['line'])).toEqual([
      1,
    ])
  })

  it('goes on with MASTER as it ran when that has errors, and takes over the rest', async () => {
    const { config, put, told } = await running()
    await put({ 'MASTER.yaml': 'nodes: [', 'two.yaml': jobOn('n2', 'k') })
    expect((await config.reread()).kept).toEqual(['MASTER'])
    expect(told).toEqual([['one.j', 'two.k']])
  })

  it('goes on with MASTER as it ran when it makes a namespace wrong that is as it was', async () => {
    const { config, put, told, said } = await running()
    await put({ 'MASTER.yaml': 'nodes: [n2]\n', 'two.yaml': jobOn('n2', 'k') })
    const reread = await config.reread()
    expect([reread.kept, told, said(reread.problems)]).toEqual([
      ['MASTER'],
      [['one.j', 'two.k']],
      [
        'error config/one.yaml:1:18: unknown node or pool "n1"; did you mean "n2"?',
        'error config/MASTER.yaml:1:1: this makes one wrong; MASTER goes on as it ran',
      ],
    ])
  })

  it('goes on with a namespace as it ran that needs the MASTER which is not taken over', async () => {
    const { config, put, told } = await running()
    await put({ 'MASTER.yaml': 'nodes: [n2, n3]\n', 'two.yaml': jobOn('n3', 'k') })
    expect((await config.reread()).kept).toEqual(['MASTER', 'two'])
    expect(told).toEqual([['one.j', 'two.j']])
  })

  it('leaves out a new namespace that has errors', async () => {
    const { config, put, told } = await running()
    await put({ '_manifest.yaml': `${LISTED}new: config/new.yaml\n`, 'new.yaml': 'jobs: 5\n' })
    const reread = await config.reread()
    expect([reread.kept, reread.ok && reread.snapshot.leftOut, told]).toEqual([
      [],
      ['new'],
      [['one.j', 'two.j']],
    ])
    const uploaded = await upload(config, 'two', jobOn('n2', 'k'))
    expect(uploaded.ok && Object.keys(uploaded.snapshot.jobs)).toEqual(['one.j', 'two.k'])
  })

  it('drops what is no longer listed, whatever is wrong elsewhere', async () => {
    const { config, put, told } = await running()
    await put({ '_manifest.yaml': LISTED.replace('two: config/two.yaml\n', ''), 'one.yaml': 'jobs: 5\n' })
    const reread = await config.reread()
    expect([reread.ok && reread.snapshot.namespaces, told]).toEqual([['MASTER', 'one'], [['one.j']]])
  })

  it('changes nothing without a MASTER', async () => {
    const { config, put, told } = await running()
    await put({ '_manifest.yaml': LISTED.replace(MANIFEST, '') })
    expect([(await config.reread()).ok, told]).toEqual([false, []])
  })
})

describe('an upload', () => {
  it('is not blocked by a MASTER that was changed by hand and makes others wrong', async () => {
    const { config, put } = await running()
    await put({ 'MASTER.yaml': 'nodes: [n2]\n' })
    const uploaded = await upload(config, 'two', jobOn('n2', 'k'))
    expect(uploaded.ok && Object.keys(uploaded.snapshot.jobs)).toEqual(['one.j', 'two.k'])
  })

  it('is not blocked by a namespace that was listed by hand and has errors', async () => {
    const { config, put } = await running()
    await put({ '_manifest.yaml': `${LISTED}new: config/new.yaml\n` })
    expect((await upload(config, 'two', jobOn('n2', 'k'))).ok).toBe(true)
  })

  it('writes its warnings to the log as a reading does, and tells its author of the namespace', async () => {
    const { config, log, inFolder } = await running()
    const held = jobOn('n1').replace('schedule', 'all_nodes: true, schedule')
    const { problems } = await upload(config, 'two', held)
    expect(problems.map(({ file, path }) => [file, path])).toEqual([['two', 'jobs.j.all_nodes']])
    const remark = ['warn', 'configuration remark', inFolder('two.yaml'), 'jobs.j.all_nodes']
    const logged = () =>
      log.lines.map(({ level, message, fields }) => [level, message, fields['file'], fields['path']])
    expect(logged()).toEqual([remark])
    await config.reread()
    expect(logged()).toEqual([remark, remark])
  })

  it('says that it replaces a file which the manifest does not list', async () => {
    const { config, put, said, textOf } = await running()
    await put({ 'new.yaml': jobOn('n1', 'mine') })
    const uploaded = await upload(config, 'new', jobOn('n1'))
    expect(said(uploaded.problems)).toEqual([
      'warning new:1:1: there is a file of this name already, which _manifest.yaml does not list; an upload replaces it',
    ])
    expect(await textOf('new.yaml')).toBe(jobOn('n1'))
  })
})

describe('files that the manifest does not list', () => {
  it('are told, with what to do', async () => {
    const { config, said } = await configFolder({
      ...GOOD,
      '_manifest.yaml': `${MANIFEST}one: config/two.yaml\n`,
      'three.yaml': jobOn('n1'),
      'My sales.yaml': jobOn('n1'),
      'four.yml': jobOn('n1'),
      'notes.txt': '',
      '.hidden.yaml': '',
    })
    const { problems, namespaces } = await config.read()
    const at = 'warning config/_manifest.yaml:1:1:'
    expect([namespaces, said(problems)]).toEqual([
      ['MASTER', 'one'],
      [
        `${at} My sales.yaml is not read: "My sales" cannot name a namespace; expected letters, digits, _ and -, starting with a letter or _, at most 246; rename the file`,
        `${at} four.yml is not read: files of a configuration end in .yaml; call it four.yaml`,
        `${at} one.yaml is not read: the namespace one is in config/two.yaml`,
        `${at} three.yaml is not read: it is not listed here; upload it with tronfig, or add a line like the others`,
      ],
    ])
  })
})

describe('a folder without a manifest', () => {
  it('whose files are called otherwise than namespaces is refused and left as it is', async () => {
    const { config, names, directory } = await configFolder({
      'MASTER.yml': MASTER,
      'a.b.yaml': jobOn('n1'),
      'my sales.yaml': jobOn('n1'),
      'Sales.yaml': jobOn('n1'),
      'x%.yaml': jobOn('n1'),
      'README.md': '',
    })
    const before = await names()
    const expected =
      'cannot name a namespace; expected letters, digits, _ and -, starting with a letter or _, at most 246; rename the file'
    await expect(config.read()).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: [
        `${directory}/MASTER.yml:1:1: files of a configuration end in .yaml; call it MASTER.yaml`,
        `${directory}/a.b.yaml:1:1: "a.b" ${expected}`,
        `${directory}/my sales.yaml:1:1: "my sales" ${expected}`,
        `${directory}/x%.yaml:1:1: "x%" ${expected}`,
      ].join('\n'),
    })
    expect(await names()).toEqual(before)
  })
})

it('a namespace may be called as long as its files can be, and no longer', async () => {
  const { config, said } = await configFolder(GOOD)
  await config.read()
  expect((await upload(config, 'n'.repeat(246), jobOn('n2'))).ok).toBe(true)
  const longer = await upload(config, 'n'.repeat(247), jobOn('n2'))
  expect([longer.ok, said(longer.problems).at(-1)]).toEqual([
    false,
    expect.stringMatching(/ cannot name a namespace; .*, at most 246$/),
  ])
})
