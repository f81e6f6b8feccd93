// An installation is removed, suspended or loses a permission in the middle of the work: it waits, and goes on later.
import { afterEach, describe, expect, it } from 'vitest'
import type { Installation } from '../../src/sandbox/world/app.ts'
import type { Item } from '../../src/sandbox/world/board.ts'
import { acceptPermissions, suspendInstallation, uninstallApp } from '../../src/sandbox/world/install.ts'
import { beginStory, type Story } from '../support/story.ts'

const POLICY = `version: 1
board: { project: 1 }
columns:
  - name: Backlog
  - name: Staging
    enter: [eval]
gates:
  eval: { kind: evaluation, workflow: evaluate.yml, metrics: { accuracy: { min: 0.9 } } }
`
const BAD = { metrics: { accuracy: { value: 0.1, n: 60 } } }

let story: Story
afterEach(() => story.end())

/** A card that waits in Staging for its evaluation. */
async function waiting(): Promise<{ card: Item; installation: Installation }> {
  story = await beginStory({ policy: POLICY })
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
    expect(await wait(30)).toBeLessThan(60)
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

describe('a removed installation', () => {
  it('is left alone, and nobody asks GitHub for its cards again and again', async () => {
    const { card, installation } = await waiting()
    uninstallApp(story.world, story.parts.olga, installation)
    await story.settle()
    expect(await wait(30)).toBeLessThan(60)
    expect(warned(/not installed/)).toBe(true)
    expect(story.column(card)).toBe('Staging')
    expect(await story.decisions(card)).not.toContain('card-removed')
  })
})
