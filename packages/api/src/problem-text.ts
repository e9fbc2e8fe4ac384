import type { ApiProblem } from './service-json.ts'

/** A problem in one line that editors understand: `file:line:column: message [path]`. */
export function problemText({ file, line, column, severity, message, path }: ApiProblem): string {
  const mark = severity === 'warning' ? 'warning: ' : ''
  return `${file}:${line}:${column}: ${mark}${message}${path === '' ? '' : ` [${path}]`}`
}
