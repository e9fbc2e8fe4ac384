// Tron inside another program: makes a scheduler, runs one job, prints what it wrote. The argument names the folder for state and output.
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { createConfigFiles } from '@tron/config'
import { createTron } from '@tron/core'
import { executor as local } from '@tron/executor-local'
import { createFileLogs } from '@tron/logs-files'
import { jobId } from '@tron/model'
import { store } from '@tron/store-sqlite'
import {
  systemClock as clock,
  createLogger,
  createSecretResolver,
  systemRandom as random,
} from '@tron/system'

const dir = resolve(process.argv[2] ?? '.tron')
const home = resolve(import.meta.dirname, '..')
const log = createLogger({ level: 'error', pretty: true, destination: process.stderr })
const configFiles = { directory: join(home, 'config'), workingDirectory: home, clock, log }

await using logs = createFileLogs({ directory: join(dir, 'output'), clock, log })
await using tron = await createTron({
  store: { module: store, options: { directory: join(dir, 'state') } },
  executors: { local: { module: local, options: {} } },
  config: createConfigFiles({ ...configFiles, systemZone: 'UTC', daemonUser: '' }),
  owner: { host: hostname(), pid: process.pid },
  secrets: createSecretResolver(),
  logs,
  clock,
  random,
  log,
})

const changes = tron.changes({ signal: AbortSignal.timeout(30_000) })
const subject = { kind: 'job', job: jobId('MASTER.hello'), verb: 'start' } as const
const requestId = `embedded-${clock.nowMs()}`
const { runs, text } = await tron.command({ requestId, actor: 'example', source: 'embedded', subject })
process.stdout.write(`${text}\n`)
for await (const { id, to } of changes) {
  if (!(id === runs[0] && (to === 'succeeded' || to === 'failed'))) continue
  const { lines } = await tron.output(runs[0], 'greet', { stream: 'stdout', lines: 10 })
  process.stdout.write(`${id} ${to}: ${lines.join('\n')}\n`)
  break
}
