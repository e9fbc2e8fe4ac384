import {
  type Clock,
  type ConfigCheck,
  type ConfigProblem,
  type ConfigRepository,
  type ConfigSnapshot,
  type ConfigText,
  type Logger,
  messageOf,
  TronError,
} from '@tron/model'
import { formatProblems } from '../problems/format-problems.ts'
import type { MasterDefaults } from '../read/master-config.ts'
import type { ParsedConfig } from '../read/parse-config.ts'
import type { ReadConfig } from '../read/read-config.ts'
import { type ConfigParser, createConfigParser } from '../thread/config-parser.ts'
import { DEFAULT_LIMITS } from '../yaml/compose-document.ts'

import { type AssessedChange, assessChange, toCheck } from './assess-change.ts'
import { type ConfigDisk, createConfigDisk } from './config-disk.ts'
import { NO_DOCUMENT_HASH } from './document-hash.ts'
import { createFaultList, type FaultList } from './fault-list.ts'
import { keepRunning } from './keep-running.ts'
import { digestOfOwnCode } from './own-code.ts'
import { createRememberingParser, type RememberingParser } from './remembering-parser.ts'
import { type ParseDocuments, type RunningConfig, runningOf } from './running-config.ts'
import { type ConfigStorage, createConfigStorage, documentsOf, type StoredConfig } from './stored-config.ts'

export interface ConfigFilesOptions extends MasterDefaults {
  /** The configuration folder, absolute. */
  readonly directory: string
  /** The daemon's working directory, absolute: paths in the manifest are relative to it. */
  readonly workingDirectory: string
  readonly log: Logger
  /** Tells since when something is wrong. */
  readonly clock: Pick<Clock, 'nowMs'>
  /** The largest file or upload that is read, in bytes; 16 MB unless given. */
  readonly maxBytes?: number
  /** Where what the configuration says is kept, so that a start with the same files parses nothing; nowhere unless given. */
  readonly cacheFile?: string
  /** A thread for each reading unless given. */
  readonly parser?: ConfigParser
  /** The disk of this machine unless given. */
  readonly disk?: ConfigDisk
}

/** The configuration as files: a manifest, and a file for each namespace. */
export interface ConfigFiles extends ConfigRepository {
  /**
   * Reads the files again, as after an edit by hand, and tells the listeners what is good of them. A namespace that was good and has errors now goes
   * on as it ran. Nothing changes when there is no MASTER to run by.
   */
  reread(): Promise<Reread>
}

/** What came of reading the files again; `kept` are namespaces of which something else is stored than what runs on. */
export type Reread = ConfigCheck & { readonly kept: readonly string[] }

/** Keeps a configuration in a folder. The files are the truth: they are read at each call, one call at a time. */
export function createConfigFiles(options: ConfigFilesOptions): ConfigFiles {
  const { disk = createConfigDisk(), maxBytes = DEFAULT_LIMITS.maxBytes } = options
  const { directory, workingDirectory } = options
  const oneAtATime = createQueue()
  const state: State = {
    log: options.log,
    storage: createConfigStorage({ directory, workingDirectory, disk, maxBytes }),
    parser: parserOf(options, disk, maxBytes),
    faults: createFaultList(options.clock),
    running: null,
    listeners: new Set(),
  }
  return {
    texts: () => oneAtATime(() => texts(state)),
    read: () => oneAtATime(() => read(state)),
    check: (namespace, text, hash) =>
      oneAtATime(async () => toCheck((await assess(state, { namespace, text, hash })).change)),
    update: (namespace, text, hash) => oneAtATime(() => update(state, { namespace, text, hash })),
    reread: () =>
      oneAtATime(() =>
        reread(state).catch((error: unknown) => {
          state.faults.noteUnreadable(error, directory)
          throw error
        }),
      ),
    faults: () => state.faults.faults,
    onChange: (listener) => {
      state.listeners.add(listener)
      return () => state.listeners.delete(listener)
    },
  }
}

function parserOf(options: ConfigFilesOptions, disk: ConfigDisk, maxBytes: number): RememberingParser {
  const { systemZone, daemonUser, executors, cacheFile, log, parser = createConfigParser() } = options
  const defaults = { systemZone, daemonUser, ...(executors === undefined ? {} : { executors }) }
  const limits = { maxBytes }
  let code: Promise<string> | undefined
  return createRememberingParser({
    parse: (documents) => parser.read({ documents, limits, ...defaults }),
    surroundings: JSON.stringify([defaults, limits]),
    code: () => (code ??= digestOfOwnCode()),
    disk,
    cacheFile,
    log,
  })
}

interface State {
  readonly log: Logger
  readonly storage: ConfigStorage
  readonly parser: RememberingParser
  readonly faults: FaultList
  /** Null until the configuration was read. */
  running: RunningConfig | null
  readonly listeners: Set<(snapshot: ConfigSnapshot) => void>
}

interface Upload {
  readonly namespace: string
  readonly text: string
  readonly hash: string
}

interface Stored {
  readonly stored: StoredConfig
  readonly parsed: ReadConfig
}

async function load({ storage, parser }: State): Promise<Stored> {
  const stored = await storage.load()
  return { stored, parsed: withRemarks(await parser.read(documentsOf(stored)), stored.problems) }
}

/** With what is to be said about the manifest. */
function withRemarks<Read extends ParsedConfig>(parsed: Read, remarks: readonly ConfigProblem[]): Read {
  const problems = [...remarks, ...parsed.problems]
  return { ...parsed, snapshot: parsed.snapshot && { ...parsed.snapshot, problems }, problems }
}

async function texts(state: State): Promise<ReadonlyMap<string, ConfigText>> {
  const { stored, parsed } = await load(state)
  return new Map(
    Array.from(stored.namespaces, ([namespace, { text }]) => [
      namespace,
      { text, hash: parsed.hashes.get(namespace) ?? NO_DOCUMENT_HASH },
    ]),
  )
}

async function read(state: State): Promise<ConfigSnapshot> {
  const { stored, parsed } = await load(state)
  state.faults.note(parsed.problems)
  if (parsed.snapshot === null) throw invalid(parsed.problems)
  state.running = runningOf(parsed, documentsOf(stored))
  report(parsed.problems, state.log)
  await state.parser.keep(documentsOf(stored))
  return parsed.snapshot
}

/** Judges an upload against what is stored. @throws CONFIG_STALE when it is not an update of that */
async function assess(
  state: State,
  { namespace, text, hash }: Upload,
): Promise<{ readonly stored: StoredConfig; readonly change: AssessedChange }> {
  const { storage, parser } = state
  const { stored, parsed } = await load(state)
  if (hash !== (parsed.hashes.get(namespace) ?? NO_DOCUMENT_HASH)) {
    throw new TronError('CONFIG_STALE', `the configuration of ${namespace} was changed since it was read`)
  }
  const running = state.running ?? runningOf(parsed, documentsOf(stored))
  const path = storage.pathOf(stored, namespace)
  const parse: ParseDocuments = (documents) => parser.read(documents)
  const around = { stored, running, path, parse }
  return { stored, change: await assessChange({ namespace, text }, around) }
}

async function update(state: State, upload: Upload): Promise<ConfigCheck> {
  const { storage, parser, log } = state
  const { stored, change } = await assess(state, upload)
  if (change.next === null) return toCheck(change)
  if (upload.text === '') await remove(state, stored, upload.namespace)
  else await storage.put(stored, upload.namespace, upload.text)
  // Whoever uploaded is told; those who look into the log are not the same.
  report(change.problems, log)
  state.faults.note(change.next.snapshot.problems)
  tell(state, change.next.snapshot, change.next.running)
  await parser.keep(documentsOf(await storage.load()))
  return toCheck(change)
}

async function remove({ storage, log }: State, stored: StoredConfig, namespace: string): Promise<void> {
  const path = storage.pathOf(stored, namespace)
  const error = await storage.remove(stored, namespace)
  if (error !== null) log.warn('the file of a deleted namespace is still there', { namespace, path, error })
}

async function reread(state: State): Promise<Reread> {
  const stored = await state.storage.load()
  const parse: ParseDocuments = (set) => state.parser.read(set)
  const found = await keepRunning(documentsOf(stored), { running: state.running ?? new Map(), parse })
  const { documents, parsed, kept } = found
  const problems = [...stored.problems, ...found.problems, ...parsed.problems]
  report(problems, state.log)
  state.faults.note(problems)
  if (parsed.snapshot === null) return { ok: false, problems, kept }
  const snapshot = { ...parsed.snapshot, problems }
  tell(state, snapshot, runningOf(parsed, documents))
  await state.parser.keep(documentsOf(stored))
  return { ok: true, snapshot, problems, kept }
}

function tell(state: State, snapshot: ConfigSnapshot, running: RunningConfig): void {
  state.running = running
  for (const listener of state.listeners) {
    try {
      listener(snapshot)
    } catch (error) {
      state.log.error('a listener of the configuration failed', { error: messageOf(error) })
    }
  }
}

function invalid(problems: ParsedConfig['problems']): TronError {
  const errors = problems.filter(({ severity }) => severity === 'error')
  const message = `the configuration is not valid:\n${formatProblems(errors)}`
  return new TronError('CONFIG_INVALID', message, { details: { problems } })
}

function report(problems: readonly ConfigProblem[], log: Logger): void {
  for (const { severity, ...fields } of problems) {
    if (severity === 'error') log.error('configuration error', fields)
    else log.warn('configuration remark', fields)
  }
}

/** Runs calls one after the other, so that what one has read is still there when it writes. */
function createQueue(): <Value>(call: () => Promise<Value>) => Promise<Value> {
  let last: Promise<unknown> = Promise.resolve()
  return (call) => {
    const result = last.then(call)
    last = result.catch(() => undefined)
    return result
  }
}
