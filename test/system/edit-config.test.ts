import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Daemon,
  requireProgram,
  startDaemon,
  type TemporaryFolder,
  temporaryFolder,
} from '@tron/testkit'
import { describe, expect, it } from 'vitest'
import { tronfig, tronfigWords } from './command-line.ts'
import { onTerminal } from './on-terminal.ts'

const MASTER = `nodes: [localhost]
jobs:
  fine:
    node: localhost
    schedule: cron 0 0 1 1 *
    actions:
      first:
        command: echo fine
`

interface Desk extends AsyncDisposable {
  readonly daemon: Daemon
  readonly path: string
  /** What the command line needs to find the editor and to put its drafts into the folder. */
  readonly env: Record<string, string>
  /** The words that each call of the editor was given but for the file. */
  calls(): Promise<readonly string[]>
}

/** A daemon, and an editor that does what a script says: `$file` is the text, `$round` counts from 1. */
async function openDesk(script: string): Promise<Desk> {
  await using stack = new AsyncDisposableStack()
  const folder: TemporaryFolder = stack.use(await temporaryFolder('tron-desk-'))
  const { path } = folder
  await mkdir(join(path, 'work', 'config'), { recursive: true })
  await writeFile(join(path, 'work', 'config', '_manifest.yaml'), 'MASTER: config/MASTER.yaml\n')
  await writeFile(join(path, 'work', 'config', 'MASTER.yaml'), MASTER)
  const editor = join(path, 'vi')
  await writeFile(
    editor,
    `#!/bin/sh
for file; do :; done
echo "\${*%"$file"}" >>'${path}/calls'
round=$(wc -l <'${path}/calls')
${script}
`,
  )
  await chmod(editor, 0o755)
  const daemon = stack.use(await startDaemon({ workingDir: join(path, 'work') }))
  const owned = stack.move()
  return {
    daemon,
    path,
    env: { EDITOR: editor, TMPDIR: path, HOME: path, PATH: '/usr/local/bin:/usr/bin:/bin' },
    calls: async () => (await readFile(join(path, 'calls'), 'utf8')).trimEnd().split('\n'),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

async function stored(desk: Desk, name = 'MASTER'): Promise<string> {
  return (await tronfig(desk.daemon, ['-p', name])).stdout
}

async function drafts(desk: Desk): Promise<readonly string[]> {
  return (await readdir(desk.path)).filter((name) => name.startsWith('tronfig-'))
}

describe('tronfig with a scripted editor', () => {
  it('uploads what the editor made of the text, without a terminal too', async () => {
    await using desk = await openDesk(`sed -i 's/echo fine/echo finer/' "$file"`)
    const { code, stderr } = await tronfig(desk.daemon, ['--edit', 'MASTER'], desk.env)
    expect({ code, stderr: stderr.split('\n').slice(1) }).toEqual({
      code: 0,
      stderr: ['Configuration uploaded successfully', ''],
    })
    expect(await stored(desk)).toBe(MASTER.replace('echo fine', 'echo finer'))
    expect(await drafts(desk)).toEqual([])
  })

  it('keeps a text that is refused, and tells where', async () => {
    await using desk = await openDesk(`sed -i 's/command:/comand:/' "$file"`)
    const { code, stderr } = await tronfig(desk.daemon, ['--edit', 'MASTER'], desk.env)
    expect(code).toBe(1)
    expect(stderr).toMatch(/\/MASTER\.yaml:8:9: [^\n]*comand[^\n]*\n {10}comand: echo fine\n {10}\^\n/)
    const [, file = ''] = /Your text is kept in (\S+)\n/.exec(stderr) ?? []
    expect(await readFile(file, 'utf8')).toBe(MASTER.replace('command:', 'comand:'))
    expect(await stored(desk)).toBe(MASTER)
  })

  it.skipIf(!requireProgram('script', 'bsdutils'))(
    'on a terminal goes back to the line of an error, then shows the difference and asks',
    async () => {
      await using desk = await openDesk(`
case $round in
1) sed -i 's/cron 0/cron 61/' "$file" ;;
2) sed -i -e 's/cron 61/cron 0/' -e 's/echo fine/echo finer/' "$file" ;;
esac`)
      const { code, screen } = await onTerminal(tronfigWords(desk.daemon, ['MASTER']), {
        env: desk.env,
        talk: [
          ['Edit again?', 'y'],
          ['Upload this as MASTER?', 'y'],
        ],
      })
      expect({ code, calls: (await desk.calls()).map((words) => words.trim()) }).toEqual({
        code: 0,
        calls: ['', '+5'],
      })
      expect(screen).toContain('\u001b[91m-        command: echo fine\u001b[0m\n')
      expect(screen).toContain('\u001b[92m+        command: echo finer\u001b[0m\n')
      expect(await stored(desk)).toBe(MASTER.replace('echo fine', 'echo finer'))
      expect(await drafts(desk)).toEqual([])
    },
  )

  it.skipIf(!requireProgram('script', 'bsdutils'))(
    'on a terminal makes the changes on what somebody else uploaded meanwhile',
    async () => {
      const theirs = `# theirs\n${MASTER}`
      await using desk = await openDesk(`
if [ "$round" = 1 ]; then
  sed -i 's/echo fine/echo finer/' "$file"
  eval "$COLLEAGUE" >/dev/null
fi`)
      const upload = join(desk.path, 'theirs.yaml')
      await writeFile(upload, theirs)
      const words = tronfigWords(desk.daemon, ['--yes', '-n', 'MASTER', upload])
      const { code, screen } = await onTerminal(tronfigWords(desk.daemon, ['MASTER']), {
        env: { ...desk.env, COLLEAGUE: words.map((word) => `'${word}'`).join(' ') },
        talk: [
          ['Go on editing?', 'y'],
          ['Upload this as MASTER?', 'y'],
        ],
      })
      expect(code).toBe(0)
      expect(screen).toContain('MASTER was changed by somebody else meanwhile:')
      expect(screen).toContain('\u001b[92m+# theirs\u001b[0m\n')
      expect(await stored(desk)).toBe(theirs.replace('echo fine', 'echo finer'))
    },
  )

  it.skipIf(!requireProgram('script', 'bsdutils'))(
    'on a terminal survives Ctrl-C in the editor',
    async () => {
      await using desk = await openDesk(`
trap : INT
echo 'press it'
read -r line || true
sed -i 's/echo fine/echo finer/' "$file"`)
      const { code } = await onTerminal(tronfigWords(desk.daemon, ['MASTER']), {
        env: desk.env,
        talk: [
          ['press it', '\u0003'],
          ['Upload this as MASTER?', 'y'],
        ],
      })
      expect([code, await stored(desk)]).toEqual([0, MASTER.replace('echo fine', 'echo finer')])
    },
  )
})
