/** What reading a text gave: a value, or why it was refused, said so that a person can mend it. */
export type Parsed<Value> = { readonly ok: true; readonly value: Value } | Refused

/** Why a text was refused and, where one place of it is at fault, which, as an offset into it. */
export interface Refused {
  readonly ok: false
  readonly reason: string
  readonly at?: number
}

export function accepted<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value }
}

export function refused(reason: string, at?: number): Refused {
  return at === undefined ? { ok: false, reason } : { ok: false, reason, at }
}

/** What reading a part of a text gave, for the text in which the part starts at an offset. */
export function shifted<Value>(parsed: Parsed<Value>, by: number): Parsed<Value> {
  return parsed.ok || parsed.at === undefined ? parsed : { ...parsed, at: parsed.at + by }
}
