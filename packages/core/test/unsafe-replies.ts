import type { StartReply } from '@tron/executor'

/** What another module answers to starts: it may be anything, whatever its types say. */
export function asReplies(answer: unknown): readonly StartReply[] {
  return answer as readonly StartReply[]
}
