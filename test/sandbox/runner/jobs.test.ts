// Jobs of a run: what they need, hand on and repeat; limits of time and number; being cancelled.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Bench, startBench, steps } from './bench.ts'

let bench: Bench
beforeAll(async () => {
  bench = await startBench({ variables: { REGION: 'eu' } })
})
afterAll(() => bench.runner.stop())

/** Programs are started meanwhile, which may take its time. */
const until = (holds: () => void) => vi.waitFor(holds, { timeout: 30_000 })

const andon = JSON.stringify({ andon: 1, request: '01JABC', sha: 'c'.repeat(40) })

describe('jobs', () => {
  it('read one input as JSON, and hand outputs on to those that need them', async () => {
    const seen = await bench.run(
      `run-name: andon \${{ fromJSON(inputs.andon).request }}
on: { workflow_dispatch: { inputs: { andon: { required: true, type: string } } } }
env: { WHERE: "\${{ vars.REGION }}" }
jobs:
  measure:
    runs-on: ubuntu-latest
    outputs: { sha: "\${{ steps.read.outputs.sha }}" }
    env: { SHA: "\${{ fromJSON(inputs.andon).sha }}" }
    steps:
      - id: read
        run: echo "sha=$SHA" >> "$GITHUB_OUTPUT"
      - run: node -e 'console.log("event", JSON.parse(JSON.parse(fs.readFileSync(process.env.GITHUB_EVENT_PATH)).inputs.andon).request)'
  report:
    runs-on: ubuntu-latest
    needs: [measure]
    steps:
      - run: echo "tested \${{ needs.measure.outputs.sha }} (\${{ needs.measure.result }}) in $WHERE"
`,
      { inputs: { andon } },
    )
    expect(seen.conclusion).toBe('success')
    expect(seen.log).toContain('event 01JABC')
    expect(seen.log).toContain(`tested ${'c'.repeat(40)} (success) in eu`)
  })

  it('are skipped after a failed need, unless they ask for it', async () => {
    const seen = await bench.run(`on: workflow_dispatch
jobs:
  a: { runs-on: x, steps: [{ run: exit 1 }] }
  b: { runs-on: x, needs: a, steps: [{ run: echo b }] }
  c: { runs-on: x, needs: b, if: failure(), steps: [{ run: 'echo "c knows: \${{ needs.b.result }}"' }] }
  d: { runs-on: x, needs: a, if: "always() && github.event_name == 'push'", steps: [{ run: echo d }] }
`)
    expect(seen.conclusion).toBe('failure')
    const ends = Object.fromEntries(seen.jobs.map((job) => [job.name, job.end?.conclusion]))
    expect(ends).toEqual({ a: 'failure', b: 'skipped', c: 'success', d: 'skipped' })
    expect(seen.log).toContain('c knows: skipped')
  })

  it('run once for each combination of a matrix, also of one that another job made', async () => {
    const seen = await bench.run(`on: workflow_dispatch
jobs:
  plan:
    runs-on: x
    outputs: { models: "\${{ steps.a.outputs.models }}" }
    steps: [{ id: a, run: "echo 'models=[\\"small\\",\\"large\\"]' >> $GITHUB_OUTPUT" }]
  eval:
    needs: plan
    runs-on: x
    strategy: { max-parallel: 1, matrix: { model: "\${{ fromJSON(needs.plan.outputs.models) }}" } }
    steps: [{ run: 'echo "job \${{ strategy.job-index }} of \${{ strategy.job-total }}: \${{ matrix.model }}"' }]
`)
    expect(seen.jobs.map((job) => job.name)).toEqual(['plan', 'eval (small)', 'eval (large)'])
    expect(seen.log).toContain('job 0 of 2: small')
    expect(seen.log).toContain('job 1 of 2: large')
  })

  it('of a matrix end together at the first failure, unless told not to', async () => {
    const text = (failFast: boolean) => `on: workflow_dispatch
jobs:
  a:
    runs-on: x
    strategy: { fail-fast: ${failFast}, max-parallel: 1, matrix: { code: [1, 0] } }
    steps: [{ run: "exit \${{ matrix.code }}" }]
`
    const ends = async (failFast: boolean) => (await bench.run(text(failFast))).jobs.map((job) => job.end?.conclusion)
    expect(await ends(true)).toEqual(['failure', 'cancelled'])
    expect(await ends(false)).toEqual(['failure', 'success'])
  })

  it('fail at an expression that cannot be evaluated, with the words of the evaluator', async () => {
    const seen = await bench.run(steps(`- run: echo "\${{ fromJSON(inputs.andon).sha }}"`), { inputs: {} })
    expect(seen.conclusion).toBe('failure')
    expect(seen.job('test').end?.annotations[0]?.message).toBe(
      'The expression format(\'echo "{0}"\', fromJSON(inputs.andon).sha) cannot be evaluated: empty input',
    )
  })

  it('never begin where the file is wrong or gone: the run fails and says why', async () => {
    const wrong = await bench.run('on: workflow_dispatch\njobs:\n  a:\n    steps: [{ run: x }]\n')
    expect(wrong.conclusion).toBe('failure')
    expect(wrong.jobs[0]?.end?.annotations[0]?.message).toContain('Required property is missing: runs-on')
    const foreign = await bench.run(
      'on: workflow_dispatch\njobs: { a: { runs-on: x, container: "node:24", steps: [{ run: x }] } }',
    )
    expect(foreign.log).toContain("The sandbox cannot run job 'a': it knows no 'container'.")
    const gone = await bench.run(steps('- run: x'), { path: '.github/workflows/gone.yml' })
    expect(gone.log).toContain('.github/workflows/gone.yml is not in acme/bot')
  })
})

describe('time', () => {
  it('ends a step at its limit, which fails it, and all that it started', async () => {
    const seen = await bench.run(
      steps(
        '- { name: slow, run: "(trap \'\' INT TERM; sleep 60) & wait", timeout-minutes: 0.01 }\n- { name: after, if: always(), run: echo after }',
      ),
    )
    expect(seen.conclusion).toBe('failure')
    expect(seen.step('test', 'slow')).toBe('failure')
    expect(seen.step('test', 'after')).toBe('success')
    expect(seen.log).toContain("The action 'slow' has timed out after 0.01 minutes.")
  })

  it('ends a job at its limit, which cancels it, as on GitHub', async () => {
    const seen = await bench.run(`on: workflow_dispatch
jobs:
  a:
    runs-on: x
    timeout-minutes: 0.1
    steps:
      - { name: slow, run: sleep 60 }
      - { name: next, run: echo next }
      - { name: clean, if: always(), run: echo clean }
`)
    expect(seen.conclusion).toBe('cancelled')
    expect(seen.job('a').end?.conclusion).toBe('cancelled')
    expect(['slow', 'next', 'clean'].map((name) => seen.step('a', name))).toEqual(['cancelled', 'skipped', 'success'])
    expect(seen.log).toContain('exceeded the maximum execution time of 0.1 minutes')
  })
})

describe('a cancelled run', () => {
  it('interrupts the step in hand, runs what asks for it, and begins no other job', async () => {
    const id = bench.take(`on: workflow_dispatch
jobs:
  a:
    runs-on: x
    steps:
      - { name: slow, run: "trap 'echo interrupted; exit 1' INT; echo under-way; sleep 60 & wait" }
      - { name: next, run: echo next }
      - { name: clean, if: cancelled(), run: 'echo "cleaned, \${{ job.status }}"' }
  b: { needs: a, runs-on: x, steps: [{ run: echo b }] }
`)
    const seen = bench.seen.get(id)
    await until(() => expect(seen?.jobs[0]?.steps[1]?.status).toBe('in_progress'))
    bench.runner.cancel(id, 1)
    await bench.runner.idle()
    expect(seen?.conclusion).toBe('cancelled')
    expect(['slow', 'next', 'clean'].map((name) => seen?.step('a', name))).toEqual(['cancelled', 'skipped', 'success'])
    expect(seen?.job('b').end?.conclusion).toBe('cancelled')
    expect(seen?.log).toContain('cleaned, cancelled')
  })
})

describe('turns', () => {
  it('no more jobs than places run at once; the others stay queued, and can be cancelled there', async () => {
    const narrow = await startBench({ jobs: 1 })
    const gate = join(mkdtempSync(join(tmpdir(), 'andon-gate-')), 'open')
    const first = narrow.take(steps(`- run: until [ -e ${gate} ]; do sleep 0.05; done`))
    const second = narrow.take(steps('- run: echo second'))
    await until(() => expect(narrow.seen.get(first)?.started).toBe(true))
    expect(narrow.seen.get(second)?.jobs[0]?.started).toBe(false)
    expect(narrow.seen.get(second)?.started).toBe(false)
    const third = narrow.take(steps('- run: echo third'))
    await until(() => expect(narrow.seen.get(third)?.jobs).toHaveLength(1))
    narrow.runner.cancel(third, 1)
    await until(() => expect(narrow.seen.get(third)?.conclusion).toBe('cancelled'))
    writeFileSync(gate, '')
    await narrow.runner.idle()
    expect(narrow.seen.get(second)?.conclusion).toBe('success')
    await narrow.runner.stop()
    rmSync(dirname(gate), { recursive: true })
  })

  it('a concurrency group runs one, keeps the newest waiting, and cancels the one before it', async () => {
    const grouped = steps('- run: sleep 0.3', `concurrency: "deploy-\${{ github.ref_name }}"`)
    const ids = [1, 2, 3].map(() => bench.take(grouped))
    await bench.runner.idle()
    expect(ids.map((id) => bench.seen.get(id)?.conclusion)).toEqual(['success', 'cancelled', 'success'])
    const eager = steps('- run: sleep 60', 'concurrency: { group: g, cancel-in-progress: true }')
    const old = bench.take(eager)
    await until(() => expect(bench.seen.get(old)?.started).toBe(true))
    const young = bench.take(steps('- run: echo quick', 'concurrency: { group: g, cancel-in-progress: true }'))
    await bench.runner.idle()
    expect([old, young].map((id) => bench.seen.get(id)?.conclusion)).toEqual(['cancelled', 'success'])
  })

  it('stopping the runner ends everything, also what asks to run always', async () => {
    const other = await startBench()
    const id = other.take(steps('- run: sleep 60\n- { if: always(), run: sleep 60 }'))
    await until(() => expect(other.seen.get(id)?.started).toBe(true))
    await other.runner.stop()
    expect(other.seen.get(id)?.conclusion).toBe('cancelled')
  })
})
