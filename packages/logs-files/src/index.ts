export { createFileLogs, type FileLogsOptions } from './file-logs.ts'
export { logs } from './file-logs-module.ts'
