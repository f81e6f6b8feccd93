// The gates that need no workflow, through the whole app: checks, issues, files, soak and freeze, and to whom they apply.
import { afterEach, describe, expect, it } from 'vitest'
import { moveCard } from '../../src/sandbox/world/card-fields.ts'
import { createCheckRun, updateCheckRun } from '../../src/sandbox/world/checks.ts'
import { createApp, installApp } from '../../src/sandbox/world/install.ts'
import { closeIssue, openIssue } from '../../src/sandbox/world/issues.ts'
import { addLabel, createLabel } from '../../src/sandbox/world/labels.ts'
import { beginStory, type Story } from '../support/story.ts'

let story: Story
afterEach(() => story.end())

function policy(gate: string, more = ''): string {
  return `version: 1
board: { project: 1 }
columns:
  - name: Backlog
  - name: Staging
    enter: [gate]
gates:
  gate: ${gate}
${more}`
}

function label(name: string): string {
  return createLabel(story.world, story.parts.olga, story.parts.repository, name).name
}

describe('checks', () => {
  it('wait for other apps’ check runs and are granted when they succeed', async () => {
    story = await beginStory({ policy: policy('{ kind: checks, names: [unit] }') })
    const other = createApp(story.world, 'ci', {
      owner: story.parts.acme,
      permissions: { checks: 'write' },
      events: [],
    })
    installApp(story.world, story.parts.olga, other, story.parts.acme)
    const pull = story.pull('One')
    const card = await story.card(pull)
    await story.move(card, 'Staging')
    expect(story.checks(pull)).toEqual({ andon: null, 'andon / gate': null })
    const run = createCheckRun(story.world, other, story.parts.repository, pull.head.sha, {
      name: 'unit',
      status: 'in_progress',
    })
    await story.settle()
    story.pass(5)
    updateCheckRun(story.world, other, run, { status: 'completed', conclusion: 'success' })
    await story.settle()
    expect(story.checks(pull)).toEqual({ andon: 'success', 'andon / gate': 'success' })
    expect(story.column(card)).toBe('Staging')
  })
})

describe('issues', () => {
  it('that are open and match send the card back, and are named', async () => {
    story = await beginStory({ policy: policy('{ kind: issues, query: "label:blocker" }') })
    const blocker = openIssue(story.world, story.parts.cy, story.parts.repository, {
      title: 'It leaks',
      labels: [label('blocker')],
    })
    await story.settle()
    const pull = story.pull('One')
    const card = await story.card(pull)
    await story.move(card, 'Staging')
    expect(story.column(card)).toBe('Backlog')
    expect(story.comments(pull)[0]).toContain('It leaks')
    closeIssue(story.world, story.parts.cy, blocker)
    await story.move(card, 'Staging')
    expect(story.column(card)).toBe('Staging')
  })
})

describe('files', () => {
  it('must exist at the change’s commit, not on the default branch', async () => {
    story = await beginStory({ policy: policy('{ kind: files, paths: [RISKS.md] }'), files: { 'RISKS.md': 'Few.' } })
    const kept = story.pull('One')
    const card = await story.card(kept)
    await story.move(card, 'Staging')
    expect(story.column(card)).toBe('Staging')
    const without = story.pull('Two', undefined, { files: { 'RISKS.md': null as never } })
    const second = await story.card(without)
    await story.move(second, 'Staging')
    expect(story.column(second)).toBe('Backlog')
  })
})

describe('time', () => {
  it('lets a soak pass by itself when the card has stood long enough', async () => {
    story = await beginStory({ policy: policy('{ kind: soak, minutes: 30 }') })
    const pull = story.pull('One')
    const card = await story.card(pull)
    await story.move(card, 'Staging')
    expect(story.checks(pull)).toMatchObject({ andon: null })
    story.pass(31 * 60)
    await story.settle()
    expect(story.checks(pull)).toMatchObject({ andon: 'success' })
  })

  it('keeps a card waiting while a freeze window is open, and says until when', async () => {
    const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 16)
    story = await beginStory({
      policy: policy(`{ kind: freeze, windows: [{ from: "${day(-1)}", to: "${day(1)}", zone: UTC }] }`),
    })
    const pull = story.pull('One')
    const card = await story.card(pull)
    await story.move(card, 'Staging')
    expect(story.comments(pull)[0]).toContain(`Until ${day(1).replace('T', ' ')} UTC`)
    story.pass(86_400 + 120)
    await story.settle()
    expect(story.checks(pull)).toMatchObject({ andon: 'success' })
  })
})

describe('to whom a gate applies', () => {
  const more = `changes:
  model-version: { label: "change: model", requires: [model] }
risk:
  high: { labels: ["risk: high"] }
`

  it('is told by risk and kind of change', async () => {
    story = await beginStory({ policy: policy('{ kind: files, paths: [RISKS.md], when: { risk: [high] } }', more) })
    const harmless = await story.card(story.pull('Harmless'))
    await story.move(harmless, 'Staging')
    expect(story.column(harmless)).toBe('Staging')
    const risky = story.pull('Risky')
    addLabel(story.world, story.parts.bo, risky, label('risk: high'))
    const card = await story.card(risky)
    await story.move(card, 'Staging')
    expect(story.column(card)).toBe('Backlog')
  })

  it('changes at once when a label changes while the card waits', async () => {
    story = await beginStory({ policy: policy('{ kind: soak, minutes: 600, when: { labels: ["slow lane"] } }', more) })
    const pull = story.pull('One')
    addLabel(story.world, story.parts.bo, pull, label('slow lane'))
    const card = await story.card(pull)
    await story.move(card, 'Staging')
    expect(story.checks(pull)).toMatchObject({ andon: null })
    story.pass(5)
    pull.labels.length = 0
    addLabel(story.world, story.parts.bo, pull, label('other'))
    await story.settle()
    expect(story.column(card)).toBe('Staging')
    expect(await story.decisions(card)).toContain('gates-voided')
  })

  it('is shown and not decisive where it is not enforced', async () => {
    story = await beginStory({ policy: policy('{ kind: files, paths: [RISKS.md], enforce: false }') })
    const pull = story.pull('One')
    const card = await story.card(pull)
    await story.move(card, 'Staging')
    expect(story.column(card)).toBe('Staging')
    expect(story.comments(pull)[0]).toContain('(shown only)')
    expect(story.checks(pull)).toEqual({ andon: 'success', 'andon / gate': 'failure' })
  })
})

describe('a column that starts an evaluation', () => {
  it('asks it as the card arrives, and the next column uses the answer', async () => {
    story = await beginStory({
      columns: ['Backlog', 'Evaluation', 'Staging'],
      policy: `version: 1
board: { project: 1 }
columns:
  - name: Backlog
  - { name: Evaluation, start: [eval] }
  - { name: Staging, enter: [eval] }
gates:
  eval: { kind: evaluation, workflow: evaluate.yml, metrics: { accuracy: { min: 0.9 } } }
`,
    })
    const pull = story.pull('One')
    const card = await story.card(pull)
    await story.move(card, 'Evaluation')
    await story.answer({ metrics: { accuracy: { value: 0.95, n: 60 } } })
    expect(story.column(card)).toBe('Evaluation')
    expect(story.comments(pull)[0]).toContain('Started as the card arrived')
    await story.move(card, 'Staging')
    expect(story.column(card)).toBe('Staging')
    expect(story.parts.repository.runs).toHaveLength(1)
  })
})

describe('two cards that come into a full column together', () => {
  it('leave the first one there', async () => {
    story = await beginStory({
      policy: 'version: 1\nboard: { project: 1 }\ncolumns:\n  - name: Backlog\n  - { name: Staging, limit: 1 }\n',
    })
    const first = await story.card(story.pull('First'))
    const second = await story.card(story.pull('Second'))
    moveCard(story.world, story.parts.ada, first, 'Staging')
    story.pass(1)
    moveCard(story.world, story.parts.ada, second, 'Staging')
    await story.settle()
    expect(story.column(first)).toBe('Staging')
    expect(story.column(second)).toBe('Backlog')
  })
})
