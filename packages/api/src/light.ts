export { ACTION_VERBS, JOB_VERBS, RUN_VERBS } from './commands.ts'
export type { ApiGraphNode, ApiIndex, ApiJob, ApiJobList, ApiNode } from './job-json.ts'
export { problemText } from './problem-text.ts'
export type {
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
export {
  ACTOR_HEADER,
  CLIENT_NAME,
  IDEMPOTENCY_HEADER,
  pathOf,
  ROUTES,
  type Route,
  type RouteName,
} from './routes.ts'
export type { ApiAction, ApiAttempt, ApiOutput, ApiRun, ApiRunGraphNode } from './run-json.ts'
export type {
  ApiConfig,
  ApiConfigAccepted,
  ApiConfigError,
  ApiConfigRefused,
  ApiConfigs,
  ApiError,
  ApiHealth,
  ApiProblem,
  ApiResult,
  ApiStatus,
  ApiTarget,
} from './service-json.ts'
