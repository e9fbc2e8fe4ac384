import process from 'node:process'
import { messageOf } from '@tron/model'
import type { Book } from './book.ts'

/** Takes note of what is thrown outside of any call, which would end a process. */
export function watchCrashes(book: Book): { end(): void } {
  const note = (error: unknown): void => {
    book.broken('crash', `a rejection is left unhandled: ${messageOf(error)}`)
  }
  process.on('unhandledRejection', note)
  return {
    end() {
      process.off('unhandledRejection', note)
    },
  }
}
