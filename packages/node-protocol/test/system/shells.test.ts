import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { requireNamespaces, requireProgram, until } from '@tron/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  DEADLINE_MS,
  type NodeInNamespace,
  newRequest,
  openNode,
  type Scheduler,
  TARGET,
} from './node-in-namespace.ts'

/** The bit of SIGQUIT in a set of signals. Busybox's shell ignores it for what it starts when its own parent was such a shell. */
const QUIT = 0b100

const SHELLS = [
  { program: 'dash', debianPackage: 'dash', ownIgnored: 0 },
  { program: 'bash', debianPackage: 'bash', ownIgnored: 0 },
  { program: 'busybox', debianPackage: 'busybox', ownIgnored: QUIT },
]

/** What a login may export, as it does for people who number their machines or name their stages: the protocol's program has names like these. */
const LOGIN_NAMES = `
  id d t x l n f g p r s c up go sh nl env cmd pid base boot born dirs gen gone holder home inst
  kind line link node meta more root state text token why words files found fence nonce machine
  pending request setsid spool supervise launcher follower missing t_n t_id t_d t_cmd t_kind
  t_code t_base t_line t_run t_x t_i t_pid`
  .trim()
  .split(/\s+/)
const LOGIN = Object.fromEntries(LOGIN_NAMES.map((name) => [name, `login's ${name}`]))

describe.each(SHELLS)(
  'commands on a node whose shell is $program',
  ({ program, debianPackage, ownIgnored }) => {
    describe.skipIf(!requireProgram(program, debianPackage) || !requireNamespaces())('in a namespace', () => {
      let node: NodeInNamespace
      let scheduler: Scheduler
      beforeAll(async () => {
        node = await openNode({ program })
        scheduler = await node.open()
      })
      afterAll(async () => {
        await scheduler[Symbol.asyncDispose]()
        await node[Symbol.asyncDispose]()
      })

      it.each([0, 7, 255])('end with status %i as they say', async (code) => {
        const request = await scheduler.finish(`exit ${code}`)
        expect(await scheduler.exitOf(request)).toEqual({ type: 'exited', code })
      })

      it('write any bytes to both streams, and every one is kept', async () => {
        const streams = { stdout: randomBytes(64 * 1024), stderr: randomBytes(64 * 1024) }
        await writeFile(join(node.home, 'first'), streams.stdout)
        await writeFile(join(node.home, 'second'), streams.stderr)
        const request = await scheduler.finish('cat first; cat second >&2')
        const { sizes } = await scheduler.wait('closed', request.id)
        expect(sizes).toEqual({ stdout: 64 * 1024, stderr: 64 * 1024 })
        expect((await scheduler.bytes(request)).equals(streams.stdout)).toBe(true)
        expect((await scheduler.bytes(request, 'stderr')).equals(streams.stderr)).toBe(true)
      })

      it('lose no line by opening a stream anew', async () => {
        const request = await scheduler.finish(
          'echo a; echo b >/dev/stdout; echo c; echo d >/dev/stderr; echo e >&2',
        )
        expect(await scheduler.text(request)).toBe('a\nb\nc\n')
        expect(await scheduler.text(request, 'stderr')).toBe('d\ne\n')
      })

      it('get their environment unchanged', async () => {
        const env = {
          QUOTES: `'"\`$(echo no) \${HOME} \\ '\\''`,
          LINES: '\nsecond\n\n  fourth \n',
          WORLD: 'naïve 日本語 🚀\u0001\t',
          EMPTY: '',
        }
        const request = await scheduler.finish(`printf '%s|' "$QUOTES" "$LINES" "$WORLD" "\${EMPTY-unset}"`, {
          env,
        })
        expect(await scheduler.text(request)).toBe(
          Object.values(env)
            .map((value) => `${value}|`)
            .join(''),
        )
      })

      it('are run as they are written, quotes and backslashes and lines and all', async () => {
        const command = String.raw`printf '%s|' 'it'\''s' "a\\b" \' 'c\nd' "$(printf 'e\\\n')" .
# a comment that does not end' "
cat <<'END'
\ ' " $HOME é
END`
        const request = await scheduler.finish(command)
        expect(await scheduler.text(request)).toBe(String.raw`it's|a\b|'|c\nd|e\|.|\ ' " $HOME é` + '\n')
      })

      it('may be 300 KB long', async () => {
        const filler = `'\\é${'x'.repeat(95)}\n`.repeat(3_000)
        const request = await scheduler.finish(`cat <<'END' | wc -c\n${filler}END\nexit 9`)
        expect((await scheduler.text(request)).trim()).toBe(String(Buffer.byteLength(filler)))
        expect(await scheduler.exitOf(request)).toEqual({ type: 'exited', code: 9 })
      })

      it('alone carry the marker, and nothing that waits for them', async () => {
        const request = await scheduler.run('echo $$ "$TRON_ATTEMPT"; exec sleep 1000')
        const hunt = `grep -lsF TRON_ATTEMPT /proc/[0-9]*/environ | cut -d/ -f3`
        const [pid, marker] = await firstWords(scheduler, request)
        const carriers = (await node.inside(hunt)).trim().split('\n')
        await scheduler.executor.stop({ id: request.id, target: TARGET }, { signal: 'KILL', graceMs: 0 })
        expect({ carriers, marker }).toEqual({ carriers: [pid], marker: `${request.id}.` })
        expect(await scheduler.exitOf(request)).toEqual({ type: 'exited', code: 137 })
      })

      // Bash never dies of SIGQUIT itself, so that one is only seen among the dispositions.
      it.each([
        ['INT', 130],
        ['TERM', 143],
        ['HUP', 129],
      ])('die of SIG%s unless they do something about it', async (name, code) => {
        const request = await scheduler.finish(`kill -s ${name} $$; echo lived`)
        expect(await scheduler.exitOf(request)).toEqual({ type: 'exited', code })
        expect(await scheduler.text(request)).toBe('')
      })

      it('start programs that block no signal, and ignore none but where the shell itself does so', async () => {
        const request = await scheduler.finish("grep -E '^Sig(Ign|Blk)' /proc/self/status")
        const [blocked, ignored] = (await scheduler.text(request))
          .split('\n')
          .map((line) => line.split('\t')[1])
        expect({ blocked, ignored: Number(`0x${ignored}`) & ~ownIgnored }).toEqual({
          blocked: '0'.repeat(16),
          ignored: 0,
        })
      })

      it('read nothing', async () => {
        const request = await scheduler.finish('cat | wc -c; read line; echo $?')
        expect((await scheduler.text(request)).split(/\s+/)).toEqual(['0', '1', ''])
      })

      it('see what the login exports, also where the program has names of its own like that', async () => {
        await using crowded = await openNode({ program, env: LOGIN })
        await using its = await crowded.open()
        const request = await its.finish(
          LOGIN_NAMES.map((name) => `printf '%s\\0' "\${${name}-gone}"`).join('\n'),
        )
        const seen = (await its.text(request)).split('\0')
        const changed = LOGIN_NAMES.filter((name, index) => seen[index] !== LOGIN[name])
        expect(changed).toEqual([])
      })

      it('are given variables of any name, also of those that the program itself uses', async () => {
        const env = { HOME: '/nowhere', id: 'mine', t_n: 'mine too', t_cmd: 'echo no', t_run: '/bin/false' }
        const request = await scheduler.finish('echo "$HOME/$id/$t_n/$t_cmd/$t_run"', { env })
        expect(await scheduler.text(request)).toBe(`${Object.values(env).join('/')}\n`)
      })

      it('are given variables that a shell keeps for itself, and lets nobody assign', async () => {
        const env = { UID: 'their user', EUID: 'their other user' }
        const request = await scheduler.finish('echo "$UID/$EUID"; exit 3', { env })
        expect(await scheduler.exitOf(request)).toEqual({ type: 'exited', code: 3 })
        expect(await scheduler.text(request)).toBe('their user/their other user\n')
      })

      it('inherit what a login hands on of the options of bash, and run', async () => {
        const options = { SHELLOPTS: 'braceexpand', BASHOPTS: 'cmdhist', STAGE: 'test' }
        await using optioned = await openNode({ program, env: options })
        await using its = await optioned.open()
        const request = await its.finish('echo "${SHELLOPTS+has}/${BASHOPTS+has}/$STAGE"')
        expect(await its.text(request)).toBe('has/has/test\n')
      })

      it('run once under one id, however often and by whom they are asked for', async () => {
        const request = newRequest('echo x >>twice')
        const replies = await Promise.all([scheduler.start([request]), scheduler.start([request])])
        expect(replies.flat().map(({ result }) => result)).toEqual(['accepted', 'exists'])
        await scheduler.wait('closed', request.id)
        expect(await scheduler.start([request])).toEqual([{ id: request.id, result: 'exists' }])
        await scheduler.finish('true')
        expect(await readFile(join(node.home, 'twice'), 'utf8')).toBe('x\n')
      })

      it('all run, and once each, when 50 are asked for together', async () => {
        const requests = Array.from({ length: 50 }, (_, index) =>
          newRequest(`echo ${index} >>many; exit ${index}`),
        )
        const replies = await scheduler.start(requests)
        expect(replies).toEqual(requests.map(({ id }) => ({ id, result: 'accepted' })))
        const exits = await Promise.all(requests.map((request) => scheduler.exitOf(request)))
        expect(exits).toEqual(requests.map((_, code) => ({ type: 'exited', code })))
        const ran = (await readFile(join(node.home, 'many'), 'utf8')).trim().split('\n').map(Number)
        expect(ran.toSorted((a, b) => a - b)).toEqual(requests.map((_, index) => index))
      })
    })
  },
)

/** The words of a running command's first line, once it is there. */
async function firstWords(
  scheduler: Scheduler,
  request: Parameters<Scheduler['text']>[0],
): Promise<readonly string[]> {
  const line = await until(
    'the command wrote a line',
    async () => /^.*(?=\n)/.exec(await scheduler.text(request))?.[0],
    {
      withinMs: DEADLINE_MS,
    },
  )
  return line.split(' ')
}
