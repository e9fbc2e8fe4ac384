import { storeSuite } from '@tron/store/testing'
import { sqliteFixture } from './sqlite-fixture.ts'

storeSuite('the SQLite store', { create: sqliteFixture, timeoutMs: 120_000 })
