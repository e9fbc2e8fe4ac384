/** One instant that a schedule names, before jitter. */
export interface Instant {
  readonly atMs: number
  /** What a change of the clocks has to do with it: it was moved, or is one of two equal times. Null for ordinary ones. */
  readonly note: string | null
}

/** A schedule that can be asked. Cheap to keep: patterns are shared between equal ones. */
export interface CompiledSchedule {
  /** The first instant strictly after `afterMs`, milliseconds since the epoch; null when there is none before the year 2400. */
  next(afterMs: number): Instant | null
}
