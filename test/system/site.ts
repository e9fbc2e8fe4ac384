import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Daemon,
  type DaemonOptions,
  httpJson,
  type Sshd,
  type SshdOptions,
  startDaemon,
  startSshd,
  type TemporaryFolder,
  temporaryFolder,
  until,
} from '@tron/testkit'
import { trusted } from './unsafe-body.ts'

/** An action run as the API tells of it: what the tests here look at. */
export interface ActionAnswer {
  readonly action_name: string
  readonly state: string
  readonly exit_status: number | null
  readonly stdout: readonly string[] | null
  readonly stderr: readonly string[] | null
  readonly reason: string | null
  readonly note: string | null
  readonly node: { readonly name: string }
  readonly attempts: readonly {
    readonly id: string
    readonly phase: string
    readonly released: boolean
    readonly left_running: number
    readonly note: string | null
  }[]
}

export interface RunAnswer {
  readonly id: string
  readonly run_num: number
  readonly state: string
  readonly note: string | null
  readonly node: { readonly name: string }
  readonly runs: readonly ActionAnswer[]
}

/** A daemon's API, as a script would use it. */
export interface Api {
  run(job: string, which: string | number): Promise<RunAnswer>
  runs(job: string): Promise<readonly RunAnswer[]>
  action(job: string, which: string | number, action: string): Promise<ActionAnswer>
  post(
    path: string,
    form: Readonly<Record<string, string>>,
    requestId?: string,
  ): Promise<{ readonly status: number; readonly result: string }>
  status(): Promise<{
    readonly state: string
    readonly reason: string | null
    readonly waiting_for: readonly string[]
  }>
}

/** An sshd, a working directory and what is needed to run daemons on it. */
export interface Site extends AsyncDisposable {
  readonly sshd: Sshd
  readonly workingDir: string
  readonly folder: string
  /** Writes MASTER's configuration: the nodes n1 and n2 of this sshd, a pool of both, and these jobs. */
  configure(jobs: string): Promise<void>
  daemon(options?: Partial<DaemonOptions>): Promise<Daemon>
}

export async function openSite(jobs: string, options: SshdOptions = {}): Promise<Site> {
  await using stack = new AsyncDisposableStack()
  const sshd = stack.use(await startSshd({ hosts: ['127.0.0.1', '127.0.0.2'], ...options }))
  const folder: TemporaryFolder = stack.use(await temporaryFolder('tron-site-'))
  const workingDir = join(folder.path, 'work')
  const configure = (text: string) => writeConfiguration(workingDir, sshd, text)
  await configure(jobs)
  const owned = stack.move()
  return {
    sshd,
    workingDir,
    folder: folder.path,
    configure,
    daemon: (more = {}) => startDaemon({ workingDir, ...more }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

async function writeConfiguration(workingDir: string, sshd: Sshd, jobs: string): Promise<void> {
  const config = join(workingDir, 'config')
  await mkdir(config, { recursive: true })
  await writeFile(join(config, '_manifest.yaml'), 'MASTER: config/MASTER.yaml\n')
  const node = (host: string) => `{hostname: ${host}, port: ${sshd.port}, username: ${sshd.userName}}`
  await writeFile(
    join(config, 'MASTER.yaml'),
    [
      `ssh_options: {identities: [${sshd.identityFile}], known_hosts_file: ${sshd.knownHostsFile}, connect_timeout: 10}`,
      `nodes: {n1: ${node('127.0.0.1')}, n2: ${node('127.0.0.2')}}`,
      'node_pools: {pool: {nodes: [n1, n2]}}',
      'time_zone: UTC',
      'jobs:',
      jobs.replaceAll(/^/gm, '  '),
      '',
    ].join('\n'),
  )
}

export function apiOf(daemon: Pick<Daemon, 'url'>): Api {
  const get = async <T>(path: string): Promise<T> => {
    const answer = await httpJson(`${daemon.url}${path}`)
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return trusted<T>(answer.body)
  }
  return {
    run: (job, which) => get(`/api/jobs/${job}/${which}?include_action_runs=1`),
    runs: async (job) =>
      (await get<{ runs: readonly RunAnswer[] }>(`/api/jobs/${job}?include_action_runs=1`)).runs,
    action: (job, which, action) =>
      get(`/api/jobs/${job}/${which}/${action}?include_stdout=1&include_stderr=1&num_lines=100000`),
    async post(path, form, requestId) {
      const headers = requestId === undefined ? {} : { 'Idempotency-Key': requestId }
      const answer = await httpJson(`${daemon.url}${path}`, { method: 'POST', form, headers })
      const body = trusted<{ readonly result?: string; readonly error?: string }>(answer.body)
      return { status: answer.status, result: body.result ?? body.error ?? '' }
    },
    status: () => get('/api/status'),
  }
}

const ENDED = new Set(['succeeded', 'failed', 'cancelled', 'unknown', 'skipped'])

/** Waits until a run is over, and gives it. */
export async function untilOver(
  api: Api,
  { job, number: which }: { readonly job: string; readonly number: number },
  withinMs = 60_000,
): Promise<RunAnswer> {
  return until(
    `run ${which} of ${job} is over`,
    async () => {
      const run = await api.run(job, which)
      return ENDED.has(run.state) ? run : null
    },
    { withinMs, everyMs: 100 },
  )
}

/** Starts a job by hand and gives the number of its run. */
export async function start(api: Api, job: string, requestId?: string): Promise<number> {
  const { status, result } = await api.post(`/api/jobs/${job}`, { command: 'start' }, requestId)
  if (status !== 200) throw new Error(`starting ${job}: ${status} ${result}`)
  return Number(result.slice(result.lastIndexOf('.') + 1))
}

/** The lines of a file in the home that commands see; none where it is not there. */
export async function homeLines(site: Site, name: string): Promise<readonly string[]> {
  try {
    const text = await readFile(join(site.sshd.home, name), 'utf8')
    return text.split('\n').filter((line) => line !== '')
  } catch {
    return []
  }
}

/** The bytes of an action's log in the working directory. */
export async function logBytes(
  site: Site,
  log: { readonly job: string; readonly run: number; readonly action: string; readonly stream?: string },
): Promise<Buffer> {
  const { job, run, action, stream = 'stdout' } = log
  return readFile(join(site.workingDir, 'output', 'MASTER', job, String(run), action, `0.${stream}`))
}
