import type { YAMLError } from 'yaml'

const ADVICE: Partial<Readonly<Record<YAMLError['code'], string>>> = {
  TAB_AS_INDENT: 'indent with blanks',
  BAD_INDENT: 'give the keys of one mapping the same indentation',
  BLOCK_AS_IMPLICIT_KEY: 'check the indentation, and put a text that contains ": " in quotes',
  MULTILINE_IMPLICIT_KEY: 'check the indentation, and put a text that contains ": " in quotes',
  MULTIPLE_DOCS: 'a file holds one document; remove the line ---',
  BAD_ALIAS: 'put a text that begins with * in quotes',
  BAD_SCALAR_START: 'put the text in quotes',
  UNEXPECTED_TOKEN: 'check quotes, brackets and indentation before this place',
  MISSING_CHAR: 'close what was opened before this place',
}

/** What is wrong with the YAML itself, and how to mend it. */
export function describeYamlError(error: YAMLError): string {
  if (error.code === 'TAG_RESOLVE_FAILED')
    return `${error.message.replace('Unresolved', 'the')} means nothing here; remove it`.replace(
      'tag: ',
      'tag ',
    )
  const [what = ''] = error.message.split(/;|\n/)
  const advice = ADVICE[error.code]
  return `not YAML: ${what}${advice === undefined ? '' : `; ${advice}`}`
}
