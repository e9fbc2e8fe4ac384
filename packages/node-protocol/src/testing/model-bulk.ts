import { attemptId } from '@tron/model'
import type { ModelNode } from './model-node.ts'
import type { ChannelProgram, ProgramOutput } from './sim-channel.ts'

/** What a bulk script asks for. */
export interface BulkRequest {
  readonly nonce: string
  readonly content: Buffer
}

const SCRIPT_END = '\n  exit\n}\n'

/**
 * Sends one range of a file, as the script for bulk output does.
 * @param interfere takes the matter over where a hostile node does otherwise
 */
export function createModelBulk(
  node: ModelNode,
  output: ProgramOutput,
  interfere: (request: BulkRequest) => boolean,
): ChannelProgram {
  let text = ''
  let isDead = false
  const die = (): void => {
    isDead = true
  }
  node.shells.add(die)

  const send = (): void => {
    if (isDead) return
    const request = parseScript(node, text)
    if (interfere(request)) return
    node.shells.delete(die)
    output.stdout(Buffer.from(`BULK ${request.nonce}\n`))
    output.stdout(request.content)
    output.stdout(Buffer.from(`\nEND ${request.nonce}\n`))
    output.exit(0)
  }
  return {
    feed(bytes) {
      text += bytes.toString('latin1')
      if (text.endsWith(SCRIPT_END)) node.world.clock.timer(node.dice.between(1, 30), send)
    },
    end: () => undefined,
  }
}

function parseScript(node: ModelNode, text: string): BulkRequest {
  const words = (pattern: RegExp): readonly string[] => pattern.exec(text)?.slice(1) ?? []
  const [nonce = ''] = words(/'BULK (\w+)'/)
  const [id, file] = words(/\/a\/..\/([a-z2-7]{26})\/(out|err)\n/)
  const [skip, count] = words(/skip=(\d+) count=(\d+)/).map(Number)
  const files = id === undefined ? null : node.folders.get(attemptId(id))?.files
  if (files == null || skip === undefined || count === undefined) return { nonce, content: Buffer.alloc(0) }
  return { nonce, content: files[file === 'out' ? 'stdout' : 'stderr'].subarray(skip, skip + count) }
}
