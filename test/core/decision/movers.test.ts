// Who may move a card where: people, teams, apps and agents, and who only seems to be one of them.
import { describe, expect, it } from 'vitest'
import { type Actor, BOARD_AUTOMATION, GHOST } from '../../../src/core/facts/actor.ts'
import type { Policy } from '../../../src/core/policy/policy.ts'
import { ada, bo, CoreStory, column, cy, gate, kinds, policyOf } from '../../support/core-story.ts'

const movers = { teams: ['release'], users: ['Ada'], bots: ['deploy[bot]'], agents: ['coder'] }
const coder: Actor = { login: 'acme-coder[bot]', id: 7, type: 'Bot' }
const machine: Actor = { login: 'acme-machine', id: 8, type: 'User' }
const agents = [
  { name: 'coder', login: 'Acme-Coder[bot]', mayEnter: null },
  { name: 'machine', login: 'acme-machine', mayEnter: ['Staging'] },
]

const guarded = (more: Partial<Policy> = {}) =>
  policyOf([column('Backlog'), column('Staging', { movers }), column('Production')], {}, { agents, ...more })
const begin = (policy = guarded()) =>
  new CoreStory(policy).adopted('Backlog').know({ teams: { release: ['cy', 'acme-machine'] } })
const reasons = (story: CoreStory) => story.move.current?.refusals.map(({ reason }) => reason)

describe('into a column with movers', () => {
  it.each([
    ['a person named by login, whatever the case', ada],
    ['a member of a team', cy],
    ['an app', { login: 'deploy[bot]', id: 5, type: 'Bot' as const }],
    ['an agent', coder],
  ])('%s may move a card', (_, by) => {
    const story = begin()
    expect(kinds(story.moved('Staging', by))).toEqual(['move-opened', 'move-granted'])
  })

  it.each([
    ['somebody else', bo, 'mover-not-allowed'],
    ['an account that bears an app’s name', { login: 'deploy', id: 6, type: 'User' as const }, 'mover-not-allowed'],
    ['an app that bears a person’s login', { login: 'ada', id: 6, type: 'Bot' as const }, 'mover-not-allowed'],
    ['an agent by the teams it is in', machine, 'mover-not-allowed'],
    ['nobody knows who', GHOST, 'mover-unknown'],
  ])('%s may not', (_, by, reason) => {
    const story = begin()
    expect(kinds(story.moved('Staging', by))).toEqual(['move-opened', 'move-refused'])
    expect(reasons(story)).toEqual([reason])
    expect(story.effectsOf('place-card')).toMatchObject([{ column: 'Backlog', why: 'return' }])
  })

  it('says who may', () => {
    const story = begin()
    story.moved('Staging', bo)
    expect(story.comment).toContain(
      '`bo` may not move cards into `Staging`; these may: `team release`, `Ada`, `deploy[bot]`, `agent coder`.',
    )
  })

  it('GitHub’s board automation is a bot, whoever set it going', () => {
    const automated = (policy: Policy) => {
      const story = begin(policy)
      story.wait(10).put('Staging', ada)
      story.card = { ...story.card, timeline: story.card.timeline.map((entry) => ({ ...entry, automated: true })) }
      story.seen()
      return story.move.current?.outcome
    }
    expect(automated(guarded())).toBe('refused')
    const open = guarded()
    const named = { ...movers, bots: [BOARD_AUTOMATION] }
    open.columns = open.columns.map((rule) => (rule.movers ? { ...rule, movers: named } : rule))
    expect(automated(open)).toBe('granted')
  })

  it('a card out of the archive is moved by whoever brought it back, not by who moved it once', () => {
    const story = begin()
    story.moved('Staging', ada)
    story.card = { ...story.card, archived: true }
    story.seen()
    story.wait(60).card = { ...story.card, archived: false, place: { ...story.card.place } }
    story.seen()
    expect(reasons(story)).toEqual(['mover-unknown'])
  })

  it('asks for the members of its teams, and of none where the mover is named', () => {
    const asked = (by: Actor) => {
      const story = new CoreStory(guarded()).adopted('Backlog')
      story.put('Staging', by)
      return story.asks()
    }
    expect(asked(bo)).toEqual([{ fact: 'team', slug: 'release' }])
    expect(asked(ada)).toEqual([])
    expect(asked(coder)).toEqual([])
  })

  it('a team that GitHub does not know keeps out whom it might hold', () => {
    const story = new CoreStory(guarded()).adopted('Backlog').know({ teams: { release: null } })
    story.moved('Staging', bo)
    expect(reasons(story)).toEqual(['team-unknown'])
    expect(story.comment).toContain('GitHub knows no such team')
  })

  it('nobody gets past it by passing over it', () => {
    const story = begin(guarded({ moves: { forward: 'any', backward: 'any' } }))
    story.moved('Production', bo)
    expect(reasons(story)).toEqual(['mover-not-allowed'])
  })

  it('anybody may move a card back', () => {
    const story = begin()
    story.moved('Staging', ada)
    story.moved('Production', ada)
    expect(kinds(story.moved('Staging', bo))).toEqual(['move-opened', 'move-granted'])
  })

  it('whoever adds a label that asks for the move is its mover', () => {
    const story = begin()
    const ask = (by: Actor) => {
      story.wait(10).take({ kind: 'move-asked', at: story.at, to: 'Staging', by, via: 'label', label: 'go' })
      story.seen()
      return story.move.current?.refusals.map(({ reason }) => reason)
    }
    expect(ask(bo)).toEqual(['mover-not-allowed'])
    expect(ask(GHOST)).toEqual(['mover-unknown'])
    expect(ask(ada)).toEqual([])
  })
})

describe('an agent', () => {
  it('enters only the columns that it may', () => {
    const story = begin()
    story.moved('Staging', ada)
    story.moved('Production', machine)
    expect(reasons(story)).toEqual(['agent-not-allowed'])
    expect(story.comment).toContain('The agent `machine` may not move cards into `Production`, only into `Staging`.')
  })

  it('is not believed to be somebody unknown', () => {
    const story = begin()
    story.moved('Staging', ada)
    story.moved('Production', GHOST)
    expect(reasons(story)).toEqual(['mover-unknown'])
  })

  it('bears its mark in the record and in the comment', () => {
    const files = { 'definition-of-ready': gate('manifest') }
    const policy = policyOf([column('Backlog'), column('Staging', { enter: ['definition-of-ready'] })], files, {
      agents,
    })
    const story = begin(policy)
    expect(story.moved('Staging', coder)[0]).toMatchObject({ kind: 'move-opened', agent: 'coder' })
    expect(story.comment).toContain('🤖 the agent `coder` (`acme-coder[bot]`) moved this card')
    expect(begin(policy).moved('Staging', ada)[0]).not.toHaveProperty('agent')
  })

  describe('brings gates of its own', () => {
    const policy = (when: true | string[]) =>
      policyOf(
        [column('Backlog'), column('Staging', { enter: ['human'] })],
        { human: gate('approval', { teams: ['release'] }, { when: { agents: when } }) },
        { agents },
      )
    const gates = (story: CoreStory, by: Actor) => {
      story.moved('Staging', by)
      return story.move.current?.gates.map(({ name }) => name)
    }

    it('as the mover', () => {
      expect(gates(begin(policy(true)), coder)).toEqual(['human'])
      expect(gates(begin(policy(true)), ada)).toEqual([])
      expect(gates(begin(policy(['machine'])), coder)).toEqual([])
    })

    it('as the author of the change, or of one of its commits', () => {
      const story = begin(policy(['machine']))
      const pull = story.card.pull
      if (pull === null) throw new Error('The card has no pull request.')
      story.card = { ...story.card, pull: { ...pull, committers: [bo, machine] } }
      expect(gates(story, ada)).toEqual(['human'])
    })

    it('as the author of the issue, where that declares what the pull request of another brings', () => {
      const found = (source: 'issue' | 'pull-request') => {
        const story = begin(policy(['machine']))
        const { content } = story.card
        if (content === null) throw new Error('The card is a draft.')
        const manifest = { source, text: 'kind: model-version', line: 1 }
        story.card = { ...story.card, content: { ...content, type: 'Issue', author: machine }, manifest }
        return gates(story, ada)
      }
      expect(found('issue')).toEqual(['human'])
      expect(found('pull-request')).toEqual([])
    })
  })

  it('never counts as an approver, though its account be a person’s', () => {
    const policy = policyOf(
      [column('Backlog'), column('Staging', { enter: ['release-approval'] })],
      { 'release-approval': gate('approval', { teams: ['release'] }) },
      { agents },
    )
    const story = begin(policy)
    const approval = { kind: 'approval-given' as const, at: story.at, change: 'sha256:change-1', url: 'u' }
    story.take({ ...approval, by: machine })
    story.moved('Staging', ada)
    expect(story.move.current?.outcome).toBeNull()
    expect(story.comment).toContain('is the agent machine')
    story.take({ ...approval, by: cy })
    story.seen()
    expect(story.move.current?.outcome).toBe('granted')
  })
})
