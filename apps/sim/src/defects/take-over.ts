import type { Defect } from './defect.ts'

const ENGINE = 'packages/core/src/engine/engine.ts'
const IMPORTER = 'packages/core/src/engine/importer.ts'
const IMPORT = 'packages/core/src/decide/import.ts'

/** A state that was restored from an older copy. */
export const TAKE_OVER: readonly Defect[] = [
  {
    name: 'a-restart-forgets-the-take-over',
    about:
      'Only the start that was given --take-over may replace foreign holders. It is killed before it has asked all nodes, its service starts it again without the option, and it is fenced by nodes that it was told to take.',
    layer: 'engine',
    edits: [
      {
        file: 'packages/core/src/create-tron.ts',
        find: 'fenceOf(options, state, nodesToImport(readTakeOver(state.tables.view)))',
        replace:
          'fenceOf(options, state, options.takeOver === true ? nodesToImport(readTakeOver(state.tables.view)) : [])',
      },
    ],
  },
  {
    name: 'a-restored-copy-plans-first',
    about:
      'A start does not ask the nodes who holds them before it decides. An old copy is started without --take-over: it states everything since as missed before it finds out, and the take-over that follows counts those slots twice.',
    layer: 'engine',
    edits: [{ file: ENGINE, find: '    if (await this.#isForeign()) return\n', replace: '' }],
  },
  {
    name: 'a-take-over-imports-nothing',
    about:
      'A take-over reads what the nodes hold and leaves it there: runs since the backup are missing, and their slots are stated as missed although they ran.',
    layer: 'engine',
    edits: [
      {
        file: IMPORTER,
        find: "{ kind: 'import', history, covering, found: unknown, done, first }",
        replace: "{ kind: 'import', history, covering, found: [], done, first }",
      },
    ],
  },
  {
    name: 'a-take-over-imports-what-it-knows',
    about:
      'A take-over enters attempts anew that the copy knows. The copy has one running that has ended and was released since: the attempt is replaced by an ended one, its action never hears of it, and the run is running for ever.',
    layer: 'engine',
    edits: [
      {
        file: IMPORTER,
        find: '      if ((await store.query(query, { signal })).rows.length > 0) continue\n',
        replace: '      void query\n',
      },
      {
        file: IMPORT,
        find: "if (known !== undefined || action === undefined || run.phase !== 'open') return run.id",
        replace: "if (action === undefined || run.phase !== 'open') return run.id",
      },
    ],
  },
  {
    name: 'found-slots-count-as-missed-too',
    about:
      'The slots whose runs a take-over finds on the nodes are stated as missed as well: they stand in the ledger twice.',
    layer: 'engine',
    edits: [
      {
        file: IMPORT,
        find: 'passOver(draft, context, found === undefined ? all : { ...all, except: found })',
        replace: 'passOver(draft, context, all)',
      },
    ],
  },
  {
    name: 'numbers-repeat-after-a-take-over',
    about:
      'Run numbers go on without a gap after a take-over. A run was planned and shown since the backup and never started: another run gets its number.',
    layer: 'engine',
    edits: [{ file: IMPORT, find: 'const NUMBER_GAP = 100', replace: 'const NUMBER_GAP = 0' }],
  },
  {
    name: 'a-take-over-gives-output-up',
    about:
      'A take-over calls the output of everything that ended gone, although the node still holds it: it is never fetched, and the node never emptied.',
    layer: 'engine',
    edits: [
      {
        file: IMPORT,
        find: "const over = entry.released || entry.phase === 'revoked'",
        replace: "const over = entry.phase === 'ended' || entry.phase === 'revoked'",
      },
    ],
  },
]
