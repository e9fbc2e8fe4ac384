import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type ConfigDocument,
  type ConfigSource,
  createConfigFiles,
  createConfigParser,
  parseConfig,
} from '../packages/config/src/index.ts'
import { composeDocument } from '../packages/config/src/yaml/compose-document.ts'
import type { Logger } from '../packages/model/src/index.ts'
import { systemClock } from '../packages/system/src/index.ts'
import { median, spread, timed } from './measure.ts'

/**
 * 5,000 jobs in one file: what reading and checking all of it takes beyond parsing the YAML, which is the yardstick, in turn with it. Then the same as the
 * daemon does it, in a thread of its own that starts cold; and the first and the second start on the same files, of which the second finds what the first has
 * kept. Run with `node --conditions=@tron/source bench/validate-config.ts`.
 */
const JOBS = 5000
const ROUNDS = 7

const source: ConfigSource = {
  documents: new Map<string, ConfigDocument>([
    ['MASTER', { text: master(), file: 'MASTER.yaml' }],
    ['jobs', { text: jobs(), file: 'jobs.yaml' }],
  ]),
  systemZone: 'Europe/Berlin',
  daemonUser: 'tron',
}

const silent: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => silent,
}

const parsing: number[] = []
const validating: number[] = []
for (let round = 0; round < ROUNDS; round += 1) {
  parsing.push(timed(parseYaml).ms)
  validating.push(timed(validate).ms)
}
const started = performance.now()
const apart = await createConfigParser().read(source)
const apartMs = performance.now() - started
if (Object.keys(apart.snapshot?.jobs ?? {}).length !== JOBS) throw new Error('the thread read something else')

const starts = await startTwice()

const more = median(validating) - median(parsing)
process.stdout.write(
  `${JOBS} jobs, ${(text('jobs').length / 1e6).toFixed(1)} MB: parsing the YAML ${spread(parsing, 'ms', 0)}; all of it ${spread(validating, 'ms', 0)}: ` +
    `${more.toFixed(0)} ms more, ${(median(validating) / median(parsing)).toFixed(2)} x the parsing; in a cold thread ${apartMs.toFixed(0)} ms on the clock; ` +
    `a first start ${starts.firstMs.toFixed(0)} ms, later ones ${spread(starts.laterMs, 'ms', 0)}, on the clock\n`,
)

function text(namespace: string): string {
  return source.documents.get(namespace)?.text ?? ''
}

function master(): string {
  return `nodes: [{name: n1, hostname: h1.example.com}, {name: n2, hostname: h2.example.com}]
node_pools: {both: {nodes: [n1, n2]}}
time_zone: Europe/Berlin
command_context: {DATA: /srv/data}
`
}

/** Jobs as sites have them: three actions, a template each, schedules of several forms. */
function jobs(): string {
  const schedules = ['cron */15 * * * *', 'daily 04:30', 'cron 0 3 * * 1-5', '1st monday of month at 09:00']
  const one = (index: number) => `  job-${index}:
    node: ${index % 2 === 0 ? 'both' : 'n1'}
    schedule: ${schedules[index % schedules.length] ?? ''}
    queueing: false
    actions:
      extract:
        command: extract --job ${index} --day {shortdate-1}
      load:
        command: load {DATA}/${index}/{shortdate-1}.csv
        requires: [extract]
      report:
        command: report {runid}
        requires: [load]
`
  return `jobs:\n${Array.from({ length: JOBS }, (_, index) => one(index)).join('')}`
}

/** What the `yaml` library needs for the same text, called as our reader calls it. */
function parseYaml(): void {
  const { document } = composeDocument(text('jobs'), { maxDepth: 200 })
  if (document === undefined || document.errors.length > 0) throw new Error('not YAML')
}

function validate(): void {
  const check = parseConfig(source)
  if (!check.ok || Object.keys(check.snapshot.jobs).length !== JOBS) throw new Error('not all jobs were read')
}

/** Reads the same folder again and again, each time as a daemon that has just started. */
async function startTwice(): Promise<{ readonly firstMs: number; readonly laterMs: readonly number[] }> {
  const directory = await mkdtemp(join(tmpdir(), 'tron-validate-config-'))
  try {
    for (const [namespace, document] of source.documents)
      await writeFile(join(directory, `${namespace}.yaml`), document.text)
    const firstMs = await startMs(directory, true)
    const laterMs: number[] = []
    for (let round = 0; round < ROUNDS; round += 1) laterMs.push(await startMs(directory, false))
    return { firstMs, laterMs }
  } finally {
    await rm(directory, { recursive: true })
  }
}

async function startMs(directory: string, isFirst: boolean): Promise<number> {
  let parsings = 0
  const parser = createConfigParser()
  const files = createConfigFiles({
    directory,
    workingDirectory: directory,
    systemZone: 'Europe/Berlin',
    daemonUser: 'tron',
    clock: systemClock,
    log: silent,
    cacheFile: join(directory, 'config.cache'),
    parser: {
      read: (wanted) => {
        parsings += 1
        return parser.read(wanted)
      },
    },
  })
  const begun = performance.now()
  const read = await files.read()
  const ms = performance.now() - begun
  if (Object.keys(read.jobs).length !== JOBS) throw new Error('the start read something else')
  if (parsings !== (isFirst ? 1 : 0)) throw new Error(`a start parsed ${parsings} times`)
  return ms
}
