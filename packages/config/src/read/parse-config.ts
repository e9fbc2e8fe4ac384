import {
  type ConfigCheck,
  type ConfigProblem,
  type ConfigSnapshot,
  canonicalJson,
  contentHash,
  isIdentifier,
} from '@tron/model'
import { checkShape } from '../problems/check-shape.ts'
import { createProblemList, type ProblemList } from '../problems/problem-list.ts'
import { namespaceSchema } from '../schema/master.ts'
import { describeFound, isNull, type Place } from '../yaml/located.ts'
import { readYaml } from '../yaml/read-yaml.ts'
import { type JobsConfig, readJobs } from './job-config.ts'
import { type MasterConfig, type MasterDefaults, readMaster } from './master-config.ts'
import { asJson } from './unsafe-json.ts'

/** One namespace's document, and what to call it in messages. */
export interface ConfigDocument {
  readonly text: string
  readonly file: string
}

export interface ConfigSource extends MasterDefaults {
  /** By namespace, in the order in which they are listed. MASTER must be among them. */
  readonly documents: ReadonlyMap<string, ConfigDocument>
}

/** What a set of documents says: a snapshot unless MASTER is bad, and the faults of each namespace. */
export interface ParsedConfig {
  readonly snapshot: ConfigSnapshot | null
  readonly problems: readonly ConfigProblem[]
  /** The namespaces that have errors and are left out. */
  readonly bad: ReadonlySet<string>
}

/**
 * Reads all documents of a configuration into what the daemon runs by. A namespace with errors is left out and its problems are stated; only a
 * bad MASTER makes the whole bad. Pure: it reads no file, no clock and no environment.
 */
export function parseConfig(source: ConfigSource): ConfigCheck {
  const { snapshot, problems } = parseDocuments(source)
  return snapshot === null ? { ok: false, problems } : { ok: true, snapshot, problems }
}

/** As `parseConfig`, and says which namespaces are bad. */
export function parseDocuments(source: ConfigSource): ParsedConfig {
  const masterDocument = source.documents.get('MASTER')
  if (masterDocument === undefined) {
    const problems = createProblemList('MASTER', '')
    problems.error(
      { at: 0, path: '' },
      'there is no namespace MASTER, which holds the nodes and the settings for all jobs',
    )
    return { snapshot: null, problems: problems.problems, bad: new Set(['MASTER']) }
  }
  const master = openMaster(masterDocument, source)
  const namespaces = master.settings === null ? [master] : readNamespaces(source, master, master.settings)
  checkTriggers(namespaces)
  const bad = new Set(
    namespaces.filter(({ problems }) => problems.errors > 0).map(({ namespace }) => namespace),
  )
  const problems = namespaces.flatMap((namespace) => namespace.problems.problems)
  if (master.settings === null || bad.has('MASTER')) return { snapshot: null, problems, bad }
  const good = namespaces.filter(({ namespace }) => !bad.has(namespace))
  return { snapshot: snapshotOf(master.settings, good, problems), problems, bad }
}

interface ReadNamespace extends JobsConfig {
  readonly namespace: string
  readonly problems: ProblemList
}

interface OpenedMaster extends ReadNamespace {
  readonly place: Place | null
  /** Null when the settings have errors: nothing can be checked against them. */
  readonly settings: MasterConfig | null
}

function openMaster(document: ConfigDocument, defaults: MasterDefaults): OpenedMaster {
  const problems = createProblemList(document.file, document.text)
  const place = open(document.text, problems)
  const read = place === null ? null : readMaster(place, defaults, problems)
  const settings = problems.errors > 0 ? null : read
  return { namespace: 'MASTER', problems, place, settings, jobs: [], triggers: [] }
}

function readNamespaces(
  source: ConfigSource,
  master: OpenedMaster,
  settings: MasterConfig,
): readonly ReadNamespace[] {
  const { names: nodeNames, commandContext, zone, held: heldByMaster } = settings
  return [...source.documents].map(([namespace, document]) => {
    const problems =
      namespace === 'MASTER' ? master.problems : createProblemList(document.file, document.text)
    const place = namespace === 'MASTER' ? master.place : openNamespace(namespace, document, problems)
    if (place === null) return { namespace, problems, jobs: [], triggers: [] }
    const { jobs, triggers } = readJobs(place, {
      namespace,
      nodeNames,
      commandContext,
      zone,
      heldByMaster,
      problems,
    })
    return { namespace, problems, jobs, triggers }
  })
}

function openNamespace(namespace: string, document: ConfigDocument, problems: ProblemList): Place | null {
  if (!isIdentifier(namespace)) {
    const accepted = 'letters, digits, _ and -, starting with a letter or _'
    problems.error({ at: 0, path: '' }, `"${namespace}" cannot name a namespace; expected ${accepted}`)
  }
  const place = open(document.text, problems)
  if (place !== null) checkShape(namespaceSchema, place, problems)
  return place
}

function open(text: string, problems: ProblemList): Place | null {
  const located = readYaml(text, problems)
  if (located === null) return null
  if (located.kind === 'map') return { located, path: '', keyAt: located.at }
  const what = isNull(located) ? 'the document is empty' : `found ${describeFound(located)}`
  problems.error({ at: located.at, path: '' }, `${what}, expected a mapping such as jobs: {}`)
  return null
}

/** An upstream may come later, so a missing one is worth a remark only. */
function checkTriggers(namespaces: readonly ReadNamespace[]): void {
  const actions = new Set(
    namespaces.flatMap(({ jobs }) =>
      jobs.flatMap((job) => job.actions.map(({ name }) => `${job.id}.${name}`)),
    ),
  )
  for (const { triggers, problems } of namespaces) {
    for (const { upstream, ...place } of triggers) {
      if (!actions.has(upstream))
        problems.warning(place, `there is no action "${upstream}" that could publish this`)
    }
  }
}

function snapshotOf(
  settings: MasterConfig,
  namespaces: readonly ReadNamespace[],
  problems: readonly ConfigProblem[],
): ConfigSnapshot {
  const { zone, commandContext, nodes, pools, access } = settings
  const jobs = Object.fromEntries(
    namespaces.flatMap((namespace) => namespace.jobs.map((job) => [job.id, job])),
  )
  const said = {
    zone,
    commandContext,
    nodes,
    pools,
    access,
    jobs,
    namespaces: namespaces.map(({ namespace }) => namespace),
  }
  // Remarks and the lines they stand in change nothing about what runs.
  return { ...said, hash: contentHash(canonicalJson(asJson(said))), problems }
}
