import type { BrokenExecutor } from './broken-executor.ts'
import { BROKEN_KEEPING } from './keeping.ts'
import { BROKEN_STARTS } from './start.ts'
import { BROKEN_TELLING } from './telling.ts'
import { BROKEN_TRACKING } from './tracking.ts'

/** For each rule an executor that breaks it: the proof that the rule finds what it is for. */
export const brokenExecutors: readonly BrokenExecutor[] = [
  ...BROKEN_STARTS,
  ...BROKEN_TRACKING,
  ...BROKEN_TELLING,
  ...BROKEN_KEEPING,
]
