import { formatProblems, parseConfig } from '../packages/config/src/index.ts'

/** Whatever would be said about a configuration; a remark is too much for an example, too. */
export function configProblems(text: string, file: string): readonly string[] {
  const documents = new Map([['MASTER', { text, file }]])
  const checked = parseConfig({ documents, systemZone: 'UTC', daemonUser: 'tron' })
  return checked.problems.map((problem) => formatProblems([problem]))
}
