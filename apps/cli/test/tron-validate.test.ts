import { mkdirSync, writeFileSync } from 'node:fs'
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
  files: Readonly<Record<string, string>>,
  args: readonly string[],
  options: FakeTerminalOptions = {},
) {
  const folder = temporaryFolder()
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  const { terminal, said } = createFakeTerminal(options)
  const words = args.map((word) => (word.startsWith('-') ? word : join(folder, word)))
  const code = await tronValidate(words, terminal, 'tron validate')
  const plain = (text: string) => text.replaceAll(`${folder}/`, '')
  return { code, stdout: plain(said.out), stderr: plain(said.err) }
}

describe('tron validate', () => {
  it('checks all namespaces of a directory, also a live one with its manifest', async () => {
    const files = { 'MASTER.yaml': MASTER, 'reports.yaml': JOB, '_manifest.yaml': '- no\n', 'notes.txt': ':' }
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
    [['none.yaml'], /^ENOENT/],
    [['b'], 'there is no b/MASTER.yaml to check b/one.yaml with'],
    [['empty'], 'there is no *.yaml in empty'],
    [['a/one.yaml', 'a/one.yml'], 'a/one.yaml and a/one.yml are both the namespace one'],
  ])('refuses %j', async (args, message) => {
    const files = {
      'a/MASTER.yaml': MASTER,
      'a/one.yaml': JOB,
      'a/one.yml': JOB,
      'b/one.yaml': JOB,
      'empty/x': '',
    }
    const error: unknown = await validated(files, args).catch((thrown: unknown) => thrown)
    const plain = error instanceof Error ? error.message.replaceAll(/\/\S+\/tron-cli-\w+\//g, '') : ''
    expect(plain).toMatch(message)
  })

  it('refuses a larger file than is allowed, as the daemon does', async () => {
    const files = { 'MASTER.yaml': `${MASTER}# ${'x'.repeat(2_000)}\n` }
    const small = await validated(files, ['.', '--max-config-size=0.001'])
    expect(small.code).toBe(1)
    expect(small.stderr).toMatch(/^MASTER\.yaml:1:1: [^\n]* larger than /)
    await expect(validated(files, ['.', '--max-config-size=0'])).rejects.toThrow(
      '--max-config-size 0: expected megabytes, at most 1024',
    )
  })

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
