export { ACTION_VERBS, JOB_VERBS, RUN_VERBS } from './commands.ts'
export type { ApiGraphNode, ApiIndex, ApiJob, ApiJobList, ApiNode } from './job-json.ts'
export { problemText } from './problem-text.ts'
export {
  actionQuery,
  commandBody,
  configBody,
  configQuery,
  historyQuery,
  jobQuery,
  jobsQuery,
  recoverBody,
  runQuery,
} from './query-schema.ts'
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
  apiAction,
  apiConfig,
  apiConfigAccepted,
  apiConfigRefused,
  apiConfigs,
  apiError,
  apiHealth,
  apiHistory,
  apiIndex,
  apiJob,
  apiJobList,
  apiNode,
  apiResult,
  apiRun,
  apiStatus,
} from './response-schema.ts'
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
