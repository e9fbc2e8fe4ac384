/** Command words that a job answers to. */
export const JOB_VERBS = ['start', 'enable', 'disable'] as const
/** Command words that a job run answers to. */
export const RUN_VERBS = ['start', 'cancel', 'stop'] as const
/** Command words that an action run answers to. */
export const ACTION_VERBS = ['start', 'success', 'fail', 'skip', 'cancel', 'stop', 'kill'] as const
