import type { Terminal } from './terminal.ts'

/** A command line: takes its words and resolves with the exit code. `name` is what it is called as. */
export type Program = (args: readonly string[], terminal: Terminal, name: string) => Promise<number>

/** Each program by the name it goes by on its own and below `tron`; loaded only when it is wanted, because start-up is what a person waits for. */
export const PROGRAMS: Readonly<
  Record<string, { readonly word: string; readonly purpose: string; load(): Promise<Program> }>
> = {
  tronview: {
    word: 'view',
    purpose: 'Show jobs, runs and output (tronview)',
    load: async () => (await import('./tronview.ts')).tronview,
  },
  tronctl: {
    word: 'ctl',
    purpose: 'Start, stop and mark (tronctl)',
    load: async () => (await import('./tronctl.ts')).tronctl,
  },
  tronfig: {
    word: 'fig',
    purpose: 'Print, check and upload the configuration (tronfig)',
    load: async () => (await import('./tronfig.ts')).tronfig,
  },
  tronstatus: {
    word: 'status',
    purpose: 'Show how the daemon is',
    load: async () => (await import('./tron-status.ts')).tronStatus,
  },
  tronrecover: {
    word: 'recover',
    purpose: 'Go on without a node that a take-over waits for',
    load: async () => (await import('./tron-recover.ts')).tronRecover,
  },
  tronvalidate: {
    word: 'validate',
    purpose: 'Check a configuration without a daemon',
    load: async () => (await import('./tron-validate.ts')).tronValidate,
  },
  tronschema: {
    word: 'schema',
    purpose: 'Print the JSON Schema of configurations, for editors',
    load: async () => (await import('./tron-schema.ts')).tronSchema,
  },
  tronexplain: {
    word: 'explain-schedule',
    purpose: 'Say what a schedule means and when it is due',
    load: async () => (await import('./explain-schedule.ts')).explain,
  },
}
