import { defineConfig } from 'vitest/config'

// Vite's own server conditions must be repeated: a list given here replaces them.
const conditions = ['@tron/source', 'module', 'node', 'development|production']

const tests = ['{packages,apps,examples}/*/test/**/*.test.ts', 'test/**/*.test.ts']
// They start daemons and servers, fill disks, and wait: after all others.
const systemTests = ['{packages,apps,examples}/*/test/system/**/*.test.ts', 'test/system/**/*.test.ts']
// They measure, or take all that a machine has: one file at a time, in the end.
const greedyTests = [
  '**/test/system/{defects,killed-at-every-line,large-output,long-history,many-actions,seeds}.test.ts',
]

export default defineConfig({
  ssr: { resolve: { conditions } },
  test: {
    sequence: { shuffle: true },
    maxWorkers: 2,
    coverage: { provider: 'v8', include: ['{packages,apps}/*/src/**'] },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: tests,
          exclude: ['**/node_modules/**', ...systemTests],
          sequence: { groupOrder: 0 },
          testTimeout: 15_000,
          hookTimeout: 15_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'system',
          include: systemTests,
          exclude: ['**/node_modules/**', ...greedyTests],
          sequence: { groupOrder: 1 },
          testTimeout: 180_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'greedy',
          include: greedyTests,
          exclude: ['**/node_modules/**'],
          sequence: { groupOrder: 2 },
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
