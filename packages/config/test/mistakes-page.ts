import { formatProblems } from '@tron/config'
import { MASTER_MISTAKES, MISTAKES, type Mistake } from './mistakes.ts'
import { SCHEDULE_MISTAKES } from './mistakes-in-schedules.ts'
import { YAML_MISTAKES } from './mistakes-in-yaml.ts'
import { parseOne } from './parse-one.ts'

const INTRODUCTION = `# Mistakes, and what is said about them

What \`tron validate\`, \`tronfig\` and the daemon say about files that are wrong: where, what is wrong, what would be accepted, and the line. Each example is a file with one mistake; a file with several gets all messages at once. The nodes are \`n1\` and \`n2\`, the pool is \`pool1\`. The messages are those of a test.
`

/** The page of mistakes: each with what is printed about it. */
export function mistakesPage(): string {
  return [
    INTRODUCTION,
    '## In YAML\n',
    ...YAML_MISTAKES.map((mistake) => entry(mistake, 'svc')),
    '## In jobs\n',
    ...MISTAKES.map((mistake) => entry(mistake, 'svc')),
    '## In schedules\n',
    ...SCHEDULE_MISTAKES.map((mistake) => entry(mistake, 'svc')),
    '## In MASTER\n',
    ...MASTER_MISTAKES.map((mistake) => entry(mistake, 'MASTER')),
  ].join('\n')
}

function entry([what, text]: Mistake, namespace: string): string {
  const said = formatProblems(parseOne(text, { namespace }).problems, new Map([[`${namespace}.yaml`, text]]))
  return `**${what.charAt(0).toUpperCase()}${what.slice(1)}**\n\n\`\`\`text\n${said}\n\`\`\`\n`
}
