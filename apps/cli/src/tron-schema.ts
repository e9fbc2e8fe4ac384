import { configJsonSchema } from '@tron/config'
import { createParser, parseArguments } from './command-line.ts'
import { EXIT } from './exit.ts'
import type { Terminal } from './terminal.ts'

const DOCUMENTS = ['MASTER', 'namespace'] as const

function schemaParser(name: string) {
  return createParser(name)
    .usage(
      '$0 [document]\n\nPrints the JSON Schema of a configuration file, for editors that complete and check with it.',
    )
    .command('$0 [document]', false, (command) =>
      command.positional('document', {
        choices: DOCUMENTS,
        default: 'MASTER' as const,
        describe: 'Which files: those of MASTER, or those of other namespaces',
      }),
    )
    .option('version', { type: 'boolean', describe: 'Print the version' })
    .example(
      '$0 > tron.json',
      'then, as first line of MASTER.yaml: # yaml-language-server: $schema=tron.json',
    )
}

/** `tron schema`: prints the JSON Schema that is made of what files are checked with. */
export async function tronSchema(args: readonly string[], terminal: Terminal, name: string): Promise<number> {
  const parsed = await parseArguments(schemaParser(name), args, terminal)
  if (parsed.kind === 'said') return parsed.code
  const { options } = parsed
  const document = DOCUMENTS.find((one) => one === options['document'])
  terminal.out(`${JSON.stringify(configJsonSchema(document), null, 2)}\n`)
  return EXIT.ok
}
