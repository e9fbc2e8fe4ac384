import {
  type ConfigCheck,
  type ConfigProblem,
  type ConfigSnapshot,
  canonicalJson,
  contentHash,
  isIdentifier,
  type JsonValue,
} from '@tron/model'
import { isNamespaceName, NO_NAMESPACE } from '../files/file-names.ts'
import { checkShape } from '../problems/check-shape.ts'
import { createNearMisses, type NearMisses } from '../problems/near-miss.ts'
import { createProblemList, type ProblemList } from '../problems/problem-list.ts'
import { namespaceSchema } from '../schema/master.ts'
import { asJson } from '../unsafe-json.ts'
import { DEFAULT_LIMITS, type ReadLimits } from '../yaml/compose-document.ts'
import { describeFound, isNull, type Place } from '../yaml/located.ts'
import { readFaultyYaml } from '../yaml/read-yaml.ts'
import { type JobsConfig, readJobs } from './job-config.ts'
import type { JobScope } from './job-scope.ts'
import { type MasterConfig, type MasterDefaults, readMaster } from './master-config.ts'
import { UNNAMED } from './named-entries.ts'
import { checkTriggers } from './trigger-graph.ts'

/** One namespace's document, and what to call it in messages. */
export interface ConfigDocument {
  readonly text: string
  readonly file: string
  /** Why the text cannot be what the file holds, such as bytes that are no text; then it is not read. */
  readonly fault?: { readonly at: number; readonly message: string }
}

export interface ConfigSource extends MasterDefaults {
  /** By namespace, in the order in which they are listed. MASTER must be among them. */
  readonly documents: ReadonlyMap<string, ConfigDocument>
  /** What a document may ask of the reader; unless given 16 MB of text, and 200 levels in the thread that calls. */
  readonly limits?: Partial<ReadLimits>
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
 * bad MASTER makes the whole bad. Every error of every document is found, whatever is wrong elsewhere. Pure: it reads no file, no clock and no
 * environment, and takes its time in this thread; `createConfigParser` does it in another.
 */
export function parseConfig(source: ConfigSource): ConfigCheck {
  const { snapshot, problems } = parseDocuments(source)
  return snapshot === null ? { ok: false, problems } : { ok: true, snapshot, problems }
}

/** As `parseConfig`, and says which namespaces are bad and what each document holds that is YAML. */
export function parseDocuments(
  source: ConfigSource,
): ParsedConfig & { readonly contents: ReadonlyMap<string, JsonValue> } {
  const reading = { limits: { ...DEFAULT_LIMITS, ...source.limits }, near: createNearMisses() }
  const master = openMaster(source, reading)
  const namespaces = readNamespaces(source, master, reading)
  checkTriggers(namespaces)
  const bad = new Set(
    namespaces.filter(({ problems }) => problems.errors > 0).map(({ namespace }) => namespace),
  )
  const problems = namespaces.flatMap((namespace) => namespace.problems.problems)
  const contents = new Map(
    namespaces.flatMap(({ namespace, content }) => (content === undefined ? [] : [[namespace, content]])),
  )
  if (master.settings === null || bad.has(MASTER)) return { snapshot: null, problems, bad, contents }
  const good = namespaces.filter(({ namespace }) => !bad.has(namespace))
  const snapshot = { ...snapshotOf(master.settings, good), leftOut: [...bad], problems }
  return { snapshot, problems, bad, contents }
}

const MASTER = 'MASTER'

interface ReadNamespace extends JobsConfig {
  readonly namespace: string
  readonly problems: ProblemList
  /** Absent when the text is not YAML. */
  readonly content?: JsonValue
}

/** What all documents of one reading have in common. */
interface Reading {
  readonly limits: ReadLimits
  readonly near: NearMisses
}

/** A document with the place of what it holds; null when that is nothing to go on with. */
interface Opened {
  readonly problems: ProblemList
  readonly place: Place | null
  readonly content?: JsonValue
}

interface OpenedMaster extends Opened {
  /** Null when the document cannot be read at all. */
  readonly settings: MasterConfig | null
}

function openMaster(source: ConfigSource, reading: Reading): OpenedMaster {
  const document = source.documents.get(MASTER)
  if (document === undefined) {
    const problems = createProblemList(MASTER, '')
    const message = 'there is no namespace MASTER, which holds the nodes and the settings for all jobs'
    problems.error({ at: 0, path: '' }, message)
    return { place: null, settings: null, problems }
  }
  const opened = open(document, reading)
  return { ...opened, settings: opened.place && readMaster(opened.place, source, opened.problems) }
}

function readNamespaces(
  source: ConfigSource,
  master: OpenedMaster,
  reading: Reading,
): readonly ReadNamespace[] {
  const known = knownToJobs(source, master.settings)
  const read = [...source.documents].map(([namespace, document]) => {
    const opened = namespace === MASTER ? master : openNamespace(namespace, document, reading)
    return readNamespace(namespace, opened, known)
  })
  return source.documents.has(MASTER) ? read : [readNamespace(MASTER, master, known), ...read]
}

function readNamespace(
  namespace: string,
  { place, problems, content }: Opened,
  known: Omit<JobScope, 'namespace' | 'problems'>,
): ReadNamespace {
  // The jobs of one that cannot be named are checked all the same, under a name that stands in.
  const scope = { ...known, namespace: isIdentifier(namespace) ? namespace : UNNAMED, problems }
  const read = place === null ? NO_JOBS : readJobs(place, scope)
  return { namespace, problems, ...read, ...(content === undefined ? {} : { content }) }
}

const NO_JOBS: JobsConfig = { jobs: [], triggers: [], published: [] }

/** What jobs may refer to; where MASTER is too wrong to tell, nothing is said about references. */
function knownToJobs(
  { executors, systemZone }: MasterDefaults,
  settings: MasterConfig | null,
): Omit<JobScope, 'namespace' | 'problems'> {
  return {
    nodeNames: settings?.names ?? null,
    commandContext: settings?.commandContext ?? null,
    zone: settings?.zone ?? systemZone,
    executors: executors === undefined ? null : new Set(executors),
    heldByMaster: settings?.held ?? [],
    heldByNode: settings?.heldByNode ?? new Map(),
    schedules: new Map(),
  }
}

function openNamespace(namespace: string, document: ConfigDocument, reading: Reading): Opened {
  const opened = open(document, reading)
  if (!isNamespaceName(namespace)) {
    opened.problems.error({ at: 0, path: '' }, `"${namespace}" ${NO_NAMESPACE}`)
  }
  if (opened.place !== null) checkShape(namespaceSchema, opened.place, opened.problems)
  return opened
}

function open({ text, file, fault }: ConfigDocument, { limits, near }: Reading): Opened {
  const problems = createProblemList(file, text, near)
  if (fault !== undefined) problems.error({ at: fault.at, path: '' }, fault.message)
  const located = fault === undefined ? readFaultyYaml(text, problems, limits) : null
  if (located === null) return { problems, place: null }
  const content = problems.errors > 0 ? {} : { content: located.json }
  if (located.kind === 'map') return { problems, place: { located, path: '', keyAt: located.at }, ...content }
  if (located.isFaulty) return { problems, place: null }
  const what = isNull(located) ? 'the document is empty' : `found ${describeFound(located)}`
  problems.error({ at: located.at, path: '' }, `${what}, expected a mapping such as jobs: {}`)
  return { problems, place: null, ...content }
}

function snapshotOf(
  settings: MasterConfig,
  namespaces: readonly ReadNamespace[],
): Omit<ConfigSnapshot, 'leftOut' | 'problems'> {
  const { zone, nodes, pools, access } = settings
  const commandContext = settings.commandContext ?? {}
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
  // Each job has its hash already, of all but what it says about itself.
  const hashes = Object.fromEntries(
    Object.values(jobs).map(({ id, hash, description, owner, heldAt }) => [
      id,
      { hash, description, owner, heldAt },
    ]),
  )
  // Remarks and the lines they stand in change nothing about what runs.
  return { ...said, hash: contentHash(canonicalJson(asJson({ ...said, jobs: hashes }))) }
}
