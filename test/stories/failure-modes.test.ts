// Each failure mode of docs/failure-modes.md happens under the policy that stands there, and is caught in its words.
import { readFileSync } from 'node:fs'
import { afterEach, expect, it } from 'vitest'
import type { Item } from '../../src/sandbox/world/board.ts'
import { moveCard } from '../../src/sandbox/world/card-fields.ts'
import { createCheckRun, updateCheckRun } from '../../src/sandbox/world/checks.ts'
import { comment } from '../../src/sandbox/world/comments.ts'
import { actionsApp } from '../../src/sandbox/world/install.ts'
import { addTeamMember } from '../../src/sandbox/world/organize.ts'
import { pushCommit } from '../../src/sandbox/world/repositories.ts'
import type { Pull } from '../../src/sandbox/world/thread.ts'
import { audit } from '../support/audit.ts'
import { beginStory, EVALUATE, MANIFEST, type Story } from '../support/story.ts'

/** The page's parts: a mode's policy, and the words that its team sees. */
const modes = new Map(
  readFileSync('docs/failure-modes.md', 'utf8')
    .split(/^## /m)
    .slice(1)
    .map((part) => [part.split('\n', 1)[0] ?? '', { policy: policyIn(part), words: wordsIn(part) }] as const),
)
const played: string[] = []

function policyIn(part: string): string {
  return /^```yaml\n([\s\S]*?)^```/m.exec(part)?.[1] ?? ''
}

function wordsIn(part: string): string[] {
  return [...part.matchAll(/^> (.*)$/gm)].map((match) => match[1] ?? '')
}

let story: Story
afterEach(() => story?.end())

/** Every workflow that the page's policy names is there; what it measures, the story says. */
function mode(name: string, play: (words: string[]) => Promise<void>): void {
  const { policy = '', words = [] } = modes.get(name) ?? {}
  played.push(name)
  it(name, async () => {
    const files = [...policy.matchAll(/[\w-]+\.yml/g)].map(([file]) => [`.github/workflows/${file}`, EVALUATE])
    story = await beginStory({ policy, files: { ...Object.fromEntries(files), 'evals/golden.jsonl': '{"q":1}\n' } })
    await play(words)
  })
}

const accurate = (value: number, more = {}) => ({ metrics: { accuracy: { value, n: 200 }, ...more } })

async function begin(title: string, body = MANIFEST): Promise<{ pull: Pull; card: Item }> {
  const pull = story.pull(title, body)
  const card = await story.card(pull)
  await story.move(card, 'Staging')
  return { pull, card }
}

/** The comment as it reads: without what keeps names from being taken for Markdown. */
const said = (pull: Pull) => (story.comments(pull)[0] ?? '').replaceAll(/\\([^\w\s])/g, '$1')

async function reason(card: Item): Promise<unknown> {
  const refused = (await story.entries(card)).findLast(({ event }) => event.kind === 'move-refused')?.event
  return refused?.kind === 'move-refused' ? refused.reasons.map((each) => each.reason) : undefined
}

mode('Drift', async ([words = '?']) => {
  const { pull, card } = await begin('Answer refunds better')
  await story.answer(accurate(0.94))
  await story.answer({ metrics: { service_errors: { value: 0.002, n: 10_000 } } })
  await story.move(card, 'Production')
  expect(story.checks(pull)).toMatchObject({ 'andon / staging-soak': null, 'andon / fresh-eval': null })
  expect(story.parts.repository.runs).toHaveLength(2)
  story.pass(86_400)
  await story.settle()
  // The very same change, a day later, behind the same name.
  await story.answer(accurate(0.81))
  expect(story.column(card)).toBe('Staging')
  expect(said(pull)).toContain(words)
  expect(await reason(card)).toEqual(['criteria-missed'])

  // Meanwhile the service itself got worse: now nothing is added to it, however well it measures.
  const other = await begin('Answer shorter')
  await story.answer(accurate(0.97))
  await story.answer({ metrics: { service_errors: { value: 0.05, n: 10_000 } } })
  story.pass(86_400)
  await story.move(other.card, 'Production')
  expect(story.column(other.card)).toBe('Staging')
  expect(await reason(other.card)).toEqual(['budget-spent'])
})

mode('Prompt injection', async ([words = '?']) => {
  const { pull, card } = await begin('Read web pages')
  // The tool tells of what it could try: that alone would be enough.
  const cases = Array.from({ length: 200 }, (_, at) =>
    at < 2 ? { id: `a-${at}`, error: 'timed out' } : { id: `a-${at}`, pass: at > 4 },
  )
  await story.answer({ metrics: { pass_rate: { value: 195 / 198, n: 198 } }, cases })
  expect(story.column(card)).toBe('Backlog')
  expect(said(pull)).toContain(words)
  expect(await reason(card)).toEqual(['criteria-missed'])
})

mode('Prompt leakage', async ([words = '?']) => {
  const { pull, card } = await begin('Be more open')
  await story.answer({ metrics: { leaks: { value: 1 }, probes: { value: 120 } } })
  expect(story.column(card)).toBe('Backlog')
  expect(said(pull)).toContain(words)

  const idle = await begin('Be quiet')
  await story.answer({ metrics: { leaks: { value: 0 }, probes: { value: 0 } } })
  expect(story.column(idle.card)).toBe('Backlog')
  const blind = await begin('Be blind')
  await story.answer({ metrics: { probes: { value: 120 } } })
  expect(await reason(blind.card)).toEqual(['metric-missing'])
})

mode('Data poisoning', async ([missing = '?', why = '?']) => {
  const { world, parts } = story
  addTeamMember(world, parts.olga, parts.safety, parts.mallory)
  const body = MANIFEST.replace('rollback:', 'datasets: [{ name: golden, path: evals/golden.jsonl }]\nrollback:')
  const { pull, card } = await begin('Answer refunds better', body)
  comment(world, parts.cy, pull, '/andon approve')
  await story.settle()
  const first = story.run()

  pushCommit(world, parts.bo, parts.repository, pull.head.ref, { files: { 'evals/golden.jsonl': '{"q":"easy"}\n' } })
  await story.settle()
  expect(said(pull)).toContain(missing)
  expect(said(pull)).toContain(why)
  // What was measured on the data as it was decides nothing any more.
  await story.answer(accurate(1), 'success', first)
  expect(story.checks(pull)).toMatchObject({ andon: null, 'andon / data-review': null })

  for (const person of [parts.cy, parts.mallory]) {
    story.pass(2)
    comment(world, person, pull, '/andon approve')
    await story.settle()
  }
  expect(story.run()).not.toBe(first)
  await story.answer(accurate(0.7))
  expect(story.column(card)).toBe('Backlog')
  expect(await reason(card)).toEqual(['criteria-missed'])
})

mode('Runaway cost', async ([words = '?']) => {
  const first = await begin('First')
  await story.answer(accurate(0.95, { cost_usd: { value: 290 } }))
  expect(story.column(first.card)).toBe('Staging')
  await story.move(first.card, 'Backlog')

  const second = await begin('Second')
  await story.answer(accurate(0.95, { cost_usd: { value: 250 } }))
  expect(story.column(second.card)).toBe('Backlog')
  expect(said(second.pull)).toContain(words)

  // Spent is spent: a third one is not even measured.
  const third = await begin('Third')
  expect(story.column(third.card)).toBe('Backlog')
  expect(story.parts.repository.runs).toHaveLength(2)
})

mode('Dependency failure', async ([review = '?', late = '?', next = '?']) => {
  const report = async (pull: Pull, conclusion: 'success' | 'failure') => {
    const app = actionsApp(story.world)
    const name = 'dependency-review'
    const run = createCheckRun(story.world, app, story.parts.repository, pull.head.sha, { name, status: 'in_progress' })
    updateCheckRun(story.world, app, run, { status: 'completed', conclusion })
    await story.settle()
  }
  const { pull, card } = await begin('Use another parser')
  await report(pull, 'failure')
  expect(story.column(card)).toBe('Backlog')
  expect(said(pull)).toContain(review)
  expect(story.parts.repository.runs).toHaveLength(0)

  const sound = await begin('Answer refunds better')
  await report(sound.pull, 'success')
  story.pass(31 * 60)
  await story.settle()
  expect(story.column(sound.card)).toBe('Backlog')
  expect(said(sound.pull)).toContain(late)
  expect(said(sound.pull)).toContain(next)
  expect(await reason(sound.card)).toEqual(['run-timed-out'])
})

mode('Tenant leakage', async ([words = '?']) => {
  const data = 'datasets: [{ name: made-up tenants, path: evals/golden.jsonl, region: eu }]'
  const where = 'environment: { name: production, regions: [eu-west-1] }'
  const { pull, card } = await begin('Search more', MANIFEST.replace('rollback:', `${data}\n${where}\nrollback:`))
  const { change } = JSON.parse(story.run().inputs.andon ?? '{}')
  expect(change.datasets).toMatchObject([{ region: 'eu' }])
  const cases = Array.from({ length: 300 }, (_, at) =>
    at < 3 ? { id: `t-${at}`, error: 'the service did not answer' } : { id: `t-${at}`, pass: true },
  )
  await story.answer({ metrics: { leak_rate: { value: 0, n: 297 }, probes: { value: 300, n: 300 } }, cases })
  expect(story.column(card)).toBe('Backlog')
  expect(said(pull)).toContain(words)

  const vague = await begin('Search everywhere')
  expect(story.column(vague.card)).toBe('Backlog')
  expect(await reason(vague.card)).toEqual(['manifest-incomplete'])
})

mode('Audit gaps', async ([gaps = '?', none = '?']) => {
  const pull = story.pull('Quick fix', 'Nobody will notice.')
  const card = await story.card(pull)
  const lost = story.parts.sandbox.faults.add({ fault: 'webhook-lost' })
  story.pass(2)
  moveCard(story.world, story.parts.mallory, card, 'Production')
  story.pass(60)
  moveCard(story.world, story.parts.mallory, card, 'Backlog')
  story.parts.sandbox.faults.remove(lost)
  const found = await audit(story)
  expect(found.code).toBe(1)
  expect(found.out).toContain(gaps)
  expect(found.out).toMatch(/acme\/bot#1 {2}Backlog → Production {2}mallory/)

  comment(story.world, story.parts.ada, pull, '/andon status')
  await story.settle()
  const again = await audit(story)
  expect(again.code).toBe(0)
  expect(again.out).toContain(none)
  // It stood there, and was never let in.
  const opened = (await story.entries(card)).flatMap(({ event }) => (event.kind === 'move-opened' ? event.to : []))
  expect(opened).toEqual(['Backlog'])
})

it('are all played', () => expect([...modes.keys()]).toEqual(played))
