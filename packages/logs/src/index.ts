export { LOGS_API, type LogKey, type LogRun, type LogStore, type LogStoreModule } from './contract.ts'
