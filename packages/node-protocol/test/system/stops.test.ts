import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { StartRequest } from '@tron/executor'
import { until } from '@tron/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canUse, SHELLS } from '../shells.ts'
import { createTestNode, type Scheduler, type TestNode } from '../test-node.ts'

const signal = new AbortController().signal

describe.each(SHELLS)('stops and revokes under $name', (kind) => {
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
    /** Starts a command and waits until it has written `ready` to its file. */
    const runUntilReady = async (command: string): Promise<StartRequest> => {
      const file = join(node.folder, `ready-${performance.now()}`)
      const request = scheduler.request(`${command}; echo ready >${file}; wait; while :; do sleep 1; done`)
      await scheduler.start([request])
      await until('the command is ready', async () => (await readFile(file, 'utf8')).includes('ready'))
      return request
    }
    const sleeping = async (mark: string) => {
      const { stdout } = await node.namespace.inside(`cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' '`)
      return stdout.split(`sleep ${mark}`).length - 1
    }

    it('a stop ends what left the group, went to a session of its own, or stands still', async () => {
      const mark = '98765'
      const children = [
        `sleep ${mark} &`,
        `(sleep ${mark} &)`,
        `setsid sleep ${mark} &`,
        `sh -c 'setsid sh -c "sleep ${mark} & sleep ${mark}" &'`,
        `sleep ${mark} & kill -s STOP $!`,
      ]
      const request = await runUntilReady(children.join('\n'))
      await until('all run', async () => (await sleeping(mark)) >= 6)
      await scheduler.executor.stop(request, { signal: 'TERM', graceMs: 300 })
      const { survivors, signalled } = await scheduler.wait('stopped', request.id)
      expect({ survivors, signalled }).toEqual({ survivors: [], signalled: ['TERM', 'KILL'] })
      expect(await sleeping(mark)).toBe(0)
      expect((await scheduler.wait('exit', request.id)).outcome).toEqual({ type: 'exited', code: 143 })
    })

    it('a stop leaves other attempts alone', async () => {
      const other = await runUntilReady(':')
      const stopped = await runUntilReady(':')
      await scheduler.executor.stop(stopped, { signal: 'KILL', graceMs: 0 })
      await scheduler.wait('stopped', stopped.id)
      await scheduler.wait('exit', stopped.id)
      await scheduler.finish('true')
      expect(scheduler.events.filter((event) => event.kind === 'exit' && event.id === other.id)).toEqual([])
      await scheduler.executor.stop(other, { signal: 'KILL', graceMs: 0 })
      await scheduler.wait('stopped', other.id)
    })

    it('a stop that is asked while the node is away is carried out when it is back', async () => {
      const request = await runUntilReady(':')
      node.transport.setReachable(false)
      node.transport.cut()
      await scheduler.executor.stop(request, { signal: 'TERM', graceMs: 1_000 })
      node.transport.setReachable(true)
      expect((await scheduler.wait('stopped', request.id)).survivors).toEqual([])
      expect((await scheduler.wait('exit', request.id)).outcome).toEqual({ type: 'exited', code: 143 })
    })

    it('a revoke before the start wins, one after it loses', async () => {
      const never = scheduler.request('true')
      expect(await scheduler.executor.revoke([never], { signal })).toEqual([
        { id: never.id, result: 'revoked' },
      ])
      expect(await scheduler.start([never])).toEqual([
        {
          id: never.id,
          result: 'refused',
          retry: false,
          code: 'REVOKED',
          reason: 'it was revoked before it started',
        },
      ])
      const done = await scheduler.finish('true')
      expect(await scheduler.executor.revoke([done], { signal })).toEqual([
        { id: done.id, result: 'started' },
      ])
    })

    it('of a start and a revoke at the same moment exactly one wins', async () => {
      const requests = Array.from({ length: 20 }, (_, index) =>
        scheduler.request(`echo ran >>${node.folder}/raced-${index}`),
      )
      const [, revoked] = await Promise.all([
        scheduler.start(requests),
        scheduler.executor.revoke(requests, { signal }),
      ])
      const started = revoked.filter(({ result }) => result === 'started')
      for (const { id } of started) await scheduler.wait('closed', id)
      const ran = await Promise.all(
        requests.map((_, index) => readFile(join(node.folder, `raced-${index}`), 'utf8').catch(() => 'none')),
      )
      expect(ran).toEqual(revoked.map(({ result }) => (result === 'started' ? 'ran\n' : 'none')))
    })
  })
})

describe.each(SHELLS)('a stop under $name', (kind) => {
  it.skipIf(!canUse(kind))(
    'whose answer comes after the exit that it made does not wait for its grace',
    async () => {
      await using node = await createTestNode(kind, { lateMs: 200 })
      await using scheduler = await node.open()
      const request = scheduler.request('exec sleep 1000')
      await scheduler.start([request])
      await scheduler.wait('started', request.id)
      await scheduler.executor.stop(request, { signal: 'TERM', graceMs: 600_000 })
      expect(await scheduler.wait('stopped', request.id)).toMatchObject({
        signalled: ['TERM'],
        survivors: [],
      })
      expect((await scheduler.wait('exit', request.id)).outcome).toEqual({ type: 'exited', code: 143 })
    },
  )
})

/** A program that cannot be run with more arguments than so many. */
const LIMITED = '#!/bin/sh\ntest $# -gt 40 && exit 126\nPATH=${PATH#*:}\nexec "${0##*/}" "$@"\n'
const XARGS = '#!/bin/sh\nPATH=${PATH#*:}\nexec xargs -n 20 "$@"\n'

describe.each(SHELLS)('a stop under $name, among more processes than a program has arguments', (kind) => {
  it.skipIf(!canUse(kind))('ends all that is left of its attempt', async () => {
    const programs = { grep: LIMITED, head: LIMITED, ls: LIMITED, xargs: XARGS }
    await using node = await createTestNode(kind, { programs })
    await using scheduler = await node.open()
    const escaped = 'setsid sleep 97531 &\n'.repeat(60)
    const request = scheduler.request(`${escaped}touch ${node.folder}/ready; wait`)
    await scheduler.start([request])
    await until('all run', () => existsSync(join(node.folder, 'ready')), { withinMs: 60_000 })
    await scheduler.executor.stop(request, { signal: 'KILL', graceMs: 0 })
    expect((await scheduler.wait('stopped', request.id)).survivors).toEqual([])
    const { stdout } = await node.namespace.inside(`cat /proc/[0-9]*/cmdline | tr '\\0' ' '`)
    expect(stdout).not.toContain('sleep 97531')
  })
})
