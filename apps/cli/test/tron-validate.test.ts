import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { tronValidate } from '../src/tron-validate.ts'
import { setUp, temporaryFolder } from './cli-under-test.ts'
import { createFakeTerminal, type FakeTerminalOptions } from './fake-terminal.ts'

const MASTER = 'nodes: [b1]\njobs: {}\n'
const JOB =
  'jobs:\n  hourly:\n    node: b1\n    schedule: "cron 0 * * * *"\n    actions:\n      work:\n        command: "true"\n'
const BAD = JOB.replace('node: b1', 'node: b2')

/** Writes files below a new folder, and checks paths in it. What is said has paths as they were given. */
async function validated(
  files: Readonly<Record<string, string | Uint8Array>>,
  args: readonly string[],
  options: FakeTerminalOptions = {},
) {
  const folder = temporaryFolder()
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  const { terminal, said } = createFakeTerminal(options)
  const words = args.map((word) => {
    if (word.startsWith('-m=')) return `-m=${join(folder, word.slice(3))}`
    return word.startsWith('-') ? word : join(folder, word)
  })
  const code = await tronValidate(words, terminal, 'tron validate')
  const plain = (text: string) => text.replaceAll(`${folder}/`, '')
  return { code, stdout: plain(said.out), stderr: plain(said.err) }
}

describe('tron validate', () => {
  it('checks all namespaces of a directory, also a live one with its manifest', async () => {
    const manifest = 'MASTER: config/MASTER.yaml\nreports: /var/lib/tron/config/reports.yaml\n'
    const files = {
      'MASTER.yaml': MASTER,
      'reports.yaml': JOB,
      '_manifest.yaml': manifest,
      'notes.txt': ':',
    }
    expect(await validated(files, ['.'])).toEqual({ code: 0, stdout: '2 files, no errors\n', stderr: '' })
  })

  it('shows what is wrong with its line and a caret, and fails', async () => {
    const { code, stdout, stderr } = await validated({ 'MASTER.yaml': MASTER, 'reports.yaml': BAD }, ['.'])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(
      /^reports\.yaml:3:11: [^\n]*b2[^\n]* \[jobs\.hourly\.node\]\n {6}node: b2\n {12}\^\n2 files, 1 error\n$/,
    )
  })

  it('prints errors and warnings as JSON', async () => {
    const held = JOB.replace('    actions:', '    max_runtime: 1h\n    actions:')
    const files = { 'MASTER.yaml': MASTER, 'good.yaml': held, 'reports.yaml': BAD }
    const { code, stdout } = await validated(files, ['.', '--json'])
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      errors: [{ file: 'reports.yaml', line: 3, column: 11, path: 'jobs.hourly.node' }],
      warnings: [{ file: 'good.yaml', line: 5, column: 5, path: 'jobs.hourly.max_runtime' }],
    })
    expect(stdout.match(/^ {6}"message": ".+"$/gm)).toHaveLength(2)
    const good = await validated({ 'MASTER.yaml': MASTER }, ['.', '--json'])
    expect(JSON.parse(good.stdout)).toEqual({ ok: true, errors: [], warnings: [] })
  })

  it('counts columns in UTF-16 units in JSON, and shows the caret below the place', async () => {
    const wide =
      'jobs:\n  j: {description: "日本語の説明", node: b2, schedule: daily, actions: {a: {command: x}}}\n'
    const files = { 'MASTER.yaml': MASTER, 'reports.yaml': wide }
    const json = await validated(files, ['.', '--json'])
    expect(JSON.parse(json.stdout)).toMatchObject({ errors: [{ line: 2, column: 36 }] })
    const { stderr } = await validated(files, ['.'])
    expect(stderr).toMatch(/^reports\.yaml:2:36: .*\n {4}j: .*\n {43}\^\n/)
  })

  it('reads as deeply as the daemon does', async () => {
    const deep = `${JOB}    monitoring: {a: ${'['.repeat(1000)}${']'.repeat(1000)}}\n`
    const files = { 'MASTER.yaml': MASTER, 'reports.yaml': deep }
    expect(await validated(files, ['.'])).toEqual({ code: 0, stdout: '2 files, no errors\n', stderr: '' })
  })

  it('says how many warnings there are, which are no failure', async () => {
    const held = JOB.replace('    actions:', '    max_runtime: 1h\n    actions:')
    const { code, stdout } = await validated({ 'MASTER.yaml': MASTER, 'good.yaml': held }, ['.'])
    expect([code, stdout]).toEqual([0, '2 files, no errors, 1 warning\n'])
  })

  it('checks files with the MASTER beside them, among them, or of -m', async () => {
    const files = { 'a/MASTER.yaml': MASTER, 'a/one.yaml': JOB, 'a/two.yaml': JOB, 'b/one.yaml': JOB }
    const valid = async (...args: string[]) => (await validated(files, args)).stdout
    expect(await valid('a/one.yaml')).toBe('2 files, no errors\n')
    expect(await valid('a/one.yaml', 'a/MASTER.yaml', 'a/two.yaml')).toBe('3 files, no errors\n')
    expect(await valid('b/one.yaml', '-m', 'a/MASTER.yaml')).toBe('2 files, no errors\n')
    // Each directory is a configuration of its own: the same name is no clash.
    expect(await valid('a', 'b/one.yaml', '-m', 'a/MASTER.yaml')).toBe('4 files, no errors\n')
  })

  it.each([
    [['a/none.yaml', 'a/one.yaml'], 'a/none.yaml:1:1: there is no such file'],
    [
      ['a/folder.yaml/x', 'a/one.yaml'],
      'a/folder.yaml/x:1:1: the file cannot be read: a directory of its path',
    ],
    [['b'], 'b/MASTER.yaml:1:1: there is no such file, and without MASTER b/one.yaml cannot be checked: '],
    [['a/one.yaml', '-m=none.yaml'], 'none.yaml:1:1: there is no such file'],
    [['empty'], 'empty:1:1: there is no *.yaml here; name the directory that holds MASTER.yaml'],
    [['none'], 'none:1:1: there is no such file'],
    [
      ['a/one.yaml', 'a/one.yml'],
      'a/one.yml:1:1: a/one.yaml is the namespace one, too; a namespace has the name of its file',
    ],
  ])('refuses %j, checks the rest, and says it as JSON, too', async (args, message) => {
    const files = {
      'a/MASTER.yaml': MASTER,
      'a/one.yaml': JOB.replace('node:', 'noed:'),
      'a/one.yml': JOB,
      'a/folder.yaml': '',
      'b/one.yaml': JOB.replace('node:', 'noed:'),
      'empty/x': '',
    }
    const { code, stdout, stderr } = await validated(files, args)
    expect([code, stdout]).toEqual([1, ''])
    const said = stderr.split('\n').filter((line) => /:\d+:\d+: /.test(line))
    expect(said.some((line) => line.startsWith(message))).toBe(true)
    const isMore = args.some((arg) => arg.endsWith('one.yaml')) || args[0] === 'b'
    expect(said.some((line) => line.includes('unknown key "noed"'))).toBe(isMore)
    const asJson: unknown = JSON.parse((await validated(files, [...args, '--json'])).stdout)
    const errors = said.map((line) => ({ line: Number(line.split(':')[1]) }))
    expect(asJson).toMatchObject({ ok: false, errors })
  })

  it.each([
    ['its symbolic links lead back to themselves; make them lead to a file', 'loop'],
    ['its name is too long; shorten it', `two.${'x'.repeat(300)}`],
  ])(
    'takes an argument that cannot be looked at for an error (%s), and checks the rest',
    async (why, name) => {
      const folder = temporaryFolder()
      symlinkSync('loop', join(folder, 'loop'))
      for (const [file, text] of [
        ['MASTER.yaml', MASTER],
        ['bad.yaml', BAD],
      ] as const) {
        writeFileSync(join(folder, file), text)
      }
      const { terminal, said } = createFakeTerminal()
      const args = [join(folder, name), join(folder, 'bad.yaml'), '--json']
      expect(await tronValidate(args, terminal, 'tron validate')).toBe(1)
      const place = { file: args[0], line: 1, column: 1, path: '' }
      expect(JSON.parse(said.out)).toMatchObject({
        ok: false,
        errors: [
          { ...place, message: `the file cannot be read: ${why}` },
          { file: args[1], line: 3 },
        ],
        warnings: [],
      })
    },
  )

  it.each([['loop'], ['loop/x']])('fails for %s in the place of a MASTER, too', async (master) => {
    const folder = temporaryFolder()
    symlinkSync('loop', join(folder, 'loop'))
    writeFileSync(join(folder, 'one.yaml'), JOB)
    const { terminal, said } = createFakeTerminal()
    const args = [join(folder, 'one.yaml'), '-m', join(folder, master)]
    expect(await tronValidate(args, terminal, 'tron validate')).toBe(1)
    expect(said.err).toContain(`${join(folder, master)}:1:1: the file cannot be read: its symbolic links`)
  })

  it('takes standard input that cannot be read for an error', async () => {
    const { terminal, said } = createFakeTerminal()
    const readInput = () => Promise.reject(Object.assign(new Error('EISDIR'), { code: 'EISDIR' }))
    expect(await tronValidate(['-', '--json'], { ...terminal, readInput }, 'tron validate')).toBe(1)
    expect(JSON.parse(said.out)).toMatchObject({
      ok: false,
      errors: [
        {
          file: '<stdin>',
          message: 'the file cannot be read: it is a directory; there must be a file in its place',
        },
      ],
    })
  })

  it('says where a file is not UTF-8, and checks the others', async () => {
    const files = {
      'MASTER.yaml': MASTER,
      'bad.yaml': BAD,
      'latin.yaml': Buffer.from('jobs: {}\n# \u00e9\n', 'latin1'),
    }
    const { code, stderr } = await validated(files, ['.'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^bad\.yaml:3:11: /m)
    expect(stderr).toMatch(
      /^latin\.yaml:2:3: the file is not UTF-8: here stands the byte E9; save it as UTF-8$/m,
    )
  })

  it('tells what a manifest says that is not so, and what it does not say', async () => {
    const manifest = 'MASTER: config/MASTER.yaml\ngone: config/gone.yaml\n'
    const files = { '_manifest.yaml': manifest, 'MASTER.yaml': MASTER, 'new.yaml': BAD, 'old.yml': 'x' }
    const { code, stderr } = await validated(files, ['.'])
    expect([code, stderr.split('\n').filter((line) => /:\d+:\d+: /.test(line))]).toEqual([
      1,
      [
        '_manifest.yaml:1:1: warning: new.yaml is not read: it is not listed here; upload it with tronfig, or add a line like the others',
        '_manifest.yaml:1:1: warning: old.yml is not read: files of a configuration end in .yaml; call it old.yaml',
        'gone.yaml:1:1: there is no such file, and _manifest.yaml says that it holds gone; put it back, delete the namespace with tronfig -d gone, or, while no daemon runs, take its line out of _manifest.yaml',
        'new.yaml:3:11: unknown node or pool "b2"; did you mean "b1"? [jobs.hourly.node]',
      ],
    ])
  })

  it('refuses a manifest that is none, and checks the files all the same', async () => {
    const { code, stderr } = await validated(
      { '_manifest.yaml': '- no\n', 'MASTER.yaml': MASTER, 'bad.yaml': BAD },
      ['.'],
    )
    expect(code).toBe(1)
    expect(stderr).toMatch(/^_manifest\.yaml:1:1: found a list, expected a mapping from namespace to path$/m)
    expect(stderr).toMatch(/^bad\.yaml:3:11: /m)
  })

  it('refuses names of files that a daemon would not start with', async () => {
    const files = {
      'MASTER.yaml': MASTER,
      'my sales.yaml': JOB,
      'a.b.yaml': JOB,
      'Old.YML': JOB,
      'Big.yaml': JOB,
    }
    const { code, stderr } = await validated(files, ['.'])
    const expected =
      'cannot name a namespace; expected letters, digits, _ and -, starting with a letter or _, at most 246; rename the file'
    expect([code, stderr.split('\n')]).toEqual([
      1,
      [
        'Old.YML:1:1: files of a configuration end in .yaml; call it Old.yaml',
        `a.b.yaml:1:1: "a.b" ${expected}`,
        `my sales.yaml:1:1: "my sales" ${expected}`,
        '2 files, 3 errors',
        '',
      ],
    ])
  })

  it('checks standard input as MASTER, or as the namespace that is named', async () => {
    const files = { 'MASTER.yaml': MASTER }
    const master = await validated(files, ['-'], { input: Buffer.from('nodes: 5\n') })
    expect([master.code, master.stderr.split(',')[0]]).toEqual([1, '<stdin>:1:8: found 5'])
    const named = await validated(files, ['-', '-n=reports', '-m=MASTER.yaml'], { input: Buffer.from(BAD) })
    expect([named.code, named.stderr.split(' ')[0]]).toEqual([1, '<stdin>:3:11:'])
    const good = await validated(files, ['-', '-n=reports', '-m=MASTER.yaml'], { input: Buffer.from(JOB) })
    expect(good).toEqual({ code: 0, stdout: '2 files, no errors\n', stderr: '' })
  })

  it('waits for a pipe that is named, as a shell makes one', async () => {
    const pipe = join(temporaryFolder(), 'MASTER.yaml')
    execFileSync('mkfifo', [pipe])
    const { terminal, said } = createFakeTerminal()
    const [code] = await Promise.all([
      tronValidate([pipe], terminal, 'tron validate'),
      writeFile(pipe, 'nodes: 5\n'),
    ])
    expect([code, said.err.split(',')[0]]).toEqual([1, `${pipe}:1:8: found 5`])
  })

  it('refuses a larger file than is allowed, as the daemon does', async () => {
    const files = { 'MASTER.yaml': `${MASTER}# ${'x'.repeat(2_000)}\n` }
    const small = await validated(files, ['.', '--max-config-size=0.001'])
    expect(small.code).toBe(1)
    expect(small.stderr).toMatch(/^MASTER\.yaml:1:1: [^\n]* larger than /)
  })

  it.each(['0', 'abc', '-1', '1025', '', '1e9'])(
    'refuses --max-config-size=%s as a mistake in the words',
    async (size) => {
      const { code, stdout, stderr } = await validated({ 'MASTER.yaml': MASTER }, [
        '.',
        `--max-config-size=${size}`,
      ])
      expect([code, stdout]).toEqual([2, ''])
      expect(stderr).toContain(
        `--max-config-size takes megabytes, more than 0 and at most 1024, not "${size}"`,
      )
    },
  )

  it('shows colour on a terminal only', async () => {
    const files = { 'MASTER.yaml': 'jobs: [\n' }
    expect((await validated(files, ['.'], { isErrorScreen: true })).stderr).toContain('\u001b[91m')
    expect((await validated(files, ['.', '--nocolor'], { isErrorScreen: true })).stderr).not.toContain(
      '\u001b',
    )
    // What goes to a file has none, whatever else is shown on a screen.
    expect((await validated(files, ['.'], { isScreen: true })).stderr).not.toContain('\u001b')
  })

  it('is a command of tron that needs no server, and checks this directory by default', async () => {
    const { run } = await setUp()
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'MASTER.yaml'), MASTER)
    expect(await run('tron', ['validate'], { cwd: folder })).toEqual({
      code: 0,
      stdout: '1 file, no errors\n',
      stderr: '',
    })
    writeFileSync(join(folder, 'MASTER.yaml'), 'jobs: [')
    expect(await run('tron', ['validate'], { cwd: folder })).toMatchObject({ code: 1, stdout: '' })
  })
})
