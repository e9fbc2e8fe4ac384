/** What the words of `tronfig` come to. */
export interface FigOptions {
  readonly source: string
  readonly namespace: string | undefined
  readonly masterConfig: string | undefined
  readonly hash: string | undefined
  /** In bytes. */
  readonly maxConfigSize: number
  readonly isCheck: boolean
  readonly isJson: boolean
  readonly isSure: boolean
}
