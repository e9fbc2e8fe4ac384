export { type LogsFixture, logsSuite } from './logs-suite.ts'
export { createMemoryLogs } from './memory-logs.ts'
