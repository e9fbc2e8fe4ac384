import { spawn } from 'node:child_process'
import { sampleJob, sampleJobView, sampleRun } from '@tron/http/testing'
import { describe, expect, it } from 'vitest'
import { finish, nodeArguments, setUp } from './cli-under-test.ts'

const spec = sampleJob('MASTER.nightly')

/** Runs a program on a terminal of its own, by `script`. */
async function onTerminal(
  set: Awaited<ReturnType<typeof setUp>>,
  program: string,
  how: { readonly args: readonly string[]; readonly input?: string; readonly env?: Record<string, string> },
) {
  set.tron.setJob(sampleJobView(spec), [sampleRun(spec, 0, { state: 'running' })])
  const words = [process.execPath, ...nodeArguments(program, [...how.args, '--server', set.server])]
  const command = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')
  const child = spawn('/usr/bin/script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    env: { ...set.environment, PATH: '/usr/bin:/bin', TERM: 'xterm', SHELL: '/bin/sh', ...how.env },
  })
  return finish(child, how.input ?? '')
}

describe('on a terminal', () => {
  it('there is colour', async () => {
    const { code, stdout } = await onTerminal(await setUp(), 'tronview', { args: ['nightly'] })
    expect(code).toBe(0)
    expect(stdout).toContain('Job                 : \u001b[93mMASTER.nightly\u001b[0m')
  })

  it.each([
    ['--nocolor', { args: ['nightly', '--nocolor'] }],
    ['NO_COLOR', { args: ['nightly'], env: { NO_COLOR: '1' } }],
    ['a dumb one', { args: ['nightly'], env: { TERM: 'dumb' } }],
  ])('there is no colour with %s', async (_name, how) => {
    const { stdout } = await onTerminal(await setUp(), 'tronview', how)
    expect(stdout).toContain('Job                 : MASTER.nightly')
  })

  it('harm to a whole run is asked about first', async () => {
    const set = await setUp()
    const no = await onTerminal(set, 'tronctl', { args: ['cancel', 'nightly.0'], input: 'n\n' })
    expect(no.code).toBe(1)
    expect(no.stdout).toContain('cancel nightly.0? [y/n]')
    expect(set.tron.commands).toEqual([])
    const yes = await onTerminal(set, 'tronctl', { args: ['cancel', 'nightly.0'], input: 'y\n' })
    expect(yes.code).toBe(0)
    expect(set.tron.commands).toHaveLength(1)
  })

  it('--yes, and what does no harm, is not asked about', async () => {
    const set = await setUp()
    const sure = await onTerminal(set, 'tronctl', { args: ['stop', 'nightly.0', '--yes'] })
    const start = await onTerminal(set, 'tronctl', { args: ['start', 'nightly', 'nightly'] })
    expect([sure.code, start.code, set.tron.commands.length]).toEqual([0, 0, 3])
    expect(sure.stdout + start.stdout).not.toContain('[y/n]')
  })
})
