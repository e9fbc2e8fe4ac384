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

/** Parameters of `GET /api/jobs`. */
export const jobsQuery: z.ZodType<JobsQuery> = z.object({
  include_job_runs: flag(false),
  include_action_runs: flag(false),
  include_action_graph: flag(true),
  include_node_pool: flag(true),
})

/** Parameters of `GET /api/jobs/<job>`. */
export const jobQuery: z.ZodType<JobQuery> = z.object({
  include_action_runs: flag(false),
  include_action_graph: flag(false),
  num_runs: count,
})

/** Parameters of `GET /api/jobs/<job>/<run>`. */
export const runQuery: z.ZodType<RunQuery> = z.object({
  include_action_runs: flag(false),
  include_action_graph: flag(false),
})

/** Parameters of `GET /api/jobs/<job>/<run>/<action>`. */
export const actionQuery: z.ZodType<ActionQuery> = z.object({
  include_stdout: flag(false),
  include_stderr: flag(false),
  include_meta: flag(false),
  num_lines: count,
})

/** Parameters of `GET /api/jobs/<job>/<action>`. */
export const historyQuery: z.ZodType<HistoryQuery> = z.object({ num_runs: count })

/** Parameters of `GET /api/config`. */
export const configQuery: z.ZodType<ConfigQuery> = z.object({ name: z.string().optional() })

/** The body of a command to a job, a run or an action. */
export const commandBody: z.ZodType<CommandBody> = z.object({
  command: z.string().optional(),
  run_time: z.string().optional(),
})

const given = z.string({ error: 'a text' })

/** The body of `POST /api/recover`. */
export const recoverBody: z.ZodType<RecoverBody> = z.object({ without: given.min(1, 'the name of a node') })

/** The body of `POST /api/config`: a text to check, to store, or to delete. */
export const configBody: z.ZodType<ConfigBody> = z.object({
  name: given.min(1, 'the name of a namespace'),
  config: given,
  hash: given,
  check: flag(false),
})
