// How many recorded events are decided again a second under another policy, on one core, beside a rule language.
import { replayMoves } from '../../src/core/decision/replay-moves.ts'
import type { Event } from '../../src/core/facts/event.ts'
import { evaluationGate } from '../../src/core/gates/evaluation.ts'
import type { Policy } from '../../src/core/policy/policy.ts'
import { CoreStory, column, cy, gate, policyOf } from '../support/core-story.ts'

const EVENTS = 1_000_000

type Print = (line: string) => void
type Metrics = { accuracy: number; toxicity: number }

const gated = (accuracy: number): Policy =>
  policyOf(
    [column('Backlog'), column('Staging', { enter: ['eval', 'docs'] }), column('Production', { enter: ['approval'] })],
    {
      eval: gate('evaluation', {
        workflow: 'evaluate.yml',
        metrics: { accuracy: { min: accuracy }, toxicity: { max: 0.005 } },
      }),
      docs: gate('files', { paths: ['README.md'] }),
      approval: gate('approval', { teams: ['safety'] }),
    },
  )

/** A card's way to production and back, measured once; as the store gives it back. */
function recorded({ accuracy, toxicity }: Metrics): Event[] {
  const story = new CoreStory(gated(0.9)).adopted('Backlog')
  story.know({ blobs: { [`acme/bot@${'a'.repeat(40)}`]: { 'README.md': 'b10b' } }, teams: { safety: ['cy'] } })
  story.moved('Staging')
  story.measured('eval', { accuracy: { value: accuracy, n: 200 }, toxicity: { value: toxicity } })
  story.moved('Production')
  story.take({ kind: 'approval-given', at: story.at, by: cy, change: 'sha256:change-1', url: 'https://x/1' })
  story.wait(60).seen()
  story.moved('Backlog')
  return JSON.parse(JSON.stringify(story.events))
}

const MEASURED: Metrics[] = [0.9, 0.91, 0.93, 0.95, 0.97].map((accuracy) => ({ accuracy, toxicity: 0.001 }))

export async function benchReplay(print: Print): Promise<void> {
  const cards = MEASURED.map(recorded)
  const policy = gated(0.94)
  let [events, moves, otherwise] = [0, 0, 0]
  const run = (most: number) => {
    for (let at = 0; events < most; at++) {
      const card = cards[at % cards.length] ?? []
      for (const { recorded: before, ruling } of replayMoves(card, policy)) {
        moves += 1
        if (ruling.outcome !== before) otherwise += 1
      }
      events += card.length
    }
  }
  run(50_000)
  ;[events, moves, otherwise] = [0, 0, 0]
  const seconds = timed(() => run(EVENTS))
  print(
    `events replayed under another policy   ${rate(events, seconds)}   ${events.toLocaleString('en')} events, ${moves.toLocaleString('en')} moves, ${otherwise.toLocaleString('en')} decided otherwise, ${seconds.toFixed(1)} s of one core`,
  )
  await besideCel(print, moves, seconds)
}

const RULE = 'metrics.accuracy >= 0.94 && metrics.toxicity <= 0.005'

/** The same criteria, held against the same numbers as often as moves were decided. */
async function besideCel(print: Print, times: number, replayed: number): Promise<void> {
  const policy = gated(0.94)
  const settings = policy.gates.eval?.settings as Parameters<typeof evaluationGate.judge>[1]
  const answers = MEASURED.map(({ accuracy, toxicity }) => ({
    evidence: {
      ...{ andon: 1 as const, request: 'R', sha: 'a'.repeat(40) },
      metrics: { accuracy: { value: accuracy }, toxicity: { value: toxicity } },
    },
    runUrl: null,
  }))
  const own = repeated(times, (at) => {
    const answer = answers[at % answers.length]
    return answer !== undefined && evaluationGate.judge(answer, settings).verdict === 'pass'
  })
  print(`the gate alone, with its words         ${rate(times, own.seconds)}   ${own.passed.toLocaleString('en')} pass`)
  const cel = await celRule()
  if (cel === null) return print('CEL: skipped, @bufbuild/cel is not installed')
  const theirs = repeated(times, (at) => cel(MEASURED[at % MEASURED.length] as Metrics))
  if (theirs.passed !== own.passed) throw new Error(`CEL says ${theirs.passed}, the gate says ${own.passed}.`)
  print(
    `CEL (@bufbuild/cel), the same rule     ${rate(times, theirs.seconds)}   ${theirs.passed.toLocaleString('en')} pass`,
  )
  print(
    `the gate to CEL: ${(theirs.seconds / own.seconds).toFixed(1)} times as fast; the whole replay, folding and all, takes ${(replayed / theirs.seconds).toFixed(1)} times as long as CEL's rule alone`,
  )
}

/** Loaded by name: whoever did not install it can run the rest. */
async function celRule(): Promise<((metrics: Metrics) => boolean) | null> {
  const name = '@bufbuild/cel'
  const cel = await import(name).catch(() => null)
  if (cel === null) return null
  const env = cel.celEnv({ variables: { metrics: cel.mapType(cel.CelScalar.STRING, cel.CelScalar.DOUBLE) } })
  const evaluate = cel.plan(env, cel.parse(RULE))
  return (metrics) => evaluate({ metrics: new Map(Object.entries(metrics)) }) === true
}

function repeated(times: number, holds: (at: number) => boolean): { passed: number; seconds: number } {
  for (let at = 0; at < 10_000; at++) holds(at)
  let passed = 0
  const seconds = timed(() => {
    for (let at = 0; at < times; at++) if (holds(at)) passed += 1
  })
  return { passed, seconds }
}

/** Seconds of one core: what other processes take of this machine does not count. */
function timed(work: () => void): number {
  const start = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1_000_000
}

function rate(count: number, seconds: number): string {
  return `${Math.round(count / seconds).toLocaleString('en')}/s`.padStart(12)
}
