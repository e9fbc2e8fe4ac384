import { type AttemptId, TronError } from '@tron/model'
import type { Executor, InventoryEntry, StartReply, StartRequest } from '../../contract.ts'
import { anotherStart, type BrokenExecutor, changeEvents, replace } from './broken-executor.ts'

/** The same executor, which lets a released id start again. */
function freesIds(executor: Executor): Executor {
  const freed = new Set<AttemptId>()
  return replace(executor, {
    release: async (refs) => {
      const released = await executor.release(refs)
      for (const id of released) freed.add(id)
      return released
    },
    start: async (requests, options) => {
      const sent = requests.map((request) => (freed.has(request.id) ? anotherStart(request) : request))
      const replies = await executor.start(sent, options)
      return replies.map((reply, index) => answerFor(requests[index]?.id ?? reply.id, reply))
    },
  })
}

function answerFor(id: AttemptId, reply: StartReply): StartReply {
  return { ...reply, id }
}

function changeInventory(
  executor: Executor,
  change: (entries: readonly InventoryEntry[]) => readonly InventoryEntry[],
): Executor {
  return replace(executor, {
    async *inventory(target) {
      for await (const page of executor.inventory(target)) yield change(page)
    },
  })
}

/** The next page; null at the end, however it comes. */
async function nextOrEnd(
  pages: AsyncIterator<readonly InventoryEntry[]>,
): Promise<readonly InventoryEntry[] | null> {
  const step = await pages.next().catch(() => null)
  return step === null || step.done === true ? null : step.value
}

const RELEASE: readonly BrokenExecutor[] = [
  {
    rule: 'release: leaves alone what has not ended',
    defect: 'calls everything released',
    spoil: () => (executor) =>
      replace(executor, { release: (refs) => Promise.resolve(refs.map(({ id }) => id)) }),
  },
  {
    rule: 'release: answers again for what is released already',
    defect: 'answers for a released id only once',
    spoil: () => (executor) => {
      const told = new Set<AttemptId>()
      return replace(executor, {
        release: async (refs) => {
          const released = (await executor.release(refs)).filter((id) => !told.has(id))
          for (const id of released) told.add(id)
          return released
        },
      })
    },
  },
  {
    rule: 'release: removes the output',
    defect: 'keeps the output',
    spoil: () => (executor) =>
      replace(executor, { release: (refs) => Promise.resolve(refs.map(({ id }) => id)) }),
  },
  {
    rule: 'release: answers nothing for a target that cannot be reached',
    defect: 'takes what it cannot reach for gone',
    spoil:
      () =>
      (executor, { node }) =>
        replace(executor, {
          release: async (refs) => {
            const far = refs.filter(({ target }) => target.node !== node)
            return [...far.map(({ id }) => id), ...(await executor.release(refs))]
          },
        }),
  },
  {
    rule: 'release: never frees the id',
    defect: 'removes every trace of an attempt',
    spoil: () => freesIds,
  },
  {
    rule: 'release: a revoked id stays revoked',
    defect: 'removes the tombstone of a revoked id',
    spoil: () => freesIds,
  },
]

const FENCE: readonly BrokenExecutor[] = [
  {
    rule: 'fence: a foreign pair is refused, whatever the numbers, and changes nothing',
    defect: 'lets a higher epoch replace any other',
    spoil:
      () =>
      (executor, { fence, node, open }) =>
        fence.epoch > 2 ? open({ ...fence, takeOver: [node] }) : executor,
  },
  {
    rule: 'fence: a foreign pair revokes, stops and releases nothing',
    defect: 'compares the pair only at a start',
    spoil:
      () =>
      async (executor, { open }) => {
        const first = await open({})
        return replace(executor, {
          stop: (ref, how) => first.stop(ref, how),
          revoke: (refs, options) => first.revoke(refs, options),
          release: (refs) => first.release(refs),
        })
      },
  },
  {
    rule: 'fence: a pair that the own store issued is replaced',
    defect: 'does not know the pairs that its store issued',
    spoil:
      () =>
      (_executor, { fence, open }) =>
        open({ ...fence, issued: [] }),
  },
  {
    rule: 'fence: a deposed executor is refused from then on, also when it is opened again',
    defect: 'takes the fence back',
    spoil:
      () =>
      (executor, { fence, node, open }) => {
        const insist = async (
          requests: readonly StartRequest[],
          options: { readonly signal: AbortSignal },
        ) => {
          const replies = await executor.start(requests, options)
          if (replies.every(({ result }) => result !== 'refused')) return replies
          const again = await open({ ...fence, takeOver: [node] })
          return again.start(requests, options)
        }
        return replace(executor, { start: insist })
      },
  },
  {
    rule: 'fence: a take-over by the operator replaces a foreign pair, and deposes it',
    defect: 'does not do what the operator ordered',
    spoil:
      () =>
      (_executor, { fence, open }) =>
        open({ ...fence, takeOver: [] }),
  },
  {
    rule: 'fence: a fenced executor says so in an event that names the holder',
    defect: 'keeps quiet about being fenced',
    spoil: () => (executor) =>
      changeEvents(executor, (event) => (event.kind === 'target' && event.state === 'fenced' ? [] : [event])),
  },
  {
    rule: 'inspect: names the holder to anybody and changes nothing',
    defect: 'names only itself',
    spoil:
      () =>
      (executor, { fence }) =>
        replace(executor, {
          inspect: async (target) => {
            const holder = await executor.inspect(target)
            return holder?.nonce === fence.nonce ? holder : null
          },
        }),
  },
]

const INSPECT: readonly BrokenExecutor[] = [
  {
    rule: 'inspect: rejects with UNREACHABLE for a target that cannot be reached',
    defect: 'takes a target that it cannot reach for one that nobody holds',
    spoil: () => (executor) =>
      replace(executor, { inspect: (target) => executor.inspect(target).catch(() => null) }),
  },
]

const INVENTORY: readonly BrokenExecutor[] = [
  {
    rule: 'inventory: rejects with UNREACHABLE for a target that cannot be reached',
    defect: 'takes a target that it cannot reach for one that holds nothing',
    spoil: () => (executor) =>
      replace(executor, {
        async *inventory(target) {
          const pages = executor.inventory(target)[Symbol.asyncIterator]()
          for (let page = await nextOrEnd(pages); page !== null; page = await nextOrEnd(pages)) yield page
        },
      }),
  },
  {
    rule: 'inventory: has nothing of another installation',
    defect: 'lists what the target holds of anybody',
    spoil:
      () =>
      async (executor, { open }) => {
        const first = await open({})
        return replace(executor, {
          async *inventory(target) {
            yield* executor.inventory(target)
            yield* first.inventory(target)
          },
        })
      },
  },
  {
    rule: 'inventory: lists what the target holds, in clear',
    defect: 'leaves out what was released',
    spoil: () => (executor) =>
      changeInventory(executor, (entries) => entries.filter(({ released }) => !released)),
  },
  {
    rule: 'inventory: lists what was revoked',
    defect: 'lists only what ran',
    spoil: () => (executor) =>
      changeInventory(executor, (entries) => entries.filter(({ phase }) => phase !== 'revoked')),
  },
  {
    rule: 'inventory: works for a fenced executor',
    defect: 'shows nothing to a fenced executor',
    spoil:
      () =>
      (executor, { fence }) =>
        replace(executor, {
          async *inventory(target) {
            const holder = await executor.inspect(target)
            if (holder !== null && holder.nonce !== fence.nonce) throw new TronError('FENCED', 'not yours')
            yield* executor.inventory(target)
          },
        }),
  },
]

export const BROKEN_KEEPING: readonly BrokenExecutor[] = [...RELEASE, ...FENCE, ...INSPECT, ...INVENTORY]
