// How long a policy of 500 lines takes to be parsed, validated and laid on top of an organization's.
import { combine } from '../../src/core/policy/inherit.ts'

const LINES = 500
const TIMES = 200

/** Gates of each kind over some columns, until the file has as many lines as promised. */
function longPolicy(): string {
  const head = ['version: 1', 'board: { project: 12 }', 'columns:', '  - name: Backlog']
  const columns: string[] = []
  const gates: string[] = []
  for (let at = 0; head.length + columns.length + gates.length + 1 < LINES; at++) {
    if (at % 8 === 0) columns.push(`  - name: Column ${at / 8}`, '    limit: 5', `    enter: [gate-${at}]`)
    else columns.splice(-1, 1, (columns.at(-1) ?? '').replace(/\]$/, `, gate-${at}]`))
    gates.push(
      `  gate-${at}:`,
      ...(at % 3 === 0
        ? ['    kind: approval', '    count: 2', '    teams: [ai-safety, legal]', '    independent: true']
        : [
            '    kind: evaluation',
            `    workflow: evaluate-${at}.yml`,
            '    metrics:',
            '      accuracy: { min: 0.9 }',
            '      toxicity: { max: 0.005 }',
          ]),
    )
  }
  return `${[...head, ...columns, 'gates:', ...gates].slice(0, LINES + columns.length).join('\n')}\n`
}

const ORGANIZATION = `version: 1
changes: { model-version: { label: "change: model", requires: [model, datasets] } }
risk: { high: { labels: ["risk: high"], changes: [model-version] } }
gates: { no-freeze: { kind: freeze, windows: [{ from: "2026-12-20T00:00", to: "2027-01-04T00:00", zone: Europe/Berlin }] } }
labels: { move: { go: Column 0 } }
`

export async function benchPolicy(print: (line: string) => void): Promise<void> {
  const text = longPolicy()
  const under = { repository: 'acme/.github', path: '.github/andon.yml', text: ORGANIZATION }
  const over = { repository: 'acme/bot', path: '.github/andon.yml', text }
  const took: number[] = []
  const cores: number[] = []
  for (let at = 0; at < TIMES; at++) {
    const [start, begun] = [performance.now(), process.cpuUsage()]
    const checked = combine(under, over)
    took.push(performance.now() - start)
    const { user, system } = process.cpuUsage(begun)
    cores.push((user + system) / 1000)
    if (!checked?.ok) throw new Error(`The policy is wrong: ${JSON.stringify(checked?.problems.slice(0, 3))}`)
  }
  const lines = text.trimEnd().split('\n').length
  print(
    `a policy of ${lines} lines on top of the organization's, checked ${TIMES} times; promised: a median under 20 ms`,
  )
  print(`time passed   median ${share(took, 0.5)}, p99 ${share(took, 0.99)}`)
  print(
    `of one core   median ${share(cores, 0.5)}, p99 ${share(cores, 0.99)}   (what other processes take does not count)`,
  )
}

function share(took: number[], part: number): string {
  const sorted = took.toSorted((a, b) => a - b)
  return `${(sorted[Math.floor(sorted.length * part)] ?? 0).toFixed(1)} ms`
}
