import { parentPort } from 'node:worker_threads'
import { readConfig } from '../read/read-config.ts'
import { sourceOfThread, writeMessage } from './unsafe-message.ts'

// The whole life of the thread: it reads what it was started with, says what that is, and ends.
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
parentPort?.postMessage(writeMessage(readConfig(sourceOfThread())))
