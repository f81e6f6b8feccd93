// Risk through the whole app: by the files of a pull request and by a field of the board, and what it opens or closes.
import { afterEach, describe, expect, it } from 'vitest'
import { addField } from '../../src/sandbox/world/boards.ts'
import { setField } from '../../src/sandbox/world/card-fields.ts'
import { addLabel, createLabel } from '../../src/sandbox/world/labels.ts'
import { pushCommit } from '../../src/sandbox/world/repositories.ts'
import { review } from '../../src/sandbox/world/reviews.ts'
import { beginStory, type Story } from '../support/story.ts'

let story: Story
afterEach(() => story.end())

const policy = (risk: string, gate: string, limit = '') => `version: 1
board: { project: 1 }
risk:
  high: ${risk}
columns:
  - name: Backlog
  - name: Staging
    enter: [gate]
${limit}gates:
  gate: ${gate}
`
const APPROVAL = '{ kind: approval, count: { default: 1, high: 2 }, teams: [ai-safety] }'
const BY_PATHS = '{ paths: ["guardrails/**"] }'
const guardrails = { 'guardrails/pii.yml': 'block: [email]' }

describe('by the files of the pull request', () => {
  const begin = async () => {
    story = await beginStory({ policy: policy(BY_PATHS, APPROVAL), files: guardrails })
  }

  it('a change of a guardrail needs two approvals, another change one', async () => {
    await begin()
    const harmless = story.pull('Words')
    const card = await story.card(harmless)
    await story.move(card, 'Staging')
    review(story.world, story.parts.cy, harmless, 'APPROVED')
    await story.settle()
    expect(story.checks(harmless)).toMatchObject({ andon: 'success' })

    const risky = story.pull('Looser', undefined, { files: { 'guardrails/pii.yml': 'block: []' } })
    const second = await story.card(risky)
    await story.move(second, 'Staging')
    review(story.world, story.parts.cy, risky, 'APPROVED')
    await story.settle()
    expect(story.checks(risky)).toMatchObject({ andon: null })
    const comment = story.comments(risky)[0]
    expect(comment).toContain('risk `high` (touches `guardrails/pii.yml`)')
    expect(comment).toContain('needs ≥ 2 of team ai-safety (at risk high)')
  })

  it('nobody gets around it by moving the guardrail away under another name', async () => {
    await begin()
    const sly = story.pull('Tidy up', undefined, {
      files: { 'guardrails/pii.yml': null as never, 'attic/pii.yml': guardrails['guardrails/pii.yml'] },
    })
    const card = await story.card(sly)
    await story.move(card, 'Staging')
    expect(story.comments(sly)[0]).toContain('risk `high` (touches `guardrails/pii.yml`)')
  })

  it('a push that touches one while the card waits raises the risk', async () => {
    await begin()
    const pull = story.pull('One')
    const card = await story.card(pull)
    await story.move(card, 'Staging')
    expect(story.comments(pull)[0]).not.toContain('risk `high`')
    pushCommit(story.world, story.parts.bo, story.parts.repository, pull.head.ref, {
      files: { 'guardrails/new.yml': 'none' },
    })
    await story.settle()
    expect(story.comments(pull)[0]).toContain('risk `high`')
    expect(story.checks(pull)).toMatchObject({ andon: null })
  })

  it('more files than GitHub lists are the higher risk, and that is said', async () => {
    await begin()
    const files = Object.fromEntries(Array.from({ length: 3001 }, (_, n) => [`data/${n}.txt`, `${n}`]))
    const pull = story.pull('Many', undefined, { files })
    const card = await story.card(pull)
    await story.move(card, 'Staging')
    expect(story.comments(pull)[0]).toContain('risk `high` (GitHub does not list all files it touches)')
  })
})

describe('by a field of the board', () => {
  const BY_FIELD = '{ fields: { Risk: [High] } }'

  it('counts as it is set, also while the card waits', async () => {
    story = await beginStory({ policy: policy(BY_FIELD, APPROVAL) })
    const { world } = story
    const { ada, project } = story.parts
    const field = addField(world, project, 'Risk', 'SINGLE_SELECT', { options: ['Low', 'High'] })
    const pull = story.pull('One')
    const card = await story.card(pull)
    await story.move(card, 'Staging')
    expect(story.comments(pull)[0]).toContain('≥ 1 of')
    setField(world, ada, card, field, field.options.find((option) => option.name === 'High')?.id ?? null)
    await story.settle()
    expect(story.comments(pull)[0]).toContain('risk `high` (`Risk` is `High`)')
    expect(story.comments(pull)[0]).toContain('≥ 2 of')
  })

  it('that the board does not have closes the way forward, and says so', async () => {
    story = await beginStory({ policy: policy(BY_FIELD, APPROVAL) })
    const pull = story.pull('One')
    // Even the way into the first column: no card's risk can be told.
    const card = await story.card(pull)
    expect(story.column(card)).toBe(null)
    expect(story.comments(pull)[0]).toContain('The policy tells risk by `Risk`, which the board does not have.')
  })
})

it('a column holds only so many cards of one risk; another risk still has room', async () => {
  story = await beginStory({
    policy: policy('{ labels: [h] }', '{ kind: manifest }', '    limit: { per-risk: { high: 1 } }\n'),
  })
  const high = createLabel(story.world, story.parts.olga, story.parts.repository, 'h').name
  const enter = async (title: string, labels: string[]) => {
    const pull = story.pull(title)
    for (const label of labels) addLabel(story.world, story.parts.bo, pull, label)
    const card = await story.card(pull)
    await story.move(card, 'Staging')
    return { pull, card }
  }
  const first = await enter('First', [high])
  expect(story.column(first.card)).toBe('Staging')
  const second = await enter('Second', [high])
  expect(story.column(second.card)).toBe('Backlog')
  expect(story.comments(second.pull)[0]).toContain('holds as many cards at risk `high` as it may (1): `First`')
  const other = await enter('Other', [])
  expect(story.column(other.card)).toBe('Staging')
  await story.move(first.card, 'Backlog')
  await story.move(second.card, 'Staging')
  expect(story.column(second.card)).toBe('Staging')
})

it('a freeze lets through what it excepts, and says so', async () => {
  const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 16)
  const window = `{ from: "${day(-1)}", to: "${day(1)}", zone: UTC, except: { risk: [high] } }`
  story = await beginStory({ policy: policy('{ labels: [hotfix] }', `{ kind: freeze, windows: [${window}] }`) })
  const hot = createLabel(story.world, story.parts.olga, story.parts.repository, 'hotfix').name
  const waits = story.pull('Waits')
  await story.move(await story.card(waits), 'Staging')
  expect(story.checks(waits)).toMatchObject({ andon: null })
  const goes = story.pull('Goes')
  addLabel(story.world, story.parts.bo, goes, hot)
  await story.move(await story.card(goes), 'Staging')
  expect(story.checks(goes)).toMatchObject({ andon: 'success', 'andon / gate': 'success' })
  expect(story.comments(goes)[0]).toContain('A freeze window is open, which does not hold for risk high')
  // Its risk is told anew as its label comes.
  addLabel(story.world, story.parts.bo, waits, hot)
  await story.settle()
  expect(story.checks(waits)).toMatchObject({ andon: 'success' })
})
