export {
  type AccessSpec,
  type ActionSpec,
  type ConfigCheck,
  type ConfigFault,
  type ConfigProblem,
  type ConfigRepository,
  type ConfigSnapshot,
  type ConfigText,
  DST_POLICIES,
  type DstPolicy,
  type JobSpec,
  type NodeSpec,
  type ScheduleSpec,
} from './config-snapshot.ts'
export {
  ERROR_CODES,
  type ErrorCode,
  isTronError,
  messageOf,
  TronError,
  type TronErrorOptions,
} from './errors.ts'
export {
  type ActionRunId,
  type AttemptId,
  actionRunId,
  actionRunParts,
  attemptId,
  attemptIdOf,
  contentHash,
  drawFrom,
  formatStartKey,
  installationId,
  isIdentifier,
  type JobId,
  jobId,
  parseStartKey,
  type RunId,
  runId,
  runParts,
  type StartKey,
} from './ids.ts'
export { canonicalJson, type JsonValue } from './json.ts'
export type { Clock, LogFields, Logger, Random, SecretRef, SecretResolver } from './ports.ts'
export {
  ACTION_STATES,
  type ActionState,
  isActive,
  isBroken,
  isComplete,
  isEnded,
  type JobStatus,
  type RunState,
  SLOT_OUTCOMES,
  type SlotOutcome,
  TRON_EXIT,
} from './states.ts'
export { type Target, targetKey } from './target.ts'
