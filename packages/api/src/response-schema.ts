import { ACTION_STATES, type JsonValue } from '@tron/model'
import { z } from 'zod'
import type { ApiGraphNode, ApiIndex, ApiJob, ApiJobList, ApiNode } from './job-json.ts'
import type { ApiAction, ApiAttempt, ApiOutput, ApiRun, ApiRunGraphNode } from './run-json.ts'
import type {
  ApiConfig,
  ApiConfigAccepted,
  ApiConfigRefused,
  ApiConfigs,
  ApiError,
  ApiHealth,
  ApiProblem,
  ApiResult,
  ApiStatus,
  ApiTarget,
} from './service-json.ts'

const json: z.ZodType<JsonValue> = z.json()
const date = z.string().regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/, 'YYYY-MM-DD HH:MM:SS')
const when = date.nullable()
const span = z
  .string()
  .regex(/^(?:\d+ days?, )?\d+:\d\d:\d\d(?:\.\d{6})?$/, 'H:MM:SS, with a fraction of six digits or none')
const duration = z.union([span, z.literal('')])
const state = z.enum(ACTION_STATES)
const whole = z.int()

/** A node as every view shows it. */
export const apiNode: z.ZodType<ApiNode> = z.strictObject({
  name: z.string(),
  hostname: z.string(),
  username: z.string(),
  port: whole,
})

const apiGraphNode: z.ZodType<ApiGraphNode> = z.strictObject({
  name: z.string(),
  command: z.string(),
  dependencies: z.array(z.string()),
})

const apiRunGraphNode: z.ZodType<ApiRunGraphNode> = z.strictObject({
  id: z.string(),
  name: z.string(),
  command: z.string().nullable(),
  raw_command: z.string().nullable(),
  state,
  start_time: when,
  end_time: when,
  dependencies: z.array(z.string()),
})

const apiAttempt: z.ZodType<ApiAttempt> = z.strictObject({
  id: z.string(),
  ordinal: whole,
  node: z.string(),
  executor: z.string(),
  phase: z.enum(['starting', 'running', 'ended']),
  start_time: when,
  end_time: when,
  outcome: json,
  sizes: z.strictObject({ stdout: whole, stderr: whole }),
  output: z.enum(['open', 'closed', 'complete', 'gone']),
  lost: whole,
  left_running: whole,
  stopped: z
    .strictObject({ signalled: z.array(z.string()), survivors: z.array(z.string()).nullable() })
    .nullable(),
  released: z.boolean(),
  note: z.string().nullable(),
})

const apiOutput: z.ZodType<ApiOutput> = z.strictObject({
  bytes: whole,
  complete: z.boolean(),
  reason: z.string().nullable(),
})

const lines = z.array(z.string()).nullable()

/** An action of a run. */
export const apiAction: z.ZodType<ApiAction> = z.strictObject({
  id: z.string(),
  action_name: z.string(),
  job_name: z.string(),
  run_num: z.string().regex(/^\d+$/, 'a number as text'),
  state,
  start_time: when,
  end_time: when,
  duration,
  exit_status: whole.nullable(),
  exit_statuses: z.array(whole.nullable()),
  retries_remaining: whole.nullable(),
  retries_delay: span.nullable(),
  in_delay: z.number().nullable(),
  original_command: z.string(),
  raw_command: z.string().nullable(),
  command: z.string().nullable(),
  requirements: lines,
  node: apiNode,
  stdout: lines,
  stderr: lines,
  meta: lines,
  triggered_by: z.string(),
  trigger_downstreams: z.string(),
  reason: z.string().nullable(),
  note: z.string().nullable(),
  attempts: z.array(apiAttempt),
  output: z.strictObject({ stdout: apiOutput.nullable(), stderr: apiOutput.nullable() }),
})

/** One action over the runs of its job, newest first. */
export const apiHistory: z.ZodType<readonly ApiAction[]> = z.array(apiAction)

/** A run of a job. */
export const apiRun: z.ZodType<ApiRun> = z.strictObject({
  id: z.string(),
  job_name: z.string(),
  run_num: whole,
  run_time: when,
  start_time: when,
  end_time: when,
  manual: z.boolean(),
  state,
  node: apiNode,
  duration,
  url: z.string(),
  runs: z.array(apiAction).nullable(),
  action_graph: z.array(apiRunGraphNode).nullable(),
  note: z.string().nullable(),
  cancelling: z.boolean(),
  held: z.string().nullable(),
})

/** A job. */
export const apiJob: z.ZodType<ApiJob> = z.strictObject({
  name: z.string(),
  status: z.enum(['enabled', 'disabled', 'running', 'unknown']),
  all_nodes: z.boolean(),
  allow_overlap: z.boolean(),
  queueing: z.boolean(),
  scheduler: z.strictObject({ type: z.string(), value: z.string(), jitter: z.string() }),
  action_names: z.array(z.string()),
  node_pool: z.strictObject({ name: z.string(), nodes: z.array(apiNode) }).nullable(),
  last_success: when,
  next_run: when,
  url: z.string(),
  runs: z.array(apiRun).nullable(),
  max_runtime: z.union([span, z.literal('None')]),
  expected_runtime: z.number(),
  actions_expected_runtime: z.record(z.string(), z.number()),
  action_graph: z.array(apiGraphNode).nullable(),
  monitoring: json,
  description: z.string().nullable(),
  owner: z.string().nullable(),
  held: z.array(z.string()),
})

/** All jobs. */
export const apiJobList: z.ZodType<ApiJobList> = z.strictObject({ jobs: z.array(apiJob) })

/** Names only, for whoever completes or links them. */
export const apiIndex: z.ZodType<ApiIndex> = z.strictObject({
  jobs: z.record(z.string(), z.array(z.strictObject({ name: z.string(), command: z.string() }))),
  namespaces: z.array(z.string()),
})

const apiTarget: z.ZodType<ApiTarget> = z.strictObject({
  node: z.string(),
  executor: z.string(),
  address: z.string(),
  state: z.enum(['unknown', 'reachable', 'unreachable', 'fenced', 'replaced', 'full']),
  reason: z.string(),
  draining: z.boolean(),
  attempts: whole,
})

/** How the daemon is. */
export const apiStatus: z.ZodType<ApiStatus> = z.strictObject({
  status: z.string(),
  version: z.string(),
  boot_time: whole,
  installation: z.string(),
  state: z.enum(['starting', 'working', 'fenced', 'store-degraded', 'taking-over', 'stopped']),
  reason: z.string().nullable(),
  epoch: whole,
  waiting_for: z.array(z.string()),
  targets: z.array(apiTarget),
  config_errors: z.array(
    z.strictObject({
      file: z.string(),
      line: whole,
      column: whole,
      path: z.string(),
      message: z.string(),
      since: whole,
    }),
  ),
})

/** Whether the daemon works, for probes. */
export const apiHealth: z.ZodType<ApiHealth> = z.strictObject({
  status: z.string(),
  reason: z.string().nullable(),
})

/** The answer to a command that was accepted. */
export const apiResult: z.ZodType<ApiResult> = z.strictObject({
  result: z.string(),
  runs: z.array(z.string()),
})

const errorFields = { error: z.string(), code: z.string(), hint: z.string() }

/** The answer to a request that was refused. Tron 3's clients read `result`. */
export const apiError: z.ZodType<ApiError> = z.strictObject({
  ...errorFields,
  result: z.string().exactOptional(),
})

/** The text of a namespace, and its hash to send back with a change. */
export const apiConfig: z.ZodType<ApiConfig> = z.strictObject({ config: z.string(), hash: z.string() })

/** The texts of all namespaces. */
export const apiConfigs: z.ZodType<ApiConfigs> = z.record(z.string(), apiConfig)

const apiProblem: z.ZodType<ApiProblem> = z.strictObject({
  severity: z.enum(['error', 'warning']),
  file: z.string(),
  line: whole,
  column: whole,
  path: z.string(),
  message: z.string(),
})

/** The answer to a configuration that was checked or stored. */
export const apiConfigAccepted: z.ZodType<ApiConfigAccepted> = z.strictObject({
  status: z.literal('Active'),
  problems: z.array(apiProblem),
})

/** The answer to a configuration with errors. */
export const apiConfigRefused: z.ZodType<ApiConfigRefused> = z.strictObject({
  ...errorFields,
  result: z.string().exactOptional(),
  status: z.literal('Active'),
  problems: z.array(apiProblem),
})
