export type { ActionVerb, Command, CommandReply, JobVerb, RunVerb } from './command.ts'
export { createTron } from './create-tron.ts'
export type {
  ActionView,
  CreateTron,
  EngineChange,
  EngineState,
  EngineStatus,
  JobView,
  OutputView,
  RunSelector,
  RunView,
  TargetStatus,
  Tron,
  TronOptions,
} from './tron.ts'
