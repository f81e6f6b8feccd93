// Budgets through the whole app: cards, runs and workflows spend them, and what is spent closes a column.
import { afterEach, describe, expect, it } from 'vitest'
import type { Item } from '../../src/sandbox/world/board.ts'
import { comment } from '../../src/sandbox/world/comments.ts'
import { addLabel, createLabel } from '../../src/sandbox/world/labels.ts'
import { review } from '../../src/sandbox/world/reviews.ts'
import { beginStory, EVALUATE, MANIFEST, type Story } from '../support/story.ts'

let story: Story
afterEach(() => story.end())

const DAY = 86_400
const SLO = EVALUATE.replace('name: Evaluate', 'name: SLO')

function policy(budget: string, more = ''): string {
  return `version: 1
board: { project: 1 }
risk:
  high: { labels: ["risk: high"] }
columns:
  - name: Backlog
  - { name: Staging, then: [slo] }
  - { name: Production, enter: [budget] }
gates:
  budget: ${budget}
workflows:
  slo: { file: slo.yml }
${more}`
}

/** A card that comes into Staging, whose SLO workflow then measures this. */
async function measured(title: string, metrics: object, body = MANIFEST): Promise<Item> {
  const card = await story.card(story.pull(title, body))
  await story.move(card, 'Staging')
  await story.answer({ metrics })
  return card
}

describe('a budget of risk', () => {
  it('is spent by the cards let in, weighs the risky ones, and comes back with time', async () => {
    story = await beginStory({
      policy: policy('{ kind: budget, of: risk, weights: { default: 1, high: 3 }, limit: 4, window: 7d }').replace(
        ', then: [slo]',
        '',
      ),
    })
    const risky = story.pull('Risky')
    addLabel(
      story.world,
      story.parts.bo,
      risky,
      createLabel(story.world, story.parts.olga, story.parts.repository, 'risk: high').name,
    )
    const first = await story.card(risky)
    await story.move(first, 'Staging')
    await story.move(first, 'Production')
    expect(story.column(first)).toBe('Production')
    // A move back spends nothing, and gives nothing back.
    await story.move(first, 'Staging')

    const second = await story.card(story.pull('Second'))
    await story.move(second, 'Staging')
    await story.move(second, 'Production')
    expect(story.column(second)).toBe('Production')

    const thirdPull = story.pull('Third')
    const third = await story.card(thirdPull)
    await story.move(third, 'Staging')
    await story.move(third, 'Production')
    expect(story.column(third)).toBe('Staging')
    expect(story.comments(thirdPull)[0]).toContain(
      '**`risk taken in 7d` 5, needs ≤ 4 (4 by 2 granted before, 1 by this card)**',
    )
    story.pass(7 * DAY)
    await story.move(third, 'Production')
    expect(story.column(third)).toBe('Production')
  })
})

describe('a budget of errors', () => {
  const budget = '{ kind: budget, of: errors, metric: error_rate, limit: 0.01, window: 30d }'
  const files = { '.github/workflows/slo.yml': SLO }

  it('is not known before anything was measured, and closes the column while errors burn it', async () => {
    story = await beginStory({ policy: policy(budget), files })
    const pull = story.pull('First')
    const first = await story.card(pull)
    await story.move(first, 'Staging')
    await story.move(first, 'Production')
    expect(story.column(first)).toBe('Staging')
    expect(story.comments(pull)[0]).toContain('no run in the last 30d handed in')

    // The workflow that follows the grant measures the service: that alone feeds the budget.
    await story.answer({ metrics: { error_rate: { value: 0.002, n: 10_000 } } })
    await story.move(first, 'Production')
    expect(story.column(first)).toBe('Production')
    expect(story.comments(pull)[0]).toContain('`error budget used in 30d, %` 20 (n 10000), needs ≤ 100')

    // 20% of some requests go wrong: 20 times as many as may.
    const second = await measured('Second', { error_rate: { value: 0.2, n: 1_000 } })
    await story.move(second, 'Production')
    expect(story.column(second)).toBe('Staging')
    expect(story.checks(pull)).toMatchObject({ 'andon / budget': 'success' })
  })

  it.each([
    ['is drowned by the test cases of an evaluation that bears the same name', '', 'Production'],
    ['is not, where it counts the service alone', ', from: [slo]', 'Staging'],
  ])('%s', async (_, from, column) => {
    const counted = policy(
      `{ kind: budget, of: errors, metric: error_rate, limit: 0.01, window: 30d, burn: []${from} }`,
    )
      .replace('Staging, then', 'Staging, enter: [eval], then')
      .replace(
        'gates:',
        'gates:\n  eval: { kind: evaluation, workflow: evaluate.yml, metrics: { error_rate: { max: 0.1 } } }',
      )
    story = await beginStory({ policy: counted, files })
    const card = await story.card(story.pull('First'))
    await story.move(card, 'Staging')
    await story.answer({ metrics: { error_rate: { value: 0, n: 2_000 } } })
    await story.answer({ metrics: { error_rate: { value: 0.02, n: 1_000 } } })
    await story.move(card, 'Production')
    expect(story.column(card)).toBe(column)
  })

  it('fires no more once the short window is calm again', async () => {
    story = await beginStory({ policy: policy(budget), files })
    await measured('Before', { error_rate: { value: 0, n: 1_000_000 } })
    story.pass(7 * 3600)
    const bad = await measured('Bad', { error_rate: { value: 0.2, n: 1_000 } })
    await story.move(bad, 'Production')
    expect(story.column(bad)).toBe('Staging')
    story.pass(31 * 60)
    const good = await measured('Good', { error_rate: { value: 0, n: 100 } })
    await story.move(good, 'Production')
    expect(story.column(good)).toBe('Production')
  })

  it('is neither refilled nor drowned by numbers that cannot be', async () => {
    story = await beginStory({ policy: policy(budget), files })
    const card = await measured('Bad', { error_rate: { value: 0.02, n: 1_000 } })
    await story.move(card, 'Production')
    expect(story.column(card)).toBe('Staging')
    const liar = story.pull('Liar')
    const lying = await story.card(liar)
    await story.move(lying, 'Staging')
    await story.answer({ metrics: { error_rate: { value: -5, n: 1_000_000_000 } } })
    await story.move(lying, 'Production')
    expect(story.column(lying)).toBe('Staging')
    expect(story.comments(liar)[0]).toContain('handed in numbers that cannot be')
    expect(story.checks(liar)).toMatchObject({ 'andon / budget': 'failure' })
  })
})

describe('a budget of cost', () => {
  const inRegion = (region: string) =>
    MANIFEST.replace('rollback:', `environment: { name: production, regions: [${region}] }\nrollback:`)
  const files = { '.github/workflows/slo.yml': SLO }
  const budget = (more: string) =>
    policy(`{ kind: budget, of: cost, metric: cost_usd, limit: 10, window: 30d, by: [environment, region], ${more} }`)

  it('is kept for each region, and needs approvals once it is spent', async () => {
    story = await beginStory({ policy: budget('when-spent: { approvals: 1, teams: [ai-safety] }'), files })
    const { bo, cy } = story.parts
    const card = await measured('Dear', { cost_usd: { value: 9 } }, inRegion('eu'))
    await story.move(card, 'Production')
    expect(story.column(card)).toBe('Production')

    const pull = story.pull('Dearer', inRegion('eu'))
    const second = await story.card(pull)
    await story.move(second, 'Staging')
    await story.answer({ metrics: { cost_usd: { value: 1.5 } } })
    await story.move(second, 'Production')
    expect(story.checks(pull)).toMatchObject({ andon: null })
    expect(story.comments(pull)[0]).toContain('people are asked')
    expect(story.comments(pull)[0]).toContain('`cost_usd in 30d (production, eu)` 10.5, needs ≤ 10')

    const elsewhere = await measured('Elsewhere', { cost_usd: { value: 2 } }, inRegion('us'))
    await story.move(elsewhere, 'Production')
    expect(story.column(elsewhere)).toBe('Production')

    // Bo is of the team, and wrote the change.
    comment(story.world, bo, pull, '/andon approve')
    await story.settle()
    expect(story.checks(pull)).toMatchObject({ andon: null })
    review(story.world, cy, pull, 'APPROVED')
    await story.settle()
    expect(story.checks(pull)).toMatchObject({ andon: 'success', 'andon / budget': 'success' })
    expect(story.comments(pull)[0]).toContain('The budget is spent, and this change may pass all the same')
  })

  it('lets a waiting card in by itself when the cost has left the window', async () => {
    story = await beginStory({ policy: budget('when-spent: { approvals: 1, teams: [ai-safety] }'), files })
    const pull = story.pull('Dear', inRegion('eu'))
    const card = await story.card(pull)
    await story.move(card, 'Staging')
    await story.answer({ metrics: { cost_usd: { value: 11 } } })
    await story.move(card, 'Production')
    expect(story.checks(pull)).toMatchObject({ andon: null })
    story.pass(30 * DAY)
    await story.settle()
    expect(story.checks(pull)).toMatchObject({ andon: 'success' })
  })

  it('holds what the run that is judged in the same turn has cost', async () => {
    story = await beginStory({
      columns: ['Backlog', 'Staging'],
      policy: `version: 1
board: { project: 1 }
columns:
  - name: Backlog
  - { name: Staging, enter: [budget, eval] }
gates:
  budget: { kind: budget, of: cost, metric: cost_usd, limit: 10, window: 30d }
  eval: { kind: evaluation, workflow: evaluate.yml, metrics: { accuracy: { min: 0.9 } } }
`,
    })
    const card = await story.card(story.pull('Dear'))
    await story.move(card, 'Staging')
    await story.answer({ metrics: { accuracy: { value: 0.95 }, cost_usd: { value: 11 } } })
    expect(story.column(card)).toBe('Backlog')
  })
})
