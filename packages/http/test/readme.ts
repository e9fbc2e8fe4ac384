// What README.md shows, for the compiler to check. It is compared with the page by test/fences.test.ts and never run.
import type { HttpAppOptions } from '@tron/http'

declare const tron: HttpAppOptions['tron']
declare const version: string
declare const bootMs: number
declare const clock: HttpAppOptions['clock']
declare const random: HttpAppOptions['random']
declare const log: HttpAppOptions['log']

import { serve } from '@hono/node-server'
import { createHttpApp } from '@tron/http'

const app = createHttpApp({ tron, version, bootMs, clock, random, log })
serve({ fetch: app.fetch, hostname: 'localhost', port: 8089 })
