/** A recorded case that comes out otherwise here on purpose: why, and what it gives. Null is a template that is refused. */
export interface Difference {
  readonly reason: string
  readonly ours: string | boolean | null
}

function because(
  reason: string,
  ours: Readonly<Record<string, Difference['ours']>>,
): readonly (readonly [string, Difference])[] {
  return Object.entries(ours).map(([id, result]) => [id, { reason, ours: result }])
}

/** By the id of the vector. Every vector that is neither here nor in `IMPOSSIBLE` gives what it gave in Tron 3.10.5. */
export const DIFFERENCES: Readonly<Record<string, Difference>> = Object.fromEntries([
  ...because('Junk behind a date word is refused; Tron ignored it, so that {shortdate+-1} was today.', {
    'date_arithmetic_syntax-009': null,
    'date_arithmetic_syntax-010': null,
    'date_arithmetic_syntax-011': null,
    'date_arithmetic_syntax-015': null,
    'date_arithmetic_syntax-016': null,
    'date_arithmetic_syntax-017': null,
    'date_arithmetic_syntax-018': null,
    'date_arithmetic_syntax-019': null,
    'date_arithmetic_syntax-020': null,
    'date_arithmetic_syntax-034': null,
  }),
  ...because('A time of exactly 0 is a time; Tron took it for none.', { 'render-135': '0' }),
  ...because('A template reaches plain names only, never the inside of the program.', {
    'render_interpreter_leaks-001': null,
    'render_interpreter_leaks-002': null,
    'render_interpreter_leaks-003': null,
    'render_interpreter_leaks-004': null,
    'render_interpreter_leaks-005': null,
    'render_interpreter_leaks-006': null,
    'render_interpreter_leaks-007': null,
    'render_interpreter_leaks-008': null,
    'render_interpreter_leaks-009': null,
    'render_interpreter_leaks-010': null,
    'render_interpreter_leaks-011': null,
    'command_validation-024': false,
    'command_validation-033': false,
    'command_validation-034': false,
    'command_validation-035': false,
    'command_validation-036': false,
    'command_validation-053': false,
  }),
  ...because('What works at run time is accepted: {namespace}, {runid-1}, formats of any name.', {
    'command_validation-003': true,
    'command_validation-004': true,
    'command_validation-005': true,
    'command_validation-023': true,
  }),
  ...because(
    'A check without the daemon refuses what the daemon refuses; that of Tron looked at no template.',
    {
      'command_validation-054': false,
      'command_validation-055': false,
      'command_validation-056': false,
    },
  ),
  ...because('An empty command is refused; Tron called it failed and ran it all the same.', {
    'command_validation-041': false,
    'command_validation-057': false,
  }),
])

/** Vectors that cannot be put as a question here, by the reason. */
export const IMPOSSIBLE: Readonly<Record<string, string>> = {
  'render-122': 'a run always knows whether it was started by hand',
  'render-133': 'a job always has a namespace',
  'render-137': 'a run always has a node',
  'environment_variables-003': 'a command always belongs to an action of a run of a job',
  'environment_variables-004': 'a command always belongs to an action of a run of a job',
  'environment_variables-006': 'runs are numbered',
  'pod_labels-004': 'a command always belongs to an action of a run of a job',
  'command_validation-042':
    'the schema of the configuration refuses a command that is no text, and its tests say so',
  'command_validation-043':
    'the schema of the configuration refuses a command that is no text, and its tests say so',
  'command_validation-045':
    'the schema of the configuration refuses a command that is no text, and its tests say so',
  'command_validation-046':
    'the schema of the configuration refuses a command that is no text, and its tests say so',
  'command_validation-047':
    'the schema of the configuration refuses a command that is no text, and its tests say so',
  'command_validation-059':
    'the schema of the configuration refuses a command that is no text, and its tests say so',
}
