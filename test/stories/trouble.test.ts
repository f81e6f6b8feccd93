// GitHub fails, answers get lost and the app is restarted: each move is decided once, each effect is seen once.
import { afterEach, describe, expect, it } from 'vitest'
import { moveCard } from '../../src/sandbox/world/card-fields.ts'
import { addLabel } from '../../src/sandbox/world/labels.ts'
import { ASKS_EVALUATION } from '../support/policies.ts'
import { beginStory, type Story } from '../support/story.ts'

let story: Story
afterEach(() => story.end())

/** Lets back-offs pass until the card's work is done. */
async function persist(): Promise<void> {
  for (let round = 0; round < 6; round++) {
    story.pass(400)
    await story.settle()
  }
}

describe('a write whose answer never comes', () => {
  it.each([
    ['the comment and the checks', { path: 'graphql', writes: true }],
    ['the dispatch', { path: 'dispatches' }],
  ])('is not done twice: %s', async (_what, on) => {
    story = await beginStory({ policy: ASKS_EVALUATION })
    const pull = story.pull('One')
    const card = await story.card(pull)
    story.parts.sandbox.faults.add({ fault: 'cut', when: 'after', times: 1, on })
    await story.move(card, 'Staging')
    await persist()
    expect(story.parts.repository.runs).toHaveLength(1)
    expect(story.comments(pull)).toHaveLength(1)
    const runs = (story.parts.repository.suites.get(pull.head.sha) ?? [])
      .filter((suite) => suite.app.slug === 'andon')
      .flatMap((suite) => suite.runs)
    expect(runs.map((run) => run.name).sort()).toEqual(['andon', 'andon / eval'])
  })

  it('starts no second run while GitHub does not list the first yet, whatever else knocks', async () => {
    story = await beginStory({ policy: ASKS_EVALUATION })
    const pull = story.pull('One')
    const card = await story.card(pull)
    story.parts.sandbox.faults.add({ fault: 'webhook-lost', event: 'workflow_run' })
    story.parts.sandbox.faults.add({ fault: 'cut', when: 'after', times: 1, on: { path: 'dispatches' } })
    await story.move(card, 'Staging')
    expect(story.comments(pull)).toHaveLength(1)
    for (let second = 0; second < 4; second++) {
      story.pass(1)
      await story.app.ledger.wake(`card:${card.node}`, 'acme', story.parts.clock().toISOString())
      await story.settle()
    }
    story.pass(31)
    await story.settle()
    expect(story.parts.repository.runs).toHaveLength(1)
    expect(await story.decisions(card)).toContain('run-started')
    await story.answer({ metrics: { accuracy: { value: 0.1, n: 60 } } })
    await persist()
    expect(story.column(card)).toBe('Backlog')
  })

  it('starts the run after all where GitHub had not', async () => {
    story = await beginStory({ policy: ASKS_EVALUATION })
    const card = await story.card(story.pull('One'))
    story.parts.sandbox.faults.add({ fault: 'error', status: 502, times: 2, on: { path: 'dispatches' } })
    await story.move(card, 'Staging')
    expect(story.parts.repository.runs).toHaveLength(0)
    story.pass(31)
    await story.settle()
    expect(story.parts.repository.runs).toHaveLength(0)
    story.pass(61)
    await story.settle()
    expect(story.parts.repository.runs).toHaveLength(1)
  })

  it('takes off no label that was added again before the try after it', async () => {
    story = await beginStory({ policy: `${ASKS_EVALUATION}labels: { move: { "promote: staging": Staging } }\n` })
    const pull = story.pull('One')
    const card = await story.card(pull)
    const writes = { path: 'graphql', writes: true }
    story.parts.sandbox.faults.add({ fault: 'cut', when: 'after', times: 1, on: writes })
    addLabel(story.world, story.parts.cy, pull, 'promote: staging')
    await story.settle()
    // The label is off, the card in its column, and the app knows neither.
    expect(pull.labels).toEqual([])
    moveCard(story.world, story.parts.ada, card, 'Backlog')
    addLabel(story.world, story.parts.bo, pull, 'promote: staging')
    await persist()
    const asked = (await story.entries(card)).flatMap(({ event }) => (event.kind === 'move-asked' ? [event.by] : []))
    expect(asked).toMatchObject([{ login: 'cy' }, { login: 'bo' }])
    expect(story.column(card)).toBe('Staging')
    expect(pull.labels).toEqual([])
  })

  it('is not done twice for an earlier move of the same commit either', async () => {
    story = await beginStory({ policy: ASKS_EVALUATION })
    const pull = story.pull('One')
    const card = await story.card(pull)
    const writes = { path: 'graphql', writes: true }
    const never = story.parts.sandbox.faults.add({ fault: 'error', status: 502, on: writes })
    await story.move(card, 'Staging')
    await story.move(card, 'Backlog')
    await story.move(card, 'Staging')
    story.parts.sandbox.faults.remove(never)
    // Both moves' checks are made by this request, and nobody hears of it.
    story.parts.sandbox.faults.add({ fault: 'cut', when: 'after', times: 1, on: writes })
    await persist()
    const made = (story.parts.repository.suites.get(pull.head.sha) ?? [])
      .filter((suite) => suite.app.slug === 'andon')
      .flatMap((suite) => suite.runs.map(({ name, externalId }) => `${name} ${externalId}`))
    expect(made.length).toBe(4)
    expect(new Set(made).size).toBe(4)
  })

  it('is not done twice when it is the card’s return', async () => {
    story = await beginStory({ policy: ASKS_EVALUATION })
    const card = await story.card(story.pull('One'))
    await story.move(card, 'Staging')
    story.parts.sandbox.faults.add({ fault: 'cut', when: 'after', times: 1, on: { path: 'graphql', writes: true } })
    await story.answer({ metrics: { accuracy: { value: 0.1, n: 60 } } })
    await persist()
    expect(story.column(card)).toBe('Backlog')
    expect((await story.decisions(card)).filter((kind) => kind === 'move-refused')).toHaveLength(1)
  })
})

describe('GitHub out of order', () => {
  it('delays the answer and loses nothing', async () => {
    story = await beginStory({ policy: ASKS_EVALUATION })
    const card = await story.card(story.pull('One'))
    story.parts.sandbox.faults.add({ fault: 'error', status: 502, times: 5 })
    await story.move(card, 'Staging')
    await persist()
    await story.answer({ metrics: { accuracy: { value: 0.1, n: 60 } } })
    await persist()
    expect(story.column(card)).toBe('Backlog')
  })
})

describe('doubled, late and reordered webhooks', () => {
  it('change nothing', async () => {
    story = await beginStory({ policy: ASKS_EVALUATION })
    const pull = story.pull('One')
    const card = await story.card(pull)
    story.parts.sandbox.faults.add({ fault: 'webhook-doubled' })
    story.parts.sandbox.faults.add({ fault: 'webhook-stale-from' })
    story.parts.sandbox.faults.add({ fault: 'webhook-reordered', share: 0.5 })
    await story.move(card, 'Staging')
    await story.answer({ metrics: { accuracy: { value: 0.1, n: 60 } } })
    expect(story.column(card)).toBe('Backlog')
    expect((await story.decisions(card)).filter((kind) => kind === 'move-opened')).toHaveLength(2)
  })
})

describe('a person’s newer move', () => {
  it('is never overwritten by the return', async () => {
    story = await beginStory({
      policy: ASKS_EVALUATION.replace('- name: Backlog\n', '- name: Backlog\n  - name: Ideas\n'),
      columns: ['Backlog', 'Ideas', 'Staging'],
    })
    const card = await story.card(story.pull('One'), 'Ideas')
    await story.move(card, 'Staging')
    // The run ends; before Andon hears of it, somebody takes the card back to the very first column.
    const lost = story.parts.sandbox.faults.add({ fault: 'webhook-lost', event: 'projects_v2_item' })
    story.pass(2)
    moveCard(story.world, story.parts.cy, card, 'Backlog')
    await story.answer({ metrics: { accuracy: { value: 0.1, n: 60 } } })
    story.parts.sandbox.faults.remove(lost)
    await story.settle()
    expect(story.column(card)).toBe('Backlog')
    expect((await story.decisions(card)).slice(-3)).toContain('move-granted')
  })
})

describe('a person’s move that came between the read and the return', () => {
  it.each([
    ['told by its webhook', false],
    ['told by nothing: the board stands as the record says', true],
  ])('is decided too, though the return has undone it (%s)', async (_how, unheard) => {
    story = await beginStory({
      policy: ASKS_EVALUATION.replace('- name: Backlog\n', '- name: Backlog\n  - name: Ideas\n'),
      columns: ['Ideas', 'Backlog', 'Staging'],
    })
    const card = await story.card(story.pull('One'))
    const { faults, requests } = story.parts.sandbox
    const slow = faults.add({ fault: 'latency', ms: 400, on: { path: 'graphql', writes: true } })
    const reads = requests.list({ operation: 'Card' }).length
    story.pass(2)
    moveCard(story.world, story.parts.ada, card, 'Staging')
    while (requests.list({ operation: 'Card' }).length === reads) await new Promise((done) => setTimeout(done, 2))
    story.pass(3)
    // The return is on its way by now: GitHub takes it after this.
    const lost = unheard ? faults.add({ fault: 'webhook-lost' }) : null
    moveCard(story.world, story.parts.cy, card, 'Ideas')
    await story.settle()
    faults.remove(slow)
    if (lost) faults.remove(lost)
    story.pass(11)
    await story.settle()
    const opened = (await story.entries(card)).findLast(({ event }) => event.kind === 'move-opened')
    expect(opened?.event).toMatchObject({ from: 'Backlog', to: 'Ideas', by: { login: 'cy' } })
    expect(story.column(card)).toBe('Ideas')
  })
})

describe('a restart', () => {
  it('in the middle of an evaluation forgets nothing', async () => {
    story = await beginStory({ policy: ASKS_EVALUATION })
    const card = await story.card(story.pull('One'))
    await story.move(card, 'Staging')
    await story.restart()
    await story.answer({ metrics: { accuracy: { value: 0.1, n: 60 } } })
    expect(story.column(card)).toBe('Backlog')
  })

  it('finds a run’s end that was announced while nobody listened', async () => {
    story = await beginStory({ policy: ASKS_EVALUATION })
    const card = await story.card(story.pull('One'))
    await story.move(card, 'Staging')
    const lost = story.parts.sandbox.faults.add({ fault: 'webhook-lost' })
    await story.answer({ metrics: { accuracy: { value: 0.1, n: 60 } } })
    story.parts.sandbox.faults.remove(lost)
    story.pass(301)
    await story.settle()
    expect(story.column(card)).toBe('Backlog')
  })

  it.each([
    ['a label', ['content']],
    ['a label with word that the run has begun', ['content', 'run']],
  ] as const)('calls no run late whose end was never announced, though there comes %s', async (_what, kinds) => {
    story = await beginStory({ policy: ASKS_EVALUATION })
    const pull = story.pull('One')
    const card = await story.card(pull)
    await story.move(card, 'Staging')
    const lost = story.parts.sandbox.faults.add({ fault: 'webhook-lost' })
    await story.answer({ metrics: { accuracy: { value: 0.95, n: 60 } } })
    story.parts.sandbox.faults.remove(lost)
    const { id, attempt, inputs } = story.run()
    const begun = {
      ...{ repository: 'acme/bot', run: id, attempt, name: `andon ${JSON.parse(inputs.andon ?? '{}').request}` },
      ...{ path: '.github/workflows/evaluate.yml', branch: 'main', event: 'workflow_dispatch', status: 'in_progress' },
    }
    const knocks = { content: { content: pull.node, label: null }, run: begun }
    const later = new Date(story.parts.clock().getTime() + 3_700_000).toISOString()
    for (const knock of kinds)
      await story.app.ledger.wake(
        `card:${card.node}`,
        'acme',
        later,
        JSON.stringify({ knock, owner: 'acme', ...knocks[knock] }),
      )
    story.pass(3_701)
    await story.settle()
    expect(story.column(card)).toBe('Staging')
    expect(await story.decisions(card)).not.toContain('move-refused')
  })
})
