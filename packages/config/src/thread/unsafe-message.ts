import { workerData } from 'node:worker_threads'
import type { ConfigProblem, ConfigSnapshot } from '@tron/model'
import type { ConfigSource } from '../read/parse-config.ts'
import type { ReadConfig } from '../read/read-config.ts'

/** What this thread was started with. */
export function sourceOfThread(): ConfigSource {
  return workerData as ConfigSource
}

interface Message {
  /** Without its problems, which are those of the whole. */
  readonly snapshot: Omit<ConfigSnapshot, 'problems'> | null
  readonly problems: readonly ConfigProblem[]
  readonly bad: readonly string[]
  readonly hashes: readonly (readonly [string, string])[]
}

/** What was read as JSON, which is sent and read back without recursion and faster than objects. */
export function writeMessage({ snapshot, problems, bad, hashes }: ReadConfig): string {
  const message: Message = {
    snapshot: snapshot && withoutProblems(snapshot),
    problems,
    bad: [...bad],
    hashes: [...hashes],
  }
  return JSON.stringify(message)
}

function withoutProblems({ problems: _problems, ...snapshot }: ConfigSnapshot): Message['snapshot'] {
  return snapshot
}

/** What a thread of this build has written. */
export function readMessage(message: unknown): ReadConfig {
  const { snapshot, problems, bad, hashes } = JSON.parse(String(message)) as Message
  return {
    snapshot: snapshot && { ...snapshot, problems },
    problems,
    bad: new Set(bad),
    hashes: new Map(hashes),
  }
}
