import { messageOf } from '@tron/model'
import type { ConfigDisk } from './config-disk.ts'
import { type DecodedText, decodeText } from './decode-text.ts'

/** Reads a file as a text, with a fault when it cannot be read or is none; null when there is no such file. */
export async function readDocument(
  disk: ConfigDisk,
  path: string,
  maxBytes: number,
): Promise<DecodedText | null> {
  try {
    const bytes = await disk.read(path, maxBytes)
    return bytes && decodeText(bytes, maxBytes)
  } catch (error) {
    return { text: '', fault: { at: 0, message: `the file cannot be read: ${messageOf(error)}` } }
  }
}
