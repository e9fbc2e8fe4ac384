import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort, httpJson, runDaemon, startDaemon, temporaryFolder, until } from '@tron/testkit'
import { describe, expect, it } from 'vitest'

const MASTER = `
nodes:
  - { name: here, hostname: localhost, executor: local }
jobs:
  hello:
    node: here
    schedule: cron 0 3 1 1 *
    actions:
      greet: { command: echo hello }
`

/** An executor of a third party that runs commands here, whatever it is called. */
const DEMO_EXECUTOR = fileURLToPath(
  new URL('../../../../examples/executor-demo/src/executor.js', import.meta.url),
)

async function writeConfig(workingDir: string, master: string): Promise<void> {
  await mkdir(join(workingDir, 'config'), { recursive: true })
  await writeFile(join(workingDir, 'config/_manifest.yaml'), 'MASTER: config/MASTER.yaml\n')
  await writeFile(join(workingDir, 'config/MASTER.yaml'), master)
}

/** An executor during whose first call, when the configuration was read, that is changed and the daemon is told so. */
function impatientText(workingDir: string, master: string): string {
  return `
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { executor as demo } from ${JSON.stringify(DEMO_EXECUTOR)}

let isFirst = true

async function create(...given) {
  const made = await demo.create(...given)
  async function setTargets(targets) {
    if (isFirst) {
      isFirst = false
      writeFileSync(${JSON.stringify(join(workingDir, 'config/MASTER.yaml'))}, ${JSON.stringify(master)})
      const came = once(process, 'SIGHUP')
      process.kill(process.pid, 'SIGHUP')
      await came
    }
    await made.setTargets(targets)
  }
  return { ...made, setTargets }
}

export const executor = { ...demo, create }
`
}

async function jobNames(url: string): Promise<unknown> {
  const { body } = await httpJson(`${url}/api/jobs`)
  return JSON.stringify(body).match(/"name":"MASTER\.[^"]*"/g)
}

describe('trond', () => {
  it('makes its working directory and an empty configuration when there is none', async () => {
    await using dir = await temporaryFolder()
    const workingDir = join(dir.path, 'new')
    await using daemon = await startDaemon({ workingDir })
    expect((await httpJson(`${daemon.url}/api/jobs`)).status).toBe(200)
    expect(await readFile(join(workingDir, 'config/_manifest.yaml'), 'utf8')).toContain('MASTER')
    expect(await readFile(join(workingDir, 'installation'), 'utf8')).toMatch(/^[a-z2-7]{26}\n$/)
  })

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'stops in time at %s: with status 0, and not with that of a stop which took too long',
    async (signal) => {
      await using dir = await temporaryFolder()
      await writeConfig(dir.path, MASTER)
      await using daemon = await startDaemon({ workingDir: dir.path })
      daemon.kill(signal)
      expect(await daemon.exited).toEqual({ code: 0, signal: null })
    },
  )

  it('keeps a second daemon out of its working directory and names its own pid', async () => {
    await using dir = await temporaryFolder()
    await using daemon = await startDaemon({ workingDir: dir.path })
    const others = [
      {},
      { args: ['--lock-file', join(dir.path, 'another.lock')] },
      // Whoever starts it twice starts it with the same port.
      { port: daemon.port },
    ]
    for (const other of others) {
      const second = await runDaemon({ workingDir: dir.path, ...other })
      expect(second.code).toBe(1)
      expect(second.stderr).toContain(String(daemon.pid))
      expect(second.stderr.trimEnd().split('\n')).toHaveLength(2)
    }
    expect((await httpJson(`${daemon.url}/api/status`)).status).toBe(200)
  })

  it('says in two lines that its port is taken', async () => {
    await using one = await temporaryFolder()
    await using two = await temporaryFolder()
    await using daemon = await startDaemon({ workingDir: one.path })
    const second = await runDaemon({ workingDir: two.path, port: daemon.port })
    expect(second).toMatchObject({
      code: 1,
      stderr: `trond: port ${daemon.port} of 127.0.0.1 is taken by another program\nStop that program, or choose another port with --port.\n`,
    })
  })

  it('refuses a wrong configuration with the place of every problem, and no stack', async () => {
    await using dir = await temporaryFolder()
    await writeConfig(
      dir.path,
      MASTER.replace('node: here', 'node: nowhere').replace('cron 0 3 1 1 *', 'cron 61 3 1 1 *'),
    )
    const refused = await runDaemon({ workingDir: dir.path })
    expect(refused.code).toBe(1)
    expect(refused.stderr).toMatch(/MASTER\.yaml:6:\d+: .*nowhere/)
    expect(refused.stderr).toMatch(/MASTER\.yaml:7:\d+: /)
    expect(refused.stderr.trimEnd().split('\n').at(-1)).toBe(
      'Correct the places named. A daemon that runs goes on with the configuration it has.',
    )
    expect(refused.stderr).not.toMatch(/^\s+at /m)
  })

  it('plans whatever zone the machine has, and needs time_zone where that has no name', async () => {
    await using dir = await temporaryFolder()
    await writeConfig(dir.path, MASTER)
    const nextRun = async (tz: string) => {
      await using daemon = await startDaemon({ workingDir: dir.path, env: { TZ: tz } })
      const { body } = await httpJson(`${daemon.url}/api/jobs/MASTER.hello`)
      return /"next_run":"\d+-([^"]*)"/.exec(JSON.stringify(body))?.[1]
    }
    expect([await nextRun(''), await nextRun('JST-9')]).toEqual(['01-01 03:00:00', '01-01 03:00:00'])
    const tz = 'CET-1CEST,M3.5.0,M10.5.0/3'
    const refused = await runDaemon({ workingDir: dir.path, env: { TZ: tz } })
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('the key "time_zone" is needed')
    await writeConfig(dir.path, `time_zone: Europe/Berlin\n${MASTER}`)
    expect(await nextRun(tz)).toBe('01-01 03:00:00')
  })

  it('refuses a wrong namespace as it refuses a wrong MASTER', async () => {
    await using dir = await temporaryFolder()
    await writeConfig(dir.path, MASTER)
    await writeFile(
      join(dir.path, 'config/_manifest.yaml'),
      'MASTER: config/MASTER.yaml\nteam: config/team.yaml\n',
    )
    await writeFile(join(dir.path, 'config/team.yaml'), 'jobs:\n  load: { nod: here }\n')
    const refused = await runDaemon({ workingDir: dir.path })
    expect(refused.code).toBe(1)
    expect(refused.stderr).toMatch(/team\.yaml:2:11: .*nod/)
  })

  it('refuses wrong settings with their place', async () => {
    await using dir = await temporaryFolder()
    await writeFile(join(dir.path, 'trond.yaml'), 'stroe: {}\n')
    const refused = await runDaemon({ workingDir: dir.path })
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain(
      `${join(dir.path, 'trond.yaml')}:1:1: unknown key; accepted: store, logs, executors, allowed_hosts [stroe]`,
    )
  })

  it('reads its configuration again on SIGHUP, and keeps the running one when the files are wrong', async () => {
    await using dir = await temporaryFolder()
    await writeConfig(dir.path, MASTER)
    await using daemon = await startDaemon({ workingDir: dir.path })
    await writeConfig(dir.path, MASTER.replace('  hello:', '  goodbye:'))
    daemon.kill('SIGHUP')
    await until('the new job is there', async () =>
      JSON.stringify(await jobNames(daemon.url)).includes('goodbye'),
    )
    await writeConfig(dir.path, MASTER.replace('node: here', 'node: nowhere'))
    daemon.kill('SIGHUP')
    await until('the refusal is logged', () => /MASTER\.yaml:6:\d+/.test(daemon.stdout()))
    expect(await jobNames(daemon.url)).toEqual(['"name":"MASTER.goodbye"'])
    await until('the status tells it', async () =>
      /"config_errors":\[\{"file":"[^"]*MASTER\.yaml","line":6,/.test(
        JSON.stringify((await httpJson(`${daemon.url}/api/status`)).body),
      ),
    )
    const config = join(dir.path, 'config')
    await writeFile(join(config, 'new.yaml'), MASTER.slice(MASTER.indexOf('jobs:')))
    const manifest = await readFile(join(config, '_manifest.yaml'), 'utf8')
    await writeFile(join(config, '_manifest.yaml'), `${manifest}new: config/new.yaml\n`)
    daemon.kill('SIGHUP')
    await until('what is right is taken over', async () =>
      JSON.stringify((await httpJson(`${daemon.url}/api/jobs`)).body).includes('"name":"new.hello"'),
    )
    expect(await jobNames(daemon.url)).toEqual(['"name":"MASTER.goodbye"'])
  })

  it('obeys a SIGHUP that came while it started', async () => {
    await using dir = await temporaryFolder()
    await writeConfig(dir.path, MASTER)
    const plugin = join(dir.path, 'impatient.mjs')
    await writeFile(plugin, impatientText(dir.path, MASTER.replace('  hello:', '  goodbye:')))
    await using daemon = await startDaemon({
      workingDir: dir.path,
      args: ['--plugin', `impatient=${plugin}`],
    })
    await until('the new job is there', async () =>
      JSON.stringify(await jobNames(daemon.url)).includes('goodbye'),
    )
    expect(await jobNames(daemon.url)).toEqual(['"name":"MASTER.goodbye"'])
  })

  it('gives an action to the executor that it names, and holds its job where there is none', async () => {
    await using dir = await temporaryFolder()
    const container = 'executor: kubernetes, docker_image: i, cpus: 1, mem: 1'
    await writeConfig(dir.path, MASTER.replace('echo hello', `'echo hello {actionname}', ${container}`))
    const job = async (url: string) => JSON.stringify((await httpJson(`${url}/api/jobs/MASTER.hello`)).body)
    const without = await startDaemon({ workingDir: dir.path })
    expect(await job(without.url)).toContain('it needs an executor named \\"kubernetes\\"')
    await without.stop()
    const args = ['--plugin', `kubernetes=${DEMO_EXECUTOR}`]
    await using daemon = await startDaemon({ workingDir: dir.path, args })
    expect(await job(daemon.url)).toContain('"held":[]')
    await httpJson(`${daemon.url}/api/jobs/MASTER.hello`, { form: { command: 'start' } })
    await until('its command has run', async () =>
      /"stdout":\["hello greet"\]/.test(
        JSON.stringify((await httpJson(`${daemon.url}/api/jobs/MASTER.hello/1/greet?include_stdout=1`)).body),
      ),
    )
  })

  it('does not work with the state of another installation', async () => {
    await using dir = await temporaryFolder()
    const first = await startDaemon({ workingDir: dir.path })
    await first.stop()
    await writeFile(join(dir.path, 'installation'), `${'a'.repeat(26)}\n`)
    const refused = await runDaemon({ workingDir: dir.path })
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain(`but this directory says it is ${'a'.repeat(26)}`)
  })

  it('answers at once with its version', async () => {
    const said = await runDaemon({ workingDir: '/nowhere', port: await freePort(), args: ['--version'] })
    expect(said).toMatchObject({ code: 0, stderr: '' })
    expect(said.stdout).toMatch(/^\d+\.\d+\.\d+/)
  })
})
