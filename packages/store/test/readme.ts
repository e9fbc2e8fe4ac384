// What README.md shows, for the compiler to check. It is compared with the page by test/fences.test.ts and never run.
import type { StoreFixture } from '@tron/store/testing'

declare const open: StoreFixture['open']
declare const crash: StoreFixture['crash']
declare const failNext: NonNullable<StoreFixture['failNext']>
declare const cutOff: NonNullable<StoreFixture['cutOff']>
declare const dispose: () => Promise<void>

import { storeSuite } from '@tron/store/testing'

storeSuite('my store', {
  create: async () => ({ open, crash, failNext, cutOff, [Symbol.asyncDispose]: dispose }),
})
