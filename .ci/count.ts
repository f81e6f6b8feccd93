// Counts the tests for CI's last line, and names those that passed only when they were tried again.
import { writeFileSync } from 'node:fs'
import type { Reporter, TestModule } from 'vitest/node'

export default class implements Reporter {
  onTestRunEnd(modules: ReadonlyArray<TestModule>): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const count = (state: string) => tests.filter((test) => test.result().state === state).length
    const broken = modules.filter((module) => module.errors().length > 0).length
    const again = tests.filter((test) => test.diagnostic()?.flaky)
    const lines = [
      ...again.map(({ module, fullName }) => `Passed only when tried again: ${module.relativeModuleId} > ${fullName}`),
      `${count('passed')} passed, ${count('failed') + broken} failed, ${count('skipped')} skipped`,
    ]
    writeFileSync(process.env.COUNTS ?? '/dev/stdout', `${lines.join('\n')}\n`)
  }
}
