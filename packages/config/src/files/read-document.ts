import { type ConfigDisk, createConfigDisk } from './config-disk.ts'
import { type DecodedText, decodeText } from './decode-text.ts'
import { MANIFEST_FILE } from './file-names.ts'
import { whyUnreadable } from './why-unreadable.ts'

export interface ReadingOptions {
  /** A larger file is refused, and no more than this is read of it. */
  readonly maxBytes: number
  /** The disk of this machine unless given. */
  readonly disk?: ConfigDisk
}

/** Reads a file as a text, with a fault when it cannot be read or is none; null when there is no such file. */
export async function readDocument(
  path: string,
  { maxBytes, disk = createConfigDisk() }: ReadingOptions,
): Promise<DecodedText | null> {
  return readText(disk.read(path, maxBytes), maxBytes)
}

/** Takes what is being read for a text, with a fault when it cannot be read or is none; null when there is nothing. */
export async function readText(
  read: Promise<Uint8Array | null>,
  maxBytes: number,
): Promise<DecodedText | null> {
  try {
    const bytes = await read
    return bytes && decodeText(bytes, maxBytes)
  } catch (error) {
    return faulty(`the file cannot be read: ${whyUnreadable(error)}`)
  }
}

/** Reads the file of a namespace that a manifest lists. */
export async function readListed(
  { namespace, path }: { readonly namespace: string; readonly path: string },
  options: ReadingOptions,
): Promise<DecodedText> {
  const otherwise =
    namespace === 'MASTER'
      ? ''
      : `, delete the namespace with tronfig -d ${namespace}, or, while no daemon runs, take its line out of ${MANIFEST_FILE}`
  const missing = `there is no such file, and ${MANIFEST_FILE} says that it holds ${namespace}; put it back${otherwise}`
  return (await readDocument(path, options)) ?? faulty(missing)
}

/** In the place of a text that nobody can read. */
export function faulty(message: string): DecodedText {
  return { text: '', fault: { at: 0, message } }
}
