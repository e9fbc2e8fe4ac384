export { createManualClock, type ManualClock, settle } from './manual-clock.ts'
export { createMemoryLogger, type LogLine } from './memory-logger.ts'
export { createSeededRandom } from './seeded-random.ts'
