// What README.md shows, for the compiler to check. It is compared with the page by test/fences.test.ts and never run.
import type { ExecutorModule } from '@tron/executor'
import { executor } from '@tron/executor-ssh'

executor satisfies ExecutorModule
