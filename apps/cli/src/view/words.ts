import type { ApiNode } from '@tron/api/light'

/** `user@host`; the host alone where the daemon's own user is meant. */
export function nodeText(node: ApiNode): string {
  return node.username === '' ? node.hostname : `${node.username}@${node.hostname}`
}

/** A duration in whole seconds, `-` for none. */
export function durationText(duration: string): string {
  return duration === '' ? '-' : duration.replace(/\.\d+$/, '')
}

/** A date, `-` for none. */
export function dateText(date: string | null): string {
  return date ?? '-'
}

/** Yes and no in the words of Tron 3, which is written in Python. */
export function flagText(flag: boolean): string {
  return flag ? 'True' : 'False'
}

const REASONS: Readonly<Record<number, string>> = {
  [-1]: 'Invalid command',
  [-2]: 'Node error',
  [-3]: 'Stopped or killed',
  [-4]: 'Timed out waiting for triggers',
  [-5]: 'Mesos disabled',
  [-6]: 'Kubernetes disabled',
  [-7]: 'Kubernetes is not configured',
  [-8]: 'Kubernetes task is invalid',
  [-9]: 'Kubernetes task failed abnormally',
  [-10]: 'Spot instance was interrupted',
  [-11]: 'Node was scaled down',
  [-12]: 'Task was lost',
  [-13]: 'Evicted for ephemeral storage',
}

/** An exit status; what a negative one means instead of its number, `-` for none. */
export function exitText(status: number | null): string {
  return status === null ? '-' : (REASONS[status] ?? String(status))
}
