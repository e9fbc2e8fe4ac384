/** What reading a text gave: a value, or why it was refused, said so that a person can mend it. */
export type Parsed<Value> = { readonly ok: true; readonly value: Value } | Refused

/** One thing that is wrong. */
export interface Fault {
  readonly reason: string
  /** Where in the text, as an offset into it; absent when no one place of it is at fault. */
  readonly at?: number
  /** At which key, in what is written as a mapping. */
  readonly key?: string
}

/** Why something was refused, with what else is wrong with it. */
export interface Refused extends Fault {
  readonly ok: false
  readonly more?: readonly Fault[]
}

export function accepted<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value }
}

export function refused(reason: string, at?: number): Refused {
  return at === undefined ? { ok: false, reason } : { ok: false, reason, at }
}

/** The refusal of a part of a text, for the text in which the part starts at an offset. */
export function shifted(part: Refused, by: number): Refused {
  const moved = <Moved extends Fault>(fault: Moved): Moved =>
    fault.at === undefined ? fault : { ...fault, at: fault.at + by }
  const { more } = part
  return moved(more === undefined ? part : { ...part, more: more.map(moved) })
}

/** Collects what is wrong with the parts of something, so that all of it is told at once. */
export interface Faults {
  add(fault: Fault): void
  /** The value of a part, which stands at a key when one is named; `otherwise` when it was refused. */
  take<Value>(part: Parsed<Value>, otherwise: Value, key?: string): Value
  /** The refusal of the whole; null when nothing is wrong. */
  refusal(): Refused | null
}

export function createFaults(): Faults {
  const faults: Fault[] = []
  return {
    add: (fault) => {
      faults.push(fault)
    },
    take: (part, otherwise, key) => {
      if (part.ok) return part.value
      const { reason, at, more = [] } = part
      const first = at === undefined ? { reason } : { reason, at }
      for (const fault of [first, ...more]) faults.push(key === undefined ? fault : { ...fault, key })
      return otherwise
    },
    refusal: () => {
      const [first, ...more] = faults
      if (first === undefined) return null
      return { ok: false, ...first, ...(more.length === 0 ? {} : { more }) }
    },
  }
}
