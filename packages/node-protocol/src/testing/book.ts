import { createHash } from 'node:crypto'
import type { Clock } from '@tron/model'
import type { Coverage } from './coverage.ts'
import { RULES, type Rule } from './rules.ts'

/** What happened in one run, and the first rule that was broken. */
export interface Book {
  cover(what: Coverage): void
  /** Notes a happening in plain words. */
  tell(text: string): void
  /** Notes something too frequent to be told, so that equal runs can be compared all the same. */
  mark(text: string): void
  broken(rule: Rule, text: string): void
  violation(): { readonly rule: string; readonly story: readonly string[] } | null
  coverage(): readonly string[]
  digest(): string
}

/** The last happenings before a rule was broken are enough to understand it. */
const STORY_LINES = 600

export function createBook(clock: Clock): Book {
  const covered = new Set<Coverage>()
  const hash = createHash('sha256')
  const story: string[] = []
  let violation: ReturnType<Book['violation']> = null

  const mark = (text: string): void => {
    hash.update(`${clock.monotonicMs()} ${text}\n`)
  }
  const tell = (text: string): void => {
    mark(text)
    story.push(`${(clock.monotonicMs() / 1000).toFixed(3)} s: ${text}`)
    if (story.length > STORY_LINES * 2) story.splice(0, STORY_LINES)
  }
  return {
    mark,
    tell,
    cover(what) {
      if (covered.has(what)) return
      covered.add(what)
      mark(what)
    },
    broken(rule, text) {
      tell(`BROKEN: ${text}`)
      violation ??= { rule: RULES[rule], story: story.slice(-STORY_LINES) }
    },
    violation: () => violation,
    coverage: () => [...covered].toSorted(),
    digest: () => hash.copy().digest('hex'),
  }
}
