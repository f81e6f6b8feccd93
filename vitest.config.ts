// How the tests run: each file in a process of its own, nothing shared but the machine.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    // For what hangs. A machine with other work takes many times as long as a quiet one, and is not wrong.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
})
