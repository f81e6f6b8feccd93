// People approve, object and command; Andon counts only those whom the policy names, and only for this very change.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Item } from '../../src/sandbox/world/board.ts'
import { comment, editComment } from '../../src/sandbox/world/comments.ts'
import { addMember, createPerson, removeTeamMember } from '../../src/sandbox/world/organize.ts'
import { pushCommit } from '../../src/sandbox/world/repositories.ts'
import { review } from '../../src/sandbox/world/reviews.ts'
import type { Pull } from '../../src/sandbox/world/thread.ts'
import { beginStory, type Story } from '../support/story.ts'

const POLICY = `version: 1
board: { project: 1 }
columns:
  - name: Backlog
  - name: Staging
  - name: Production
    enter: [release-approval]
    while-waiting: return
gates:
  release-approval: { kind: approval, count: 1, teams: [ai-safety], independent: true }
`

let story: Story
let pull: Pull
let card: Item

beforeEach(async () => {
  story = await beginStory({ policy: POLICY })
  pull = story.pull('Answer refunds better')
  card = await story.card(pull, 'Staging')
  await story.move(card, 'Production')
})
afterEach(() => story.end())

function says(by: Story['parts']['ada'], state: 'APPROVED' | 'CHANGES_REQUESTED'): Promise<void> {
  story.pass(2)
  review(story.world, by, pull, state)
  return story.settle()
}

function writes(by: Story['parts']['ada'], body: string): Promise<void> {
  story.pass(2)
  comment(story.world, by, pull, body)
  return story.settle()
}

describe('a move that waits for an approval', () => {
  it('puts the card back while it waits, and brings it forward by itself', async () => {
    expect(story.column(card)).toBe('Staging')
    expect(story.checks(pull)).toEqual({ andon: null, 'andon / release-approval': null })
    expect(story.comments(pull)[0]).toContain('people are asked')
    await says(story.parts.cy, 'APPROVED')
    expect(story.column(card)).toBe('Production')
    expect(story.checks(pull)).toEqual({ andon: 'success', 'andon / release-approval': 'success' })
  })

  it('does not count the author, who may not approve by command either', async () => {
    await writes(story.parts.bo, '/andon approve')
    expect(story.column(card)).toBe('Staging')
    expect(story.comments(pull)[0]).toContain('opened the pull request')
  })

  it('does not count people outside the team, nor the one who moved the card', async () => {
    await says(story.parts.mallory, 'APPROVED')
    await says(story.parts.ada, 'APPROVED')
    expect(story.column(card)).toBe('Staging')
    expect(story.comments(pull)[0]).toContain('is not among those who may approve')
  })

  it('does not count a bot', async () => {
    const robot = createPerson(story.world, 'robot[bot]', { kind: 'Bot' })
    addMember(story.world, story.parts.olga, story.parts.acme, robot)
    await says(robot, 'APPROVED')
    expect(story.column(card)).toBe('Staging')
  })

  it('loses its approvals to a new commit', async () => {
    pushCommit(story.world, story.parts.bo, story.parts.repository, pull.head.ref, {
      files: { 'prompts/answer.md': 'Be rude.' },
    })
    review(story.world, story.parts.cy, pull, 'APPROVED', {
      commit: [...story.parts.repository.suites.keys()][0] ?? '',
    })
    await story.settle()
    expect(story.column(card)).toBe('Staging')
    expect(story.comments(pull)[0]).toContain('older commit')
  })

  it('is refused when one who may approve asks for changes', async () => {
    await says(story.parts.cy, 'CHANGES_REQUESTED')
    expect(story.checks(pull)).toMatchObject({ andon: 'failure' })
    expect(story.comments(pull)[0]).toContain('asked for changes')
  })

  it('counts an approval by command of the right person', async () => {
    await writes(story.parts.cy, '/andon approve')
    expect(story.column(card)).toBe('Production')
  })

  it('does not count somebody who has left the team', async () => {
    removeTeamMember(story.world, story.parts.olga, story.parts.safety, story.parts.cy)
    await says(story.parts.cy, 'APPROVED')
    expect(story.column(card)).toBe('Staging')
  })

  it('does not count an approval of the change as it was before the policy changed', async () => {
    pushCommit(story.world, story.parts.olga, story.parts.repository, 'main', {
      files: { '.github/andon.yml': POLICY.replace('count: 1', 'count: 2') },
    })
    await says(story.parts.cy, 'APPROVED')
    expect(story.column(card)).toBe('Staging')
    story.pass(5)
    pushCommit(story.world, story.parts.olga, story.parts.repository, 'main', {
      files: { '.github/andon.yml': POLICY },
    })
    await story.settle()
    expect(story.column(card)).toBe('Staging')
    story.pass(5)
    await says(story.parts.cy, 'APPROVED')
    expect(story.column(card)).toBe('Production')
  })
})

describe('commands', () => {
  it('status writes the comment anew', async () => {
    await writes(story.parts.mallory, '/andon status')
    expect(story.comments(pull)).toHaveLength(1)
    expect(story.comments(pull)[0]).toContain('`/andon status` by `mallory`')
  })

  it('that are unknown, or come with a later version, are answered in one sentence', async () => {
    await writes(story.parts.cy, '/andon dance')
    expect(story.comments(pull)[0]).toContain('Andon knows `/andon status`')
    await writes(story.parts.cy, '/andon rollback because I say so')
    expect(story.comments(pull)[0]).toContain('not available in this version')
  })

  it('retry of an unknown gate names the gates there are', async () => {
    await writes(story.parts.cy, '/andon retry dance')
    expect(story.comments(pull)[0]).toContain('`release-approval`')
  })

  it('in a comment that is edited into one do not speak', async () => {
    const harmless = comment(story.world, story.parts.cy, pull, 'Looks good.')
    await story.settle()
    story.pass(5)
    editComment(story.world, story.parts.mallory, harmless, '/andon approve')
    await story.settle()
    expect(story.column(card)).toBe('Staging')
  })

  it('are heard on the pull request too, where the card is the issue that it closes', async () => {
    const issue = story.issue('Refunds are answered wrongly')
    const fix = story.pull('Answer refunds right', `Closes #${issue.number}`)
    const ofIssue = await story.card(issue, 'Staging')
    await story.move(ofIssue, 'Production')
    expect(story.column(ofIssue)).toBe('Staging')
    story.pass(2)
    comment(story.world, story.parts.mallory, fix, '/andon approve')
    await story.settle()
    expect(story.column(ofIssue)).toBe('Staging')
    expect(story.comments(issue)[0]).toContain('is not among those who may approve')
    story.pass(2)
    comment(story.world, story.parts.cy, fix, '/andon approve')
    await story.settle()
    expect(story.column(ofIssue)).toBe('Production')
  })
})
