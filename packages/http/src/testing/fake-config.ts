import {
  type ConfigCheck,
  type ConfigFault,
  type ConfigProblem,
  type ConfigRepository,
  type ConfigSnapshot,
  contentHash,
  TronError,
} from '@tron/model'

/**
 * A configuration in memory. A text that contains `wrong` is refused at that place, and a fault when it is there from the beginning; one that contains `old`
 * is accepted with a remark. An update is refused with what `assertWorking` throws.
 */
export function createFakeConfig(
  initial: Readonly<Record<string, string>>,
  assertWorking: () => void,
): ConfigRepository {
  const stored = new Map(Object.entries(initial))
  const listeners = new Set<(snapshot: ConfigSnapshot) => void>()

  const check = (namespace: string, text: string, hash: string): ConfigCheck => {
    if (hash !== hashOf(stored.get(namespace))) {
      throw new TronError('CONFIG_STALE', 'Configuration has changed. Please try again.')
    }
    const problems = [
      ...problemsAt(namespace, text, { word: 'wrong', severity: 'error' }),
      ...problemsAt(namespace, text, { word: 'old', severity: 'warning' }),
    ]
    return problems.some((problem) => problem.severity === 'error')
      ? { ok: false, problems }
      : { ok: true, snapshot: snapshotOf(stored), problems }
  }

  return {
    texts: () =>
      Promise.resolve(new Map([...stored].map(([name, text]) => [name, { text, hash: hashOf(text) }]))),
    read: () => Promise.resolve(snapshotOf(stored)),
    check: async (namespace, text, hash) => Promise.resolve(check(namespace, text, hash)),
    async update(namespace, text, hash) {
      assertWorking()
      const result = await Promise.resolve(check(namespace, text, hash))
      if (!result.ok) return result
      if (text === '') stored.delete(namespace)
      else stored.set(namespace, text)
      for (const listener of listeners) listener(result.snapshot)
      return result
    },
    faults: () => [...stored].flatMap(([name, text]) => faultsAt(name, text)),
    onChange(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}

/** A namespace that does not exist has the hash that the API shows for it: the SHA-1 of nothing. */
function hashOf(text: string | undefined): string {
  return text === undefined ? 'da39a3ee5e6b4b0d3255bfef95601890afd80709' : contentHash(text)
}

function problemsAt(
  file: string,
  text: string,
  kind: { readonly word: string; readonly severity: ConfigProblem['severity'] },
): readonly ConfigProblem[] {
  return text.split('\n').flatMap((line, index) => {
    const at = line.indexOf(kind.word)
    if (at < 0) return []
    const message = `"${kind.word}" is not accepted`
    return [{ severity: kind.severity, file, line: index + 1, column: at + 1, path: 'jobs', message }]
  })
}

/** What was wrong from the beginning is so since the first second of 2026. */
function faultsAt(namespace: string, text: string): readonly ConfigFault[] {
  return problemsAt(namespace, text, { word: 'wrong', severity: 'error' }).map((problem) =>
    Object.assign({}, problem, { sinceMs: 1_767_225_600_000 }),
  )
}

function snapshotOf(stored: ReadonlyMap<string, string>): ConfigSnapshot {
  return {
    hash: contentHash([...stored.values()].join('\n')),
    zone: 'UTC',
    commandContext: {},
    nodes: {},
    pools: {},
    access: { agent: false, identities: [], connectTimeoutMs: 30_000, shell: 'login' },
    jobs: {},
    namespaces: [...stored.keys()],
    leftOut: [],
    problems: [],
  }
}
