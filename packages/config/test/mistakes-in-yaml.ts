import { type Mistake, withLine, withMore } from './mistakes.ts'

/** What is wrong with the YAML of a document, and what it takes for something else than was meant. */
export const YAML_MISTAKES: readonly Mistake[] = [
  [
    'a tab as indentation',
    'jobs:\n\tj: {}\n',
    '2:1: not YAML: Tabs are not allowed as indentation; indent with blanks',
  ],
  [
    'keys of one mapping at different columns',
    withLine(4, '   schedule: daily'),
    '4:1: not YAML: All mapping items must start at the same column; give the keys of one mapping the same indentation',
  ],
  [
    'a text with a colon without quotes',
    withLine(6, '      a: {command: ls}\n      b: x: y'),
    '7:10: not YAML: Nested mappings are not allowed in compact mappings; check the indentation, and put a text that contains ": " in quotes',
  ],
  [
    'a quote that is not closed',
    withLine(4, '    schedule: "daily'),
    '4:15: not YAML: the quote that opens here is not closed',
  ],
  [
    'stars without quotes',
    withLine(4, '    schedule: * * * * *'),
    '4:15: not YAML: Alias cannot be an empty string; put a text that begins with * in quotes',
  ],
  [
    'an alias that names nothing',
    withLine(3, '    node: *n1'),
    '3:11: the alias *n1 names nothing above; put a text that begins with * in quotes [jobs.j.node]',
  ],
  [
    'several documents',
    `${withLine(1, 'jobs:')}---\njobs: {}\n`,
    '7:1: not YAML: several documents; a file holds one document; remove the line ---',
  ],
  [
    'a tag',
    withLine(2, '  j: !Job'),
    '2:6: the tag !Job means nothing here; remove it, or put a text that begins with ! in quotes',
  ],
  ['an empty document', '# nothing yet\n', '1:1: the document is empty, expected a mapping such as jobs: {}'],
  ['a list for the document', '- jobs\n', '1:1: found a list, expected a mapping such as jobs: {}'],
  [
    'a brace that is not closed',
    withLine(6, '      a: {command: ls'),
    '6:10: not YAML: the { that opens here is not closed',
  ],
  [
    'a bracket that is not closed',
    withLine(6, '      a: {command: ls, requires: [b}'),
    '6:34: not YAML: the [ that opens here is not closed',
  ],
  [
    'no blank behind a colon',
    withLine(3, '    node:n1'),
    '3:5: not YAML: Implicit keys need to be on a single line; check the indentation, and put a text that contains ": " in quotes; a blank follows the colon of a key',
  ],
  [
    'a command that begins with a star',
    withLine(6, '      a:\n        command: *.sh'),
    '7:18: the alias *.sh names nothing above; put a text that begins with * in quotes [jobs.j.actions.a.command]',
  ],
  [
    'a command that begins with &',
    withLine(6, '      a:\n        command: &bg'),
    '7:21: warning: &bg only names what follows, which is nothing; put a text that begins with & in quotes [jobs.j.actions.a.command]',
    '7:21: found nothing, expected text [jobs.j.actions.a.command]',
  ],
  [
    'a command that begins with an exclamation mark',
    withLine(6, '      a:\n        command: !ls'),
    '7:18: the tag !ls means nothing here; remove it, or put a text that begins with ! in quotes',
  ],
  [
    'a command that begins with %',
    withLine(6, '      a:\n        command: %d'),
    '7:18: not YAML: Plain value cannot start with directive indicator character %; put the text in quotes',
  ],
  [
    'a command that begins with a backtick',
    withLine(6, '      a:\n        command: `date`'),
    '7:18: not YAML: Plain value cannot start with reserved character `; put the text in quotes',
  ],
  [
    'a command that begins with a bracket',
    withLine(6, '      a:\n        command: [ -f x ] && ls'),
    '7:27: not YAML: the value has ended before this; put the whole text in quotes',
  ],
  [
    'a command that begins with a bar',
    withLine(6, '      a:\n        command: | grep x'),
    '7:20: not YAML: only lines below can follow | or >; put a text that begins with one of them in quotes',
  ],
  [
    'a command that begins with >',
    withLine(6, '      a:\n        command: > /tmp/x'),
    '7:20: not YAML: only lines below can follow | or >; put a text that begins with one of them in quotes',
  ],
  [
    'a command that begins with a dash',
    withLine(6, '      a:\n        command: - ls'),
    '7:18: not YAML: a list begins below its key; put a text that begins with - in quotes',
  ],
  [
    'quotes round a part of a text',
    withLine(6, '      a:\n        command: "ls" -l'),
    '7:23: not YAML: the value has ended before this; put the whole text in quotes',
  ],
  [
    'a backslash in double quotes',
    withLine(6, '      a:\n        command: "grep \\d"'),
    '7:24: not YAML: Invalid escape sequence \\d; write \\\\ for a backslash, or put the text in single quotes',
  ],
  [
    'quotes of a letter',
    withMore('    description: “nightly”'),
    '7:18: warning: the quotes “ and ” are part of the text; write "nightly" [jobs.j.description]',
  ],
  [
    'quotes of a letter round a colon',
    withLine(6, '      a: {command: ls, env: {A: “x: y”}}'),
    '6:33: not YAML: Block collections are not allowed within flow collections; put a text that contains ": " in quotes; “ ” ‘ ’ are no quotes to YAML, write " or \'',
  ],
  [
    'lines that end as on very old machines',
    'jobs:\r  j: {}\r',
    '1:6: the lines end in a carriage return alone, as on very old machines; save the file with line feeds',
  ],
  [
    'a tag that does not fit',
    withMore('    run_limit: !!float 5'),
    '7:16: the tag !!float does not fit what it stands before; remove it',
  ],
  [
    'a tag that makes a text',
    withMore('    enabled: !!str yes'),
    '7:20: found "yes", expected true or false; leave out the tag [jobs.j.enabled]',
  ],
  [
    'a number that was another one',
    withMore('    run_limit: 010'),
    '7:16: warning: 010 is 10 here; Tron 3 read the octal 8. Write 10 or 8, whichever is meant [jobs.j.run_limit]',
  ],
]
