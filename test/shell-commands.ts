import { join } from 'node:path'
import { parse } from 'shell-quote'
import { z } from 'zod'
import { exists, filesBelow, readJson, readText } from './workspace.ts'

/** One command of a shell text: its words, without quotes. */
type Words = readonly string[]

/** The commands of a shell text. Lines are commands of their own, and so is what stands between operators. */
export function commandsOf(text: string): readonly Words[] {
  return text.split('\n').flatMap((line) => {
    const commands: string[][] = [[]]
    for (const entry of parse(line, (name) => `$${name}`)) {
      if (typeof entry === 'string') commands.at(-1)?.push(entry)
      else if ('pattern' in entry) commands.at(-1)?.push(entry.pattern)
      else if ('op' in entry) commands.push([])
    }
    return commands.filter((words) => words.length > 0)
  })
}

/** What of a command does not exist, as far as one can tell without running it: the program, script, file, option or job that it names. */
export function missingIn(command: Words): readonly string[] {
  const words = command.slice(command.findIndex((word) => !/^[A-Z_]+=/.test(word)))
  const [program = '', ...args] = words
  const named = args.filter((word) => NAMES_FILE.test(word) && !exists(word))
  const jobs = args.filter((word) => word.startsWith('MASTER.') && !DEMO_JOBS.has(word.split('.')[1] ?? ''))
  return [...missingProgram(program, args), ...named, ...jobs]
}

const NAMES_FILE = /^(?:apps|bench|docs|examples|packages|test|tools)\//

const DEMO_JOBS = new Set(
  Array.from(readText('apps/trond/demo/MASTER.yaml').matchAll(/^ {2}([\w-]+):$/gm), ([, name = '']) => name),
)

/** Programs of everybody's machine that examples may use. */
const OUTSIDE = new Set(['curl', 'export'])

const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(readJson('package.json'))

function missingProgram(program: string, args: Words): readonly string[] {
  if (OUTSIDE.has(program)) return []
  if (program === 'npm') return missingForNpm(args)
  if (program === 'pnpm') return missingForPnpm(args)
  if (program === 'node') return args.filter((word) => /\.[jt]s$/.test(word) && !isFile(word))
  const name = program.replace(/^bin\//, '')
  if (!name.includes('/') && exists(join('bin', name))) return missingWords(name, args)
  return program.includes('/') && exists(program) ? [] : [program]
}

const OWN_WORDS_OF_NPM = new Set(['start', 'test'])

function missingForNpm([word = '', ...args]: Words): readonly string[] {
  // An example is installed as a package, from wherever it was published.
  if (word === 'install') return args.filter((arg) => /^[a-z]/.test(arg) && !EXAMPLES.has(arg))
  const script = word === 'run' ? (args[0] ?? '') : word
  if (word !== 'run' && !OWN_WORDS_OF_NPM.has(word)) return [word]
  if (!Object.hasOwn(scripts, script)) return [script]
  return script === 'sim' ? unknownOptions('apps/sim/src', args.slice(1)) : []
}

function missingForPnpm([word = '', program = '']: Words): readonly string[] {
  if (word !== 'exec') return Object.hasOwn(scripts, word) ? [] : [word]
  return exists(join('node_modules/.bin', program)) ? [] : [program]
}

const IN_PLUGINS = /^DIR\/plugins\/node_modules\/([\w-]+)\/(.+)$/

/** The folders of the examples that are packages of their own. */
const EXAMPLES = new Map(
  ['examples/executor-demo', 'examples/store-memory'].map((dir) => {
    const { name } = z.object({ name: z.string() }).parse(readJson(join(dir, 'package.json')))
    return [name, dir] as const
  }),
)

function isFile(word: string): boolean {
  const [, name = '', file = ''] = IN_PLUGINS.exec(word) ?? []
  return exists(name === '' ? word : join(EXAMPLES.get(name) ?? 'nowhere', file))
}

/** Where the programs of `bin/` read their words. */
const SOURCES: Readonly<Record<string, string>> = { trond: 'apps/trond/src' }

function missingWords(program: string, args: Words): readonly string[] {
  const unknown = unknownOptions(SOURCES[program] ?? 'apps/cli/src', args)
  const [word = ''] = args
  if (program === 'tronctl' && !readText('apps/cli/src/tronctl.ts').includes(`\n  ${word}: `))
    return [word, ...unknown]
  if (program === 'tron' && !readText('apps/cli/src/programs.ts').includes(`word: '${word}'`))
    return [word, ...unknown]
  return unknown
}

/** Options that the source of a program does not declare. */
function unknownOptions(folder: string, args: Words): readonly string[] {
  const source = filesBelow(folder, '.ts').map(readText).join('\n')
  return args.filter((arg) => {
    const [, dashes = '', name = ''] = /^(--?)([a-z][\w-]*)/i.exec(arg) ?? []
    const declared = dashes === '--' ? new RegExp(`[\\s'"(]${name}['"]?[:,]`) : new RegExp(`alias: '${name}'`)
    return name !== '' && !declared.test(source)
  })
}
