import { Temporal } from '@tron/model/temporal'

/** What happens in a simulation, told as it happens. */
export interface Story {
  /** @param about ids and names that the sentence concerns; none for what concerns all */
  tell(text: string, about?: readonly string[]): void
  /** The newest sentences that concern one of these, or all, oldest first, each with its time. */
  about(names: readonly string[], most: number): readonly string[]
}

interface Line {
  readonly atMs: number
  readonly text: string
  readonly about: readonly string[]
}

/** Sentences that are kept: older ones are dropped, they matter little to what went wrong. */
const KEPT = 20_000

export function createStory(nowMs: () => number): Story {
  let lines: Line[] = []
  return {
    tell(text, about = []) {
      lines.push({ atMs: nowMs(), text, about })
      if (lines.length > 2 * KEPT) lines = lines.slice(-KEPT)
    },
    about(names, most) {
      const wanted = lines.filter(
        ({ about }) => about.length === 0 || about.some((name) => concerns(name, names)),
      )
      return wanted.slice(-most).map(({ atMs, text }) => `${instantText(atMs)}  ${text}`)
    },
  }
}

/** A run concerns its job, and an action its run; nodes and attempts concern themselves. */
function concerns(name: string, names: readonly string[]): boolean {
  return names.some((other) => other === name || name.startsWith(`${other}.`) || other.startsWith(`${name}.`))
}

/** An instant as people read it, in UTC. */
export function instantText(ms: number): string {
  const text = Temporal.Instant.fromEpochMilliseconds(ms).toString({ smallestUnit: 'millisecond' })
  return text.replace('T', ' ').replace('Z', '')
}
