import { z } from 'zod'
import { KUBERNETES_SHAPE } from './container.ts'
import {
  anyMapping,
  flag,
  identifier,
  interval,
  isMapping,
  listOf,
  nodeReference,
  objectOf,
  oneOf,
  present,
  text,
  timeZone,
  wholeNumber,
} from './values.ts'

const anyValue = z.unknown().optional()

const command = text.refine((value) => value.trim() !== '', { error: 'a command that is not empty' })

const envValue = z.union([z.string(), z.number(), z.boolean()], { error: 'text, a number, true or false' })

const publications = z.custom<unknown>(
  (value) => value === null || typeof value === 'boolean' || isMapping(value),
  {
    error: 'true, false or a mapping',
  },
)

const BOTH_KINDS = {
  name: anyValue,
  command,
  node: nodeReference.optional(),
  retries: wholeNumber(0).optional(),
  retries_delay: interval.optional(),
  expected_runtime: interval.optional(),
  executor: oneOf(['ssh', 'mesos', 'kubernetes', 'spark']).optional(),
  env: z.record(z.string(), envValue, { error: 'a mapping' }).optional(),
  trigger_downstreams: publications.optional(),
  triggered_by: listOf(text).optional(),
  on_upstream_rerun: oneOf(['rerun']).optional(),
  trigger_timeout: interval.optional(),
  idempotent: anyValue,
  ...KUBERNETES_SHAPE,
}

export const actionSchema = objectOf({ ...BOTH_KINDS, requires: listOf(identifier).optional() })

export const cleanupSchema = objectOf(BOTH_KINDS)

export type RawAction = z.output<typeof actionSchema>

export const jobSchema = objectOf({
  name: anyValue,
  node: nodeReference,
  schedule: present('a schedule such as "cron 0 3 * * *"'),
  actions: present('a mapping or list of actions'),
  cleanup_action: z.unknown().optional(),
  run_limit: wholeNumber(1).default(50),
  all_nodes: flag.default(false),
  enabled: flag.default(true),
  queueing: flag.default(true),
  allow_overlap: flag.default(false),
  max_runtime: interval.optional(),
  expected_runtime: interval.default(86_400_000),
  time_zone: timeZone.optional(),
  monitoring: anyMapping.default({}),
  use_k8s: flag.default(false),
  namespace: anyValue,
})

export type RawJob = z.output<typeof jobSchema>
