import { createFakeFixture, executorSuite } from '@tron/executor/testing'
import { realClock } from './real-clock.ts'

executorSuite('the fake', { create: async () => createFakeFixture({ clock: realClock }) })
