import type { ProblemList } from '../problems/problem-list.ts'
import { KUBERNETES_SHAPE } from '../schema/container.ts'
import type { RawAction, RawJob } from '../schema/job.ts'
import { isEmpty } from '../schema/values.ts'
import { isNull, member, type Place } from '../yaml/located.ts'

/** Something that a job asks for and this version does not do: at which key, and what. */
interface NotDone {
  readonly key: string
  readonly what: string
}

/** Why a job is held because of keys of its own; each reason is also a warning at its key. */
export function heldByJob(raw: RawJob, place: Place, problems: ProblemList): readonly string[] {
  const wanted: NotDone[] = []
  if (raw.all_nodes) wanted.push({ key: 'all_nodes', what: 'running on every node of a pool' })
  if (raw.max_runtime !== undefined)
    wanted.push({ key: 'max_runtime', what: 'ending runs that take too long' })
  if (raw.use_k8s) wanted.push({ key: 'use_k8s', what: 'running on Kubernetes' })
  return stated(wanted, place, problems)
}

/** Why a job is held because of keys of one of its actions. */
export function heldByAction(raw: RawAction, place: Place, problems: ProblemList): readonly string[] {
  const { executor = 'ssh', retries = 0, triggered_by: triggers = [] } = raw
  const wanted: NotDone[] = []
  if (retries > 0) wanted.push({ key: 'retries', what: 'starting an action again after a failure' })
  if (!isEmpty(raw.trigger_downstreams ?? null))
    wanted.push({ key: 'trigger_downstreams', what: 'publishing triggers' })
  if (triggers.length > 0) wanted.push({ key: 'triggered_by', what: 'waiting for triggers' })
  if (raw.on_upstream_rerun !== undefined)
    wanted.push({ key: 'on_upstream_rerun', what: 'following reruns of others' })
  if (executor === 'ssh') wanted.push(...containerKeys(place))
  else wanted.push({ key: 'executor', what: executorWanted(executor) })
  return stated(wanted, place, problems)
}

function executorWanted(executor: string): string {
  if (executor === 'mesos') return 'running on Mesos, which is retired (use ssh or kubernetes),'
  return `running on ${executor === 'spark' ? 'Spark' : 'Kubernetes'}`
}

/** What only containers obey holds the job too: running it without its limits or secrets would be another job. */
function containerKeys(place: Place): readonly NotDone[] {
  return Object.keys(KUBERNETES_SHAPE).flatMap((key) => {
    const found = member(place, key)
    if (found === undefined || isNull(found.located) || isEmpty(found.located.json)) return []
    return [{ key, what: 'running in a container, which alone has this,' }]
  })
}

function stated(wanted: readonly NotDone[], place: Place, problems: ProblemList): readonly string[] {
  return wanted.map(({ key, what }) => {
    const found = member(place, key) ?? place
    const reason = `${what} is not done by this version`
    problems.warning({ at: found.keyAt, path: found.path }, `${key}: ${reason}; the job is held`)
    return `${found.path}: ${reason}`
  })
}
