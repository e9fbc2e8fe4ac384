import { type Document, type Scalar, visit, type YAMLError } from 'yaml'

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

/** What is wrong with the YAML itself, and how to mend it; and where, as an offset. */
export function describeYamlError(
  error: YAMLError,
  document: Document.Parsed,
): { readonly at: number; readonly message: string } {
  const [at] = error.pos
  const opened = /^Missing closing .quote/.test(error.message) ? quoteAround(document, at) : undefined
  return opened === undefined
    ? { at, message: messageOf(error) }
    : { at: opened, message: 'not YAML: the quote that opens here is not closed' }
}

/** Where the quoted text begins that is still open at a place. */
function quoteAround(document: Document.Parsed, at: number): number | undefined {
  let opened: number | undefined
  visit(document, {
    Scalar: (_key, { type, range }: Scalar) => {
      const isQuoted = type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE'
      if (isQuoted && range && range[0] < at && range[2] >= at) opened = range[0]
    },
  })
  return opened
}

function messageOf(error: YAMLError): string {
  if (error.code === 'TAG_RESOLVE_FAILED')
    return `${error.message.replace('Unresolved', 'the')} means nothing here; remove it`.replace(
      'tag: ',
      'tag ',
    )
  const [what = ''] = error.message.split(/;|\n/)
  const advice = ADVICE[error.code]
  return `not YAML: ${what}${advice === undefined ? '' : `; ${advice}`}`
}
