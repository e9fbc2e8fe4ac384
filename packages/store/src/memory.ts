export { type CommitFault, MemoryDatabase } from './memory-database.ts'
export { createMemoryStore, memoryStoreModule } from './memory-store.ts'
