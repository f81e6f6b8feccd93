// An installation is removed, suspended or loses a permission in the middle of the work: it waits, and goes on later.
import { afterEach, describe, expect, it } from 'vitest'
import type { Installation } from '../../src/sandbox/world/app.ts'
import type { Item } from '../../src/sandbox/world/board.ts'
import { comment } from '../../src/sandbox/world/comments.ts'
import { acceptPermissions, suspendInstallation, uninstallApp } from '../../src/sandbox/world/install.ts'
import { COMMENT_COUNT_LIMIT } from '../../src/sandbox/world/thread.ts'
import { ASKS_EVALUATION, ASKS_MANIFEST } from '../support/policies.ts'
import { beginStory, type Story } from '../support/story.ts'

const BAD = { metrics: { accuracy: { value: 0.1, n: 60 } } }

let story: Story
afterEach(() => story.end())

/** A card that waits in Staging for its evaluation. */
async function waiting(): Promise<{ card: Item; installation: Installation }> {
  story = await beginStory({ policy: ASKS_EVALUATION })
  const card = await story.card(story.pull('One'))
  await story.move(card, 'Staging')
  return { card, installation: story.parts.sandbox.apps[0]?.installation as Installation }
}

/** Lets time go by in which the app would try again and again; answers how often it asked GitHub. */
async function wait(minutes: number): Promise<number> {
  const before = story.parts.sandbox.requests.total()
  for (let minute = 0; minute < minutes; minute++) {
    story.pass(60)
    await story.settle()
  }
  return story.parts.sandbox.requests.total() - before
}

function warned(words: RegExp): boolean {
  return story.parts.logged.some(({ level, message, fields }) =>
    level === 'warn' ? words.test(message) || words.test(String((fields as { reason?: string }).reason)) : false,
  )
}

/** Nothing was given up, and the evaluation's bad news has sent the card back. */
async function goesOn(card: Item): Promise<void> {
  await wait(12)
  expect(story.column(card)).toBe('Backlog')
  const decisions = await story.decisions(card)
  expect(decisions.filter((kind) => kind === 'move-refused')).toHaveLength(1)
  expect(decisions).not.toContain('card-removed')
  expect((await story.app.ledger.backlog(story.parts.clock().toISOString())).aside).toEqual([])
}

describe.each(['told', 'not told'] as const)('a suspended installation, of which the app is %s', (how) => {
  it('waits with a clear line, at its ease, and goes on when it is back', async () => {
    const { card, installation } = await waiting()
    if (how === 'not told') story.parts.sandbox.faults.add({ fault: 'webhook-lost' })
    suspendInstallation(story.world, story.parts.olga, installation, true)
    await story.answer(BAD)
    expect(await wait(30)).toBeLessThan(75)
    expect(story.column(card)).toBe('Staging')
    expect(warned(/suspended/)).toBe(true)
    suspendInstallation(story.world, story.parts.olga, installation, false)
    await goesOn(card)
  })
})

describe('a lost permission', () => {
  it('to see boards takes no card for removed', async () => {
    const { card, installation } = await waiting()
    const level = installation.permissions.organization_projects
    acceptPermissions(story.world, story.parts.olga, installation, { organization_projects: undefined })
    await story.answer(BAD)
    expect(await wait(30)).toBeLessThan(200)
    expect(warned(/Board 1 of acme/)).toBe(true)
    acceptPermissions(story.world, story.parts.olga, installation, { organization_projects: level })
    await goesOn(card)
  })

  it('to read files leaves the open move open until the policy can be read again', async () => {
    const { card, installation } = await waiting()
    const level = installation.permissions.contents
    acceptPermissions(story.world, story.parts.olga, installation, { contents: undefined })
    await story.answer(BAD)
    await wait(10)
    acceptPermissions(story.world, story.parts.olga, installation, { contents: level })
    await goesOn(card)
  })

  it('to read runs delays the answer', async () => {
    const { card, installation } = await waiting()
    const level = installation.permissions.actions
    acceptPermissions(story.world, story.parts.olga, installation, { actions: undefined })
    await story.answer(BAD)
    expect(await wait(30)).toBeLessThan(200)
    expect(warned(/does not let the app work/)).toBe(true)
    acceptPermissions(story.world, story.parts.olga, installation, { actions: level })
    await goesOn(card)
  })
})

/** An idea that Staging refuses at once, while the app may only read there. */
async function refusedWithout(...permissions: (keyof Installation['permissions'])[]) {
  story = await beginStory({ policy: ASKS_MANIFEST })
  const pull = story.pull('One', 'No manifest.')
  const card = await story.card(pull)
  const installation = story.parts.sandbox.apps[0]?.installation as Installation
  const before = { ...installation.permissions }
  const reduced = Object.fromEntries(permissions.map((permission) => [permission, 'read'] as const))
  acceptPermissions(story.world, story.parts.olga, installation, reduced)
  await story.settle()
  await story.move(card, 'Staging')
  return {
    ...{ pull, card },
    async giveBack() {
      acceptPermissions(story.world, story.parts.olga, installation, before)
      await wait(7)
    },
  }
}

const REFUSED = { andon: 'failure', 'andon / definition-of-ready': 'failure' }

describe('a lost permission to write', () => {
  it('cards leaves the refused one to be returned once it is given back', async () => {
    const { pull, card, giveBack } = await refusedWithout('organization_projects')
    expect(await wait(30)).toBeLessThan(100)
    expect(story.column(card)).toBe('Staging')
    expect(story.checks(pull)).toEqual(REFUSED)
    expect(warned(/does not let the app work/)).toBe(true)
    await giveBack()
    expect(story.column(card)).toBe('Backlog')
    expect(await story.decisions(card)).toContain('card-placed')
    expect(await story.app.ledger.pending(`card:${card.node}`)).toEqual([])
  })

  it('checks returns the card all the same, and writes them later', async () => {
    const { pull, card, giveBack } = await refusedWithout('checks')
    await wait(30)
    expect(story.column(card)).toBe('Backlog')
    expect(story.comments(pull)).toHaveLength(1)
    expect(story.checks(pull)).toEqual({})
    await giveBack()
    expect(story.checks(pull)).toEqual(REFUSED)
    expect(story.comments(pull)).toHaveLength(1)
  })

  it('comments returns the card all the same, and says why later', async () => {
    const { pull, card, giveBack } = await refusedWithout('issues', 'pull_requests')
    await wait(30)
    expect(story.column(card)).toBe('Backlog')
    expect(story.comments(pull)).toEqual([])
    await giveBack()
    expect(story.comments(pull)).toHaveLength(1)
    expect(await story.app.ledger.pending(`card:${card.node}`)).toEqual([])
  })
})

describe('a thread that takes no more comments', () => {
  it('is not asked again: the record holds what it does not', async () => {
    story = await beginStory({ policy: ASKS_MANIFEST })
    const pull = story.pull('One', 'No manifest.')
    const card = await story.card(pull)
    const one = comment(story.world, story.parts.bo, pull, 'So true.')
    while (pull.comments.length < COMMENT_COUNT_LIMIT) pull.comments.push(one)
    await story.settle()
    await story.move(card, 'Staging')
    expect(story.column(card)).toBe('Backlog')
    expect(warned(/GitHub refused a write/)).toBe(true)
    expect(await story.app.ledger.pending(`card:${card.node}`)).toEqual([])
  })
})

describe('a removed installation', () => {
  it('is left alone, and nobody asks GitHub for its cards again and again', async () => {
    const { card, installation } = await waiting()
    uninstallApp(story.world, story.parts.olga, installation)
    await story.settle()
    expect(await wait(30)).toBeLessThan(75)
    expect(warned(/not installed/)).toBe(true)
    expect(story.column(card)).toBe('Staging')
    expect(await story.decisions(card)).not.toContain('card-removed')
  })
})
