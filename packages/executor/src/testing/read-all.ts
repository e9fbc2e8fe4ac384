import type { Executor, StartRequest, Stream } from '../contract.ts'
import { refOf } from './stage.ts'

/** A stream's bytes from an offset to its end. */
export async function readBytes(
  executor: Executor,
  request: StartRequest,
  part: { readonly stream: Stream; readonly from: number },
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  const signal = new AbortController().signal
  for await (const chunk of executor.read(refOf(request), part.stream, part.from, { signal }))
    chunks.push(chunk)
  return Uint8Array.from(Buffer.concat(chunks))
}

/** A stream's whole text. */
export async function readAll(executor: Executor, request: StartRequest, stream: Stream): Promise<string> {
  return new TextDecoder().decode(await readBytes(executor, request, { stream, from: 0 }))
}
