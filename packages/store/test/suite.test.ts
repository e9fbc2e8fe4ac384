import { storeSuite } from '@tron/store/testing'
import { memoryFixture } from './memory-fixture.ts'

storeSuite('the memory store', { create: () => memoryFixture({ shared: false }) })
storeSuite('the shared memory store', { create: () => memoryFixture({ shared: true }) })
