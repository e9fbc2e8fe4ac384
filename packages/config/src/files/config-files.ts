import {
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
import {
  type AssessedChange,
  assessChange,
  type GoodConfig,
  parseStored,
  type RunningConfig,
  runningStored,
  toCheck,
} from './assess-change.ts'
import { type ConfigDisk, createConfigDisk } from './config-disk.ts'
import { documentHash, NO_DOCUMENT_HASH } from './document-hash.ts'
import { type ConfigStorage, createConfigStorage, type StoredConfig } from './stored-config.ts'

export interface ConfigFilesOptions extends MasterDefaults {
  /** The configuration folder, absolute. */
  readonly directory: string
  /** The daemon's working directory, absolute: paths in the manifest are relative to it. */
  readonly workingDirectory: string
  readonly log: Logger
  /** The disk of this machine unless given. */
  readonly disk?: ConfigDisk
}

/** The configuration as files: a manifest, and a file for each namespace. */
export interface ConfigFiles extends ConfigRepository {
  /**
   * Reads the files again, as after an edit by hand, and tells the listeners. When a namespace that was good has errors now, nothing changes and
   * the running configuration stays.
   */
  reread(): Promise<ConfigCheck>
}

/** Keeps a configuration in a folder. The files are the truth: they are read at each call, one call at a time. */
export function createConfigFiles(options: ConfigFilesOptions): ConfigFiles {
  const storage = createConfigStorage(options, options.disk ?? createConfigDisk())
  const oneAtATime = createQueue()
  const state: State = { options, storage, running: null, listeners: new Set(), hashes: createHashes() }
  return {
    texts: () => oneAtATime(() => texts(state)),
    read: () => oneAtATime(() => read(state)),
    check: (namespace, text, hash) =>
      oneAtATime(async () => toCheck((await assess(state, { namespace, text, hash })).change)),
    update: (namespace, text, hash) => oneAtATime(() => update(state, { namespace, text, hash })),
    reread: () => oneAtATime(() => reread(state)),
    onChange: (listener) => {
      state.listeners.add(listener)
      return () => state.listeners.delete(listener)
    },
  }
}

interface State {
  readonly options: ConfigFilesOptions
  readonly storage: ConfigStorage
  /** Null until the configuration was read. */
  running: RunningConfig | null
  readonly listeners: Set<(snapshot: ConfigSnapshot) => void>
  readonly hashes: Hashes
}

interface Upload {
  readonly namespace: string
  readonly text: string
  readonly hash: string
}

async function texts({ storage, hashes }: State): Promise<ReadonlyMap<string, ConfigText>> {
  const { namespaces } = await storage.load()
  return new Map(
    Array.from(namespaces, ([namespace, { text }]) => [
      namespace,
      { text, hash: hashes.of(namespace, text) },
    ]),
  )
}

async function read(state: State): Promise<ConfigSnapshot> {
  const stored = await state.storage.load()
  const parsed = parseStored(stored, state.options)
  if (parsed.snapshot === null) throw invalid(parsed.problems)
  state.running = runningStored(parsed, stored)
  report(parsed.problems, state.options.log)
  return parsed.snapshot
}

/** Judges an upload against what is stored. @throws CONFIG_STALE when it is not an update of that */
async function assess(
  state: State,
  { namespace, text, hash }: Upload,
): Promise<{ readonly stored: StoredConfig; readonly change: AssessedChange }> {
  const { options: defaults, storage, hashes } = state
  const stored = await storage.load()
  const now = stored.namespaces.get(namespace)
  const expected = now === undefined ? NO_DOCUMENT_HASH : hashes.of(namespace, now.text)
  if (hash !== expected) {
    throw new TronError('CONFIG_STALE', `the configuration of ${namespace} was changed since it was read`)
  }
  const running = state.running ?? runningStored(parseStored(stored, defaults), stored)
  return { stored, change: assessChange({ namespace, text }, { stored, running, defaults }) }
}

async function update(state: State, upload: Upload): Promise<ConfigCheck> {
  const { stored, change } = await assess(state, upload)
  if (change.next === null) return toCheck(change)
  if (upload.text === '') await state.storage.remove(stored, upload.namespace)
  else await state.storage.put(stored, upload.namespace, upload.text)
  tell(state, change.next.config, change.next.running)
  return toCheck(change)
}

async function reread(state: State): Promise<ConfigCheck> {
  const stored = await state.storage.load()
  const parsed = parseStored(stored, state.options)
  report(parsed.problems, state.options.log)
  const { snapshot, problems } = parsed
  const before = state.running?.bad ?? parsed.bad
  const refused = snapshot === null || [...parsed.bad].some((namespace) => !before.has(namespace))
  if (refused) return { ok: false, problems }
  tell(state, { ...parsed, snapshot }, runningStored(parsed, stored))
  return { ok: true, snapshot, problems }
}

function tell(state: State, { snapshot }: GoodConfig, running: RunningConfig): void {
  state.running = running
  for (const listener of state.listeners) {
    try {
      listener(snapshot)
    } catch (error) {
      state.options.log.error('a listener of the configuration failed', { error: messageOf(error) })
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

interface Hashes {
  of(namespace: string, text: string): string
}

/** Remembers the latest hash of each namespace: taking it parses the document. */
function createHashes(): Hashes {
  const known = new Map<string, ConfigText>()
  return {
    of: (namespace, text) => {
      const before = known.get(namespace)
      if (before?.text === text) return before.hash
      const hash = documentHash(text)
      known.set(namespace, { text, hash })
      return hash
    },
  }
}
