// What README.md shows, for the compiler to check. It is compared with the page by test/fences.test.ts and never run.
import { createClient } from '@tron/api-client'

const tron = createClient({
  baseUrl: 'http://localhost:8089',
  actor: 'ann',
  userAgent: 'Tron Command/1 (ann)',
})
await tron.commandJob('MASTER.nightly', { command: 'start' })
