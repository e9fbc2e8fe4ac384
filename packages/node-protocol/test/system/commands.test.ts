import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { StartRequest } from '@tron/executor'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canUse, SHELLS } from '../shells.ts'
import { createTestNode, hashOf, type Scheduler, type TestNode } from '../test-node.ts'

describe.each(SHELLS)('commands under $name', (kind) => {
  describe.skipIf(!canUse(kind))('on a node of its own', () => {
    let node: TestNode
    let scheduler: Scheduler
    beforeAll(async () => {
      node = await createTestNode(kind)
      scheduler = await node.open()
    })
    afterAll(async () => {
      await scheduler[Symbol.asyncDispose]()
      await node[Symbol.asyncDispose]()
    })
    const textOf = async (request: StartRequest) => (await scheduler.output(request)).toString()

    it.each([0, 1, 7, 127, 255])('tell exit status %i', async (code) => {
      const { id } = await scheduler.finish(`exit ${code}`)
      expect((await scheduler.wait('exit', id)).outcome).toEqual({ type: 'exited', code })
    })

    it('tell a death by a signal as 128 and its number', async () => {
      const { id } = await scheduler.finish('kill -s KILL $$')
      expect((await scheduler.wait('exit', id)).outcome).toEqual({ type: 'exited', code: 137 })
    })

    it('have their output kept byte by byte, also where they open /dev/stdout', async () => {
      const bytes = randomBytes(500_000)
      const file = join(node.folder, 'random')
      await writeFile(file, bytes)
      const copied = await scheduler.finish(`cat ${file}; cat ${file} >&2`)
      expect(hashOf(await scheduler.output(copied))).toBe(hashOf(bytes))
      expect(hashOf(await scheduler.output(copied, 'stderr'))).toBe(hashOf(bytes))
      const reopened = await scheduler.finish(
        'echo one; echo two >/dev/stdout; echo three >/dev/stderr; echo four',
      )
      expect(await textOf(reopened)).toBe('one\ntwo\nfour\n')
      expect((await scheduler.output(reopened, 'stderr')).toString()).toBe('three\n')
    })

    it('get text and environment unchanged, with quotes, lines, backslashes and other languages', async () => {
      const text = `it's "$HOME" \\n \`x\` \t日本語 🚀\n\n  second line\\`
      const env = { ONE: text, _two: '', EMPTY_LINE: '\n' }
      const request = await scheduler.finish(
        `printf '%s|' "$ONE" "$_two" "$EMPTY_LINE" '${text.replaceAll("'", `'\\''`)}'`,
        { env },
      )
      expect(await textOf(request)).toBe(`${text}||\n|${text}|`)
    })

    it('may be longer than an argument of a program', async () => {
      const long = 'x'.repeat(300_000)
      const request = await scheduler.finish(`v='${long}'\nprintf %s "\${#v}"`)
      expect(await textOf(request)).toBe('300000')
    })

    it('run in the home, read nothing, and inherit no file of the channel', async () => {
      const count = 'ls /proc/self/fd | wc -l'
      const request = await scheduler.finish(`cat; ${count}; test "$PWD" = "$HOME" && echo home`)
      const [descriptors, home] = (await textOf(request)).trim().split('\n')
      const { stdout } = await node.namespace.inside(count)
      expect({ descriptors: descriptors?.trim(), home }).toEqual({ descriptors: stdout.trim(), home: 'home' })
    })

    it('have a session of their own and every signal at its default', async () => {
      const request = await scheduler.finish(
        "grep SigIgn /proc/self/status; sed 's/.*) //' /proc/self/stat; echo $$",
      )
      const [ignored = '', stat = '', pid] = (await textOf(request)).split('\n')
      expect(stat.split(' ')[3]).toBe(pid)
      // busybox without start-stop-daemon's or setsid's help cannot; it says so in its greeting.
      const isDefault = Number.parseInt(ignored.split('\t')[1] ?? '', 16) === 0
      expect(isDefault).toBe(true)
    })

    it('see nothing in their environment but what a login has, what they were given, and their mark', async () => {
      const request = await scheduler.finish('env', { env: { GIVEN: 'x' } })
      const names = (await textOf(request))
        .trim()
        .split('\n')
        .map((line) => line.split('=')[0] ?? '')
      const ofTheShell = new Set(['PWD', 'SHLVL', '_', 'OLDPWD'])
      expect(names.filter((name) => !ofTheShell.has(name)).toSorted()).toEqual([
        'GIVEN',
        'HOME',
        'LANG',
        'LOGNAME',
        'PATH',
        'SHELL',
        'TRON_ATTEMPT',
        'USER',
      ])
    })

    it('that leave children with the output behind are closed after the drain, and say so', async () => {
      const request = await scheduler.finish('echo before; sleep 600 & exit 3')
      const { leftRunning, sizes } = await scheduler.wait('closed', request.id)
      expect({ leftRunning, sizes }).toEqual({ leftRunning: 1, sizes: { stdout: 7, stderr: 0 } })
    })

    it('that could never run are refused for good', async () => {
      const requests = [
        scheduler.request('true\0'),
        scheduler.request('true', { env: { 'A-B': 'x' } }),
        scheduler.request('true', { env: { A: 'x'.repeat(200_000) } }),
      ]
      const replies = await scheduler.start(requests)
      expect(replies.map((reply) => reply.result === 'refused' && [reply.code, reply.retry])).toEqual(
        requests.map(() => ['BAD_REQUEST', false]),
      )
    })
  })
})
