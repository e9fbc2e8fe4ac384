/** One change of a file's text. */
export interface DefectEdit {
  /** The file that is changed, from the root of the repository. */
  readonly file: string
  /** Text that stands exactly once in that file … */
  readonly find: string
  /** … and what stands there instead. */
  readonly replace: string
}

/** A small bug put into the product on purpose: the simulation must find it. */
export interface Defect {
  /** Kebab-case, unique: `acts-before-the-commit`. */
  readonly name: string
  /** What is wrong now and what an operator would suffer; then, where it is not plain, a sequence that shows it. */
  readonly about: string
  /** Which simulation is to catch it. */
  readonly layer: 'engine' | 'protocol'
  /** All of them together are the bug. */
  readonly edits: readonly DefectEdit[]
}
