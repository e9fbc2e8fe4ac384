import type { AccessSpec, JsonValue } from '@tron/model'
import { checkZone } from '@tron/schedule'
import { checkShape } from '../problems/check-shape.ts'
import type { ProblemList } from '../problems/problem-list.ts'
import { masterSchema, type RawMaster } from '../schema/master.ts'
import { isEmpty } from '../schema/values.ts'
import { isKnown, member, type Place } from '../yaml/located.ts'
import { contextOf } from './context-values.ts'
import { type NodeConfig, readNodes } from './node-config.ts'
import { checkAllSendable } from './sendable.ts'

/** What MASTER says for all namespaces. */
export interface MasterConfig extends NodeConfig {
  readonly zone: string
  /** Null when it is too wrong to be read. */
  readonly commandContext: Readonly<Record<string, JsonValue>> | null
  readonly access: AccessSpec
  /** What is asked for all jobs and not done yet. */
  readonly held: readonly string[]
}

/** What a configuration does not say itself. */
export interface MasterDefaults {
  /** For where MASTER names no zone. One that is no name of any makes that an error. */
  readonly systemZone: string
  readonly daemonUser: string
  /** The names of the daemon's executors. Without them nobody knows: then nothing is held for lack of one, and nodes that name another than those shipped are remarked on. */
  readonly executors?: readonly string[]
}

/** Reads all of MASTER but its jobs; what is wrong leaves the rest readable. */
export function readMaster(place: Place, defaults: MasterDefaults, problems: ProblemList): MasterConfig {
  const raw = checkShape(masterSchema, place, problems)
  const nodes = readNodes(place, defaults, problems)
  remark(place, raw ?? {}, problems)
  return {
    ...nodes,
    zone: raw?.time_zone ?? zoneOfSystem(place, raw, { defaults, problems }),
    commandContext: readContext(place, problems),
    access: accessOf(raw ?? {}),
    held: raw?.action_runner?.runner_type === 'none' ? [NO_RUNNER] : [],
  }
}

/** The system's zone, where MASTER names none. A text that is none stands for what the system is set to: it has to be said here then. */
function zoneOfSystem(
  place: Place,
  raw: RawMaster | null,
  { defaults, problems }: { readonly defaults: MasterDefaults; readonly problems: ProblemList },
): string {
  const zone = checkZone(defaults.systemZone)
  if (zone === null && raw !== null)
    problems.error(
      { at: place.keyAt, path: 'time_zone' },
      `the key "time_zone" is needed: this machine has "${defaults.systemZone}" for its zone, which is not the name of one; write for example time_zone: Europe/Berlin`,
    )
  return zone ?? 'UTC'
}

function readContext(master: Place, problems: ProblemList): MasterConfig['commandContext'] {
  const place = member(master, 'command_context')
  if (!isKnown(place) || (place === undefined && master.located.isFaulty)) return null
  if (place === undefined || isEmpty(place.located.json)) return {}
  checkAllSendable(place, problems)
  return place.located.kind === 'map' ? contextOf(place.located) : null
}

const NO_RUNNER = 'action_runner.runner_type: none is not done by this version; leave action_runner out'

function accessOf(raw: Partial<RawMaster>): AccessSpec {
  const runner = raw.action_runner ?? {}
  const ssh = raw.ssh_options ?? { agent: false, identities: [], connect_timeout: 30 }
  return {
    agent: ssh.agent,
    identities: ssh.identities,
    ...(ssh.known_hosts_file === undefined ? {} : { knownHostsFile: ssh.known_hosts_file }),
    connectTimeoutMs: ssh.connect_timeout * 1000,
    ...(runner.remote_status_path === undefined ? {} : { spoolRoot: runner.remote_status_path }),
    shell: runner.runner_type === 'subprocess' ? 'sh' : 'login',
  }
}

/** Keys that are accepted and select nothing, and what does instead. */
const WITHOUT_EFFECT: readonly (readonly [path: string, why: string])[] = [
  [
    'output_stream_dir',
    'has no effect here: where output is kept is one of the settings of the daemon, logs in trond.yaml',
  ],
  [
    'state_persistence',
    'has no effect here: where state is kept is one of the settings of the daemon, store in trond.yaml',
  ],
  ['read_json', 'has no effect, as in Tron 3'],
  ['action_runner.remote_exec_path', 'has no effect here: nothing has to be installed on a node'],
  ['ssh_options.idle_connection_timeout', 'has no effect here: one connection to a node is shared and kept'],
  ['ssh_options.jitter_min_load', 'has no effect here: starts on a node need not be spread'],
  ['ssh_options.jitter_max_delay', 'has no effect here: starts on a node need not be spread'],
  ['ssh_options.jitter_load_factor', 'has no effect here: starts on a node need not be spread'],
  ['mesos_options', 'has no effect: Mesos is retired; run its jobs by ssh or on Kubernetes'],
  ['k8s_options', 'has no effect yet: jobs on Kubernetes are held'],
]

function remark(place: Place, raw: Partial<RawMaster>, problems: ProblemList): void {
  for (const [path, why] of WITHOUT_EFFECT) {
    const found = descend(place, path)
    if (found !== undefined && found.located.json !== null) warn(found, `${path} ${why}`, problems)
  }
  const runnerType = descend(place, 'action_runner.runner_type')
  if (raw.action_runner?.runner_type === 'none' && runnerType !== undefined) {
    warn(runnerType, `${NO_RUNNER}; all jobs are held`, problems)
  }
  const bus = descend(place, 'eventbus_enabled')
  if (raw.eventbus_enabled === true && bus !== undefined) {
    warn(bus, 'eventbus_enabled has no effect yet: jobs with triggers are held', problems)
  }
  const spool = descend(place, 'action_runner.remote_status_path')
  if (spool !== undefined && /^\/(?:var\/)?tmp(?:\/|$)/.test(String(raw.action_runner?.remote_status_path))) {
    warn(
      spool,
      'anybody may write to this folder, and it may be cleared; $HOME/.tron-spool is used when the key is left out',
      problems,
    )
  }
}

function warn(place: Place, message: string, problems: ProblemList): void {
  problems.warning({ at: place.keyAt, path: place.path }, message)
}

function descend(place: Place, path: string): Place | undefined {
  let found: Place | undefined = place
  for (const key of path.split('.')) found = found && member(found, key)
  return found
}
