import type { Defect } from './defect.ts'

const EVENTS = 'packages/core/src/decide/attempt-events.ts'
const LIFE = 'packages/core/src/decide/action-life.ts'
const DECIDE = 'packages/core/src/decide/decide.ts'
const COMMANDS = 'packages/core/src/decide/commands.ts'

/** What events, answers of nodes and operators' verdicts mean for an action. */
export const ENDS_OF_ATTEMPTS: readonly Defect[] = [
  {
    name: 'a-second-exit-is-counted-again',
    about:
      'An exit that is told twice is taken in twice, so an action shows two exit statuses for one start. An attempt ends, its exit event is delivered again while it is not released.',
    layer: 'engine',
    edits: [{ file: EVENTS, find: "  if (attempt.phase === 'ended') return\n", replace: '' }],
  },
  {
    name: 'an-exit-overrules-the-operator',
    about:
      "The exit of a command replaces an operator's verdict. An operator fails a running action; its command then exits with 0, and the action is shown as succeeded.",
    layer: 'engine',
    edits: [
      {
        file: LIFE,
        find: 'return action.attempt === attempt.id && !isEnded(action.state)',
        replace: 'return action.attempt === attempt.id',
      },
    ],
  },
  {
    name: 'a-late-started-revives-the-attempt',
    about:
      'A started event that is delivered once more after the exit makes the attempt run again in the records: it is never released, and its run stays in memory for ever.',
    layer: 'engine',
    edits: [
      {
        file: EVENTS,
        find: "if (attempt.phase !== 'starting') return",
        replace: "if (attempt.phase === 'running') return",
      },
    ],
  },
  {
    name: 'started-forgets-the-stop',
    about:
      'The started event clears the wish to stop. A run is stopped while its start is under way: the revoke comes too late, the command starts, and nobody ends it.',
    layer: 'engine',
    edits: [
      {
        file: EVENTS,
        find: '    handle: event.handle ?? attempt.handle,\n',
        replace: '    handle: event.handle ?? attempt.handle,\n    stopWanted: null,\n',
      },
    ],
  },
  {
    name: 'lost-counts-as-failed',
    about:
      'A command whose end nobody saw is called failed instead of unknown. A node is rebooted while a command runs: the operator is told a failure that nobody knows of.',
    layer: 'engine',
    edits: [
      {
        file: 'packages/core/src/decide/outcome.ts',
        find: "return { state: 'unknown', exitStatus: null, reason: LOST[outcome.cause] }",
        replace: "return { state: 'failed', exitStatus: null, reason: LOST[outcome.cause] }",
      },
    ],
  },
  {
    name: 'a-lost-revoke-counts-as-won',
    about:
      'The answer "started" to a revoke is taken as "revoked": a run is cancelled while its start is under way, is shown as stopped before it started, and the command runs to its end untracked.',
    layer: 'engine',
    edits: [
      {
        file: DECIDE,
        find: "    if (reply.result === 'revoked') takeRevoked(draft, context, reply.id)\n    else if (reply.result === 'started' || reply.result === 'unsupported') {",
        replace:
          "    if (reply.result === 'revoked' || reply.result === 'started') takeRevoked(draft, context, reply.id)\n    else if (reply.result === 'unsupported') {",
      },
    ],
  },
  {
    name: 'a-cancel-ends-as-failed',
    about:
      'An action that was cancelled while its command ran ends by the exit status of the signal. A running run is cancelled; the node answers exit 143, and the run is failed instead of cancelled.',
    layer: 'engine',
    edits: [
      {
        file: LIFE,
        find: "state: action.cancelling ? 'cancelled' : end.state,",
        replace: 'state: end.state,',
      },
    ],
  },
  {
    name: 'a-cancel-forgets-the-revoke',
    about:
      'A stop or cancel of what is being started does not ask the node to revoke it. The start was not confirmed, the run is cancelled, the start is asked again, and the command begins after its cancel was answered.',
    layer: 'engine',
    edits: [
      {
        file: 'packages/core/src/decide/stopping.ts',
        find: "revokeWanted: attempt.phase === 'starting',",
        replace: 'revokeWanted: false,',
      },
    ],
  },
  {
    name: 'cancelled-before-the-node-answered',
    about:
      'A cancel of a run shows its actions as cancelled at once, while their commands still run. The run ends, and the next one of a job without overlap starts beside the command that the node has yet to end.',
    layer: 'engine',
    edits: [
      {
        file: COMMANDS,
        find: '      putAction(draft, { ...action, cancelling: true, verdict: command.actor })\n',
        replace: "      putAction(draft, { ...action, state: 'cancelled', endedMs: context.nowMs })\n",
      },
    ],
  },
  {
    name: 'a-verdict-does-not-carry-the-run-on',
    about:
      'A verdict on an action of an ended run changes nothing else. The first action failed and the run ended; an operator calls it a success, and what requires it never starts.',
    layer: 'engine',
    edits: [{ file: COMMANDS, find: '  reopenRun(draft, run, heldOn(asked, verb))\n', replace: '' }],
  },
  {
    name: 'manual-runs-share-an-attempt-id',
    about:
      'The start key of a run that somebody asked for names the person instead of the request. The same operator starts a job twice: the second run finds its id taken, runs nothing, and takes over the exit of the first.',
    layer: 'engine',
    edits: [
      {
        file: LIFE,
        find: '{ request: run.request ?? run.id }',
        replace: '{ request: run.actor }',
      },
    ],
  },
]
