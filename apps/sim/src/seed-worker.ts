import { parentPort, workerData } from 'node:worker_threads'
import { plantDefect } from './plant-defect.ts'
import { readRequest, readTask } from './unsafe-messages.ts'

// The defect must stand in the sources before anything of the product is loaded.
const { defect } = readTask(workerData)
if (defect !== null) await plantDefect(defect)
const { answer } = await import('./answer-seed.ts')

parentPort?.on('message', (message: unknown) => {
  void reply(message)
})

async function reply(message: unknown): Promise<void> {
  parentPort?.postMessage(await answer(readRequest(message)), [])
}
