// Somebody accepts that a gate fails, for a while: who may, what it is bound to, and how everybody sees it.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { proveRecord } from '../../src/cli/replay/prove.ts'
import type { Person } from '../../src/sandbox/world/account.ts'
import type { Item } from '../../src/sandbox/world/board.ts'
import { comment, editComment } from '../../src/sandbox/world/comments.ts'
import { addLabel, removeLabel } from '../../src/sandbox/world/labels.ts'
import { addMember, createPerson, removeTeamMember } from '../../src/sandbox/world/organize.ts'
import { pushCommit } from '../../src/sandbox/world/repositories.ts'
import type { Pull } from '../../src/sandbox/world/thread.ts'
import { beginStory, type Story } from '../support/story.ts'

const POLICY = `version: 1
board: { project: 1 }
columns:
  - { name: Backlog }
  - { name: Staging, enter: [offline-eval], limit: 5 }
  - { name: Production, enter: [sign-off] }
gates:
  offline-eval:
    kind: evaluation
    workflow: evaluate.yml
    metrics: { accuracy: { min: 0.9 } }
    waive: { teams: [ai-safety], longest-days: 14, compensate: "Somebody reads 50 answers each day." }
  sign-off: { kind: approval, teams: [ai-safety] }
waivers: { most-open: 1 }
`

let story: Story
let pull: Pull
let card: Item

beforeEach(async () => {
  story = await beginStory({ policy: POLICY })
  pull = story.pull('Answer refunds better')
  card = await story.card(pull)
})
afterEach(() => story.end())

/** The day so many days from now. */
const day = (days: number) => new Date(story.parts.clock().getTime() + days * 86_400_000).toISOString().slice(0, 10)

async function writes(by: Person, body: string, on = pull): Promise<void> {
  story.pass(2)
  comment(story.world, by, on, body)
  await story.settle()
}

const waives = (by: Person, reason = 'the data set is known to be wrong', on = pull) =>
  writes(by, `/andon waive offline-eval until ${day(3)} because ${reason}`, on)

async function failed(item = card): Promise<void> {
  await story.move(item, 'Staging')
  await story.answer({ metrics: { accuracy: { value: 0.85, n: 200 } } })
  expect(story.column(item)).toBe('Backlog')
}

const said = (on = pull) => story.comments(on)[0] ?? ''

async function page(): Promise<string> {
  const move = (await story.entries(card)).findLast(({ event }) => event.kind === 'move-opened')?.event
  return (await fetch(`${story.app.url}/moves/${move && 'move' in move ? move.move : ''}`)).text()
}

/** What would be decided differently if the record were decided again. */
const replayed = async () => (await proveRecord(story.app.ledger)).differences

describe('a waiver', () => {
  it('lets a card pass a gate that failed, and everybody sees that it did not pass', async () => {
    await failed()
    await waives(story.parts.cy)
    expect(story.column(card)).toBe('Backlog')
    expect(said()).toContain('**Waived on this card**')
    await story.move(card, 'Staging')
    expect(story.column(card)).toBe('Staging')
    expect(story.checks(pull)).toEqual({ andon: 'success', 'andon / offline-eval': 'neutral' })
    expect(said()).toContain('✅ Granted, with `offline-eval` waived')
    expect(said()).toContain('🟨 waived')
    expect(said()).toContain('0.85 (n 200), needs ≥ 0.9')
    expect(said()).toContain('the data set is known to be wrong')
    expect(said()).toContain('Somebody reads 50 answers each day')
    expect(await page()).toContain('Waived by')
    const [found] = await story.app.ledger.search({ reason: 'waived', kind: 'gate-waived', actor: 'cy' })
    expect(found?.event).toMatchObject({ gate: 'offline-eval', team: 'ai-safety' })
    expect(await replayed()).toEqual([])
  })

  it('is counted at once for a move that waits, after the run that was asked has answered', async () => {
    await story.move(card, 'Staging')
    await waives(story.parts.cy)
    expect(story.checks(pull)).toEqual({ andon: null, 'andon / offline-eval': null })
    await story.answer({ metrics: { accuracy: { value: 0.85 } } })
    expect(story.column(card)).toBe('Staging')
    expect(story.checks(pull)['andon / offline-eval']).toBe('neutral')
    expect(await replayed()).toEqual([])
  })

  it('is no word for a gate that passes', async () => {
    await story.move(card, 'Staging')
    await waives(story.parts.cy)
    await story.answer({ metrics: { accuracy: { value: 0.95 } } })
    expect(story.checks(pull)).toEqual({ andon: 'success', 'andon / offline-eval': 'success' })
  })

  it('ends when it expires, and the gate is judged again', async () => {
    await failed()
    await waives(story.parts.cy)
    story.pass(4 * 86_400)
    await story.settle()
    expect((await story.entries(card)).at(-1)?.event).toMatchObject({ kind: 'waiver-ended', because: 'expired' })
    expect(said()).not.toContain('Waived on this card')
    await story.move(card, 'Staging')
    expect(story.column(card)).toBe('Backlog')
    expect(await replayed()).toEqual([])
  })

  it('ends with a push, though nobody moves the card', async () => {
    await failed()
    await waives(story.parts.cy)
    pushCommit(story.world, story.parts.bo, story.parts.repository, pull.head.ref, { files: { 'a.md': 'More.' } })
    await story.settle()
    expect((await story.entries(card)).at(-1)?.event).toMatchObject({ kind: 'waiver-ended', because: 'change' })
  })

  it('ends with another policy', async () => {
    await failed()
    await waives(story.parts.cy)
    const { repository, olga } = story.parts
    pushCommit(story.world, olga, repository, 'main', {
      files: { '.github/andon.yml': POLICY.replace('min: 0.9', 'min: 0.8') },
    })
    await story.move(card, 'Staging')
    expect((await story.entries(card)).map(({ event }) => event)).toContainEqual(
      expect.objectContaining({ kind: 'waiver-ended', because: 'policy' }),
    )
  })
})

describe('who may not waive', () => {
  beforeEach(() => failed())

  const refused = async () => {
    expect(await story.decisions(card)).not.toContain('gate-waived')
    return said()
  }

  it('the author of the change, of the team or not', async () => {
    await waives(story.parts.bo)
    expect(await refused()).toContain('this person opened the pull request')
  })

  it('somebody who wrote a commit of it', async () => {
    pushCommit(story.world, story.parts.cy, story.parts.repository, pull.head.ref, { files: { 'a.md': 'More.' } })
    await story.settle()
    await failed()
    await waives(story.parts.cy)
    expect(await refused()).toContain('this person wrote the change')
  })

  it('the one who moved the card, nor does a waiver count for a later move by its giver', async () => {
    await story.move(card, 'Staging', story.parts.cy)
    await waives(story.parts.cy)
    expect(await refused()).toContain('this person moved the card')
    await story.move(card, 'Staging')
    await waives(story.parts.cy)
    await story.move(card, 'Staging', story.parts.cy)
    expect(story.column(card)).toBe('Backlog')
    expect(said()).toContain('whoever gave it moved the card')
  })

  it('people outside the team, people who left it, and bots', async () => {
    await waives(story.parts.mallory)
    expect(await refused()).toContain('Only members of `ai-safety`')
    removeTeamMember(story.world, story.parts.olga, story.parts.safety, story.parts.cy)
    await waives(story.parts.cy)
    expect(await refused()).toContain('Only members of `ai-safety`')
    const robot = createPerson(story.world, 'robot[bot]', { kind: 'Bot' })
    addMember(story.world, story.parts.olga, story.parts.acme, robot)
    await waives(robot)
    await refused()
  })

  it('a comment that is edited into a command, quoted, or not its first line', async () => {
    story.pass(2)
    const words = `/andon waive offline-eval until ${day(3)} because the data set is wrong`
    const written = comment(story.world, story.parts.cy, pull, 'Hm.')
    editComment(story.world, story.parts.cy, written, words)
    await story.settle()
    await writes(story.parts.cy, `> ${words}`)
    await writes(story.parts.cy, `I would say\n${words}`)
    expect(await story.decisions(card)).not.toContain('command-given')
  })
})

describe('what a waiver never opens', () => {
  it('a hold', async () => {
    await failed()
    await waives(story.parts.cy)
    addLabel(story.world, story.parts.ada, pull, 'andon: hold')
    await story.move(card, 'Staging')
    expect(story.column(card)).toBe('Backlog')
    removeLabel(story.world, story.parts.ada, pull, 'andon: hold')
    await story.move(card, 'Staging')
    expect(story.column(card)).toBe('Staging')
  })

  it('another gate of the same move', async () => {
    const { repository, olga } = story.parts
    pushCommit(story.world, olga, repository, 'main', {
      files: { '.github/andon.yml': POLICY.replace('enter: [offline-eval]', 'enter: [offline-eval, sign-off]') },
    })
    await failed()
    await waives(story.parts.cy)
    await story.move(card, 'Staging')
    expect(story.checks(pull)).toEqual({ andon: null, 'andon / offline-eval': 'neutral', 'andon / sign-off': null })
  })
})

it('shows a reason as it was typed, and pings nobody', async () => {
  await failed()
  await waives(story.parts.cy, '@olga **wins** | [x](https://evil.example) <b>#1</b>\nsecond line')
  const harmless = () => {
    const outsideCode = said().replace(/`[^`]*`/g, '')
    expect(outsideCode).toContain('wins')
    expect(outsideCode).not.toMatch(/@olga|\*\*wins|<b>|\]\(https:\/\/evil/)
    expect(said()).not.toContain('second line')
  }
  harmless()
  await story.move(card, 'Staging')
  harmless()
})

describe('the budget of open waivers', () => {
  let other: Pull
  let second: Item
  beforeEach(async () => {
    other = story.pull('Refuse politely')
    second = await story.card(other)
    await failed()
    await failed(second)
  })

  it('refuses one more, and names those that are open', async () => {
    await waives(story.parts.cy)
    await waives(story.parts.cy, 'the same again', other)
    expect(said(other)).toContain('The board may have 1 open waivers, and has them: `Answer refunds better`')
    await writes(story.parts.cy, `/andon waive offline-eval until ${day(5)} because it takes two days more`)
    expect(said()).toContain('it takes two days more')
  })

  it('lets the later of two yield that are given at once', async () => {
    story.pass(2)
    comment(story.world, story.parts.cy, pull, `/andon waive offline-eval until ${day(3)} because of one`)
    comment(story.world, story.parts.cy, other, `/andon waive offline-eval until ${day(3)} because of two`)
    await story.settle()
    const entries = (await story.entries()).map(({ event }) => event)
    const given = entries.filter(({ kind }) => kind === 'gate-waived').length
    const ended = entries.filter((event) => event.kind === 'waiver-ended' && event.because === 'budget').length
    expect(given - ended).toBe(1)
    for (const item of [card, second]) await story.move(item, 'Staging')
    expect([story.column(card), story.column(second)].toSorted()).toEqual(['Backlog', 'Staging'])
  })

  it('is free again when the waiver ends', async () => {
    await waives(story.parts.cy)
    pushCommit(story.world, story.parts.bo, story.parts.repository, pull.head.ref, { files: { 'a.md': 'More.' } })
    await story.settle()
    await waives(story.parts.cy, 'now there is room', other)
    expect(said(other)).toContain('**Waived on this card**')
  })
})
