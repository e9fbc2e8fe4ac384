import { z } from 'zod'
import type {
  ActionQuery,
  CommandBody,
  ConfigBody,
  ConfigQuery,
  HistoryQuery,
  JobQuery,
  JobsQuery,
  RecoverBody,
  RunQuery,
} from './requests.ts'

/** A flag as Tron writes it: digits, 0 is no, anything else yes. */
const flag = (missing: boolean) =>
  z
    .string()
    .regex(/^\d+$/, '0 or 1')
    .transform((text) => Number(text) !== 0)
    .default(missing)

/** A whole number of at least 0; 0, also when missing, means no choice was made. */
const count = z
  .string()
  .regex(/^\d{1,9}$/, 'a whole number of at most 9 digits')
  .transform(Number)
  .default(0)

export const jobsQuery: z.ZodType<JobsQuery> = z.object({
  include_job_runs: flag(false),
  include_action_runs: flag(false),
  include_action_graph: flag(true),
  include_node_pool: flag(true),
})

export const jobQuery: z.ZodType<JobQuery> = z.object({
  include_action_runs: flag(false),
  include_action_graph: flag(false),
  num_runs: count,
})

export const runQuery: z.ZodType<RunQuery> = z.object({
  include_action_runs: flag(false),
  include_action_graph: flag(false),
})

export const actionQuery: z.ZodType<ActionQuery> = z.object({
  include_stdout: flag(false),
  include_stderr: flag(false),
  include_meta: flag(false),
  num_lines: count,
})

export const historyQuery: z.ZodType<HistoryQuery> = z.object({ num_runs: count })

export const configQuery: z.ZodType<ConfigQuery> = z.object({ name: z.string().optional() })

export const commandBody: z.ZodType<CommandBody> = z.object({
  command: z.string().optional(),
  run_time: z.string().optional(),
})

const given = z.string({ error: 'a text' })

export const recoverBody: z.ZodType<RecoverBody> = z.object({ without: given.min(1, 'the name of a node') })

export const configBody: z.ZodType<ConfigBody> = z.object({
  name: given.min(1, 'the name of a namespace'),
  config: given,
  hash: given,
  check: flag(false),
})
