import { type Clock, type ConfigFault, type ConfigProblem, messageOf } from '@tron/model'

/** Remembers what is wrong with what is stored, and since when. */
export interface FaultList {
  readonly faults: readonly ConfigFault[]
  /** What a reading found: its errors are all there are now. */
  note(problems: readonly ConfigProblem[]): void
  /** Nothing of the folder could be read: what was wrong is taken for wrong still. */
  noteUnreadable(error: unknown, directory: string): void
}

export function createFaultList(clock: Pick<Clock, 'nowMs'>): FaultList {
  let faults: readonly ConfigFault[] = []
  const note = (problems: readonly ConfigProblem[]) => {
    const since = new Map(faults.map(({ file, sinceMs }) => [file, sinceMs]))
    const nowMs = clock.nowMs()
    faults = problems
      .filter(({ severity }) => severity === 'error')
      .map((problem) => Object.assign({}, problem, { sinceMs: since.get(problem.file) ?? nowMs }))
  }
  return {
    get faults() {
      return faults
    },
    note,
    noteUnreadable: (error, directory) => {
      const place = { file: directory, line: 1, column: 1, path: '' }
      const others = faults.filter(({ file }) => file !== directory)
      note([{ severity: 'error', ...place, message: messageOf(error) }, ...others])
    },
  }
}
