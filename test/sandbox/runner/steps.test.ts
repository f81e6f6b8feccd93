// Steps as GitHub runs them: shells, files by which they hand values on, conditions, failures.
import { existsSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Bench, startBench, steps } from './bench.ts'

let bench: Bench
beforeAll(async () => {
  process.env.PRIVATE_KEY = 'key-of-the-app'
  process.env.WEBHOOK_SECRET = 'secret-of-the-hook'
  process.env.DATABASE_URL = 'postgres://andon:password@db.example/andon'
  bench = await startBench({ secrets: { API_KEY: 'sk-very-hidden-42' }, variables: { REGION: 'eu' } })
})
afterAll(async () => {
  for (const name of ['PRIVATE_KEY', 'WEBHOOK_SECRET', 'DATABASE_URL']) delete process.env[name]
  await bench.runner.stop()
})

describe('a run: step', () => {
  it('hands on outputs, variables, paths and its summary', async () => {
    const seen = await bench.run(
      steps(`- id: first
  run: |
    echo "word=hello" >> "$GITHUB_OUTPUT"
    { echo "text<<END"; echo one; echo two; echo END; } >> "$GITHUB_OUTPUT"
    echo "COLOUR=green" >> "$GITHUB_ENV"
    mkdir bin; printf '#!/bin/sh\\necho tool-ran' > bin/tool; chmod +x bin/tool
    echo "$PWD/bin" >> "$GITHUB_PATH"
    echo "## 93 of 100" >> "$GITHUB_STEP_SUMMARY"
- run: |
    echo "said \${{ steps.first.outputs.word }} in $COLOUR, \${{ env.COLOUR }}"
    echo "\${{ steps.first.outputs.text }}" | wc -l
    tool`),
    )
    expect(seen.conclusion).toBe('success')
    expect(seen.log).toContain('said hello in green, green')
    expect(seen.log).toMatch(/^2$/m)
    expect(seen.log).toContain('tool-ran')
    expect(seen.job('test').end?.summary).toBe('## 93 of 100\n')
  })

  it('stops at a failing command; with shell: bash also in a pipe', async () => {
    const plain = await bench.run(
      steps('- run: |\n    false | true\n    echo after-the-pipe\n    false\n    echo not-reached'),
    )
    expect(plain.conclusion).toBe('failure')
    expect(plain.log).toMatch(/^after-the-pipe$/m)
    expect(plain.log).not.toMatch(/^not-reached$/m)
    expect(plain.log).toContain('Process completed with exit code 1.')
    const strict = await bench.run(steps('- run: |\n    false | true\n    echo after-the-pipe\n  shell: bash'))
    expect(strict.conclusion).toBe('failure')
    expect(strict.log).not.toMatch(/^after-the-pipe$/m)
  })

  it('skips what follows a failure, unless it is asked to run always or on failure', async () => {
    const seen = await bench.run(
      steps(`- { name: breaks, id: breaks, run: exit 3 }
- { name: ordinary, run: echo no }
- { name: literally, if: "github.ref == 'refs/heads/main'", run: echo no }
- { name: always, if: always(), run: 'echo "was \${{ steps.breaks.outcome }}, job \${{ job.status }}"' }
- { name: on failure, if: "\${{ failure() }}", run: echo yes }
- { name: on cancel, if: cancelled(), run: echo no }`),
    )
    expect(seen.conclusion).toBe('failure')
    const conclusions = seen.job('test').steps.map((step) => [step.name, step.conclusion])
    expect(conclusions).toEqual([
      ['Set up job', 'success'],
      ['breaks', 'failure'],
      ['ordinary', 'skipped'],
      ['literally', 'skipped'],
      ['always', 'success'],
      ['on failure', 'success'],
      ['on cancel', 'skipped'],
      ['Complete job', 'success'],
    ])
    expect(seen.log).toContain('was failure, job failure')
  })

  it('forgives a failure with continue-on-error, and tells outcome from conclusion', async () => {
    const seen = await bench.run(
      steps(`- { id: soft, run: exit 1, continue-on-error: true }
- run: echo "\${{ steps.soft.outcome }} became \${{ steps.soft.conclusion }}"`),
    )
    expect(seen.conclusion).toBe('success')
    expect(seen.log).toContain('failure became success')
  })

  it('fails on a file command of no valid form, and refuses to replace its own variables', async () => {
    const broken = await bench.run(steps('- run: echo "no equals sign" >> "$GITHUB_OUTPUT"'))
    expect(broken.conclusion).toBe('failure')
    expect(broken.log).toContain("Invalid format 'no equals sign'")
    const sly = await bench.run(
      steps(
        '- run: echo "GITHUB_SHA=forged" >> "$GITHUB_ENV"\n- run: echo "sha is $GITHUB_SHA"\n  env: { GITHUB_SHA: forged too }',
      ),
    )
    expect(sly.log).toMatch(/^sha is a+\d+$/m)
  })

  it('runs in its working directory, by its shell, with defaults of job and workflow', async () => {
    const seen = await bench.run(
      steps(
        '- run: mkdir -p deep\n  working-directory: .\n- run: basename "$PWD"\n- run: print("from python")\n  shell: python',
        'defaults: { run: { working-directory: deep } }',
      ),
    )
    expect(seen.log).toMatch(/^deep$/m)
    const missing = await bench.run(steps('- run: pwd\n  working-directory: nowhere'))
    expect(missing.conclusion).toBe('failure')
    expect(missing.log).toContain('The working directory nowhere does not exist')
  })

  it('may print a line without end', async () => {
    const seen = await bench.run(steps("- run: head -c 5000000 /dev/zero | tr '\\0' x"))
    expect(seen.conclusion).toBe('success')
    expect(seen.log.length).toBeLessThan(1_000_000)
  })

  it('may name its annotations, which stay within ten of a kind', async () => {
    const seen = await bench.run(
      steps(`- run: |
    echo "::error file=src/a.ts,line=7,title=Bad%3A title::first%0Asecond"
    for i in $(seq 12); do echo "::warning::w$i"; done
    echo "::set-output name=x::1"
    echo "::stop-commands::quiet"; echo "::error::not a command"; echo "::quiet::"`),
    )
    const annotations = seen.job('test').end?.annotations ?? []
    expect(annotations[0]).toEqual({
      level: 'failure',
      message: 'first\nsecond',
      title: 'Bad: title',
      file: 'src/a.ts',
      line: 7,
    })
    expect(annotations.filter((one) => one.level === 'warning')).toHaveLength(10)
    expect(annotations.filter((one) => one.level === 'failure')).toHaveLength(1)
    expect(seen.conclusion).toBe('success')
  })
})

describe('secrets', () => {
  it('never reach the log, in no common form', async () => {
    const seen = await bench.run(
      steps(`- run: |
    echo "the key is $KEY"
    echo -n "$KEY" | base64
    echo "token $TOKEN"
    echo "::add-mask::word-of-the-day"
    echo "and word-of-the-day"
    echo "$KEY" >> "$GITHUB_STEP_SUMMARY"
    echo "::error::$KEY"
  env: { KEY: "\${{ secrets.API_KEY }}", TOKEN: "\${{ github.token }}" }`),
    )
    const all = JSON.stringify(seen.jobs)
    expect(all).toContain('the key is ***')
    expect(all).toContain('token ***')
    expect(seen.log).toMatch(/^and \*\*\*$/m)
    for (const secret of [
      'sk-very-hidden-42',
      Buffer.from('sk-very-hidden-42').toString('base64'),
      'ghs_thetokenofthisjob',
    ]) {
      expect(all).not.toContain(secret)
    }
  })

  it('of this process are not in the environment of a step', async () => {
    const seen = await bench.run(steps('- run: env\n- run: tr "\\0" "\\n" < /proc/self/environ'))
    expect(seen.conclusion).toBe('success')
    for (const leak of ['key-of-the-app', 'secret-of-the-hook', 'postgres://', 'PRIVATE_KEY', 'VITEST'])
      expect(seen.log).not.toContain(leak)
    expect(seen.log).toContain('GITHUB_REPOSITORY=acme/bot')
    expect(seen.log).toContain('GITHUB_SERVER_URL=http://github.localhost:4321')
    // Only actions may speak to the artifact service.
    expect(seen.log).not.toContain('ACTIONS_RUNTIME_TOKEN')
  })

  it('are not handed from job to job', async () => {
    const seen = await bench.run(`on: workflow_dispatch
jobs:
  one:
    runs-on: ubuntu-latest
    outputs: { open: "\${{ steps.a.outputs.open }}", shut: "\${{ steps.a.outputs.shut }}" }
    steps:
      - { id: a, run: 'echo "open=1" >> "$GITHUB_OUTPUT"; echo "shut=$KEY" >> "$GITHUB_OUTPUT"', env: { KEY: "\${{ secrets.API_KEY }}" } }
  two:
    runs-on: ubuntu-latest
    needs: one
    steps:
      - run: echo "open=[\${{ needs.one.outputs.open }}] shut=[\${{ needs.one.outputs.shut }}]"
`)
    expect(seen.log).toContain('open=[1] shut=[]')
  })
})

describe('what a job leaves', () => {
  it('is removed: its folder, and what it left running', async () => {
    const seen = await bench.run(
      steps(
        '- run: |\n    echo "root=$(dirname "$RUNNER_TEMP")"\n    sleep 600 &\n    echo "pid=$!"\n- run: echo next',
      ),
    )
    const root = /^root=(.+)$/m.exec(seen.log)?.[1] ?? ''
    const pid = Number(/^pid=(\d+)$/m.exec(seen.log)?.[1])
    expect(root).toContain('andon-run-')
    expect(existsSync(root)).toBe(false)
    await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 30_000 })
    expect(seen.conclusion).toBe('success')
  })
})

// A killed process whose parent is gone may stay in the table until it is reaped: as a zombie it runs no more.
function isRunning(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0] !== 'Z'
  } catch {
    return false
  }
}
