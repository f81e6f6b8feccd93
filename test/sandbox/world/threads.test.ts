import { expect, test } from 'vitest'
import { createCheckRun } from '../../../src/sandbox/world/checks.ts'
import { linkIssue } from '../../../src/sandbox/world/closing.ts'
import { comment, deleteComment, editComment } from '../../../src/sandbox/world/comments.ts'
import { openIssue } from '../../../src/sandbox/world/issues.ts'
import { addLabel, removeLabel } from '../../../src/sandbox/world/labels.ts'
import { addTeamMember, createTeam, removeMember, teamMembers } from '../../../src/sandbox/world/organize.ts'
import { editPull, mergePull, openPull } from '../../../src/sandbox/world/pulls.ts'
import { archiveRepository, pushCommit } from '../../../src/sandbox/world/repositories.ts'
import { dismissReview, latestOpinions, review } from '../../../src/sandbox/world/reviews.ts'
import { acme } from './acme.ts'

function change() {
  const stage = acme()
  const { world, bo, repository } = stage
  const issue = openIssue(world, bo, repository, { title: 'Slow' })
  pushCommit(world, bo, repository, 'fast', { files: { a: '1' } })
  const pull = openPull(world, bo, repository, { title: 'Fast', head: 'fast', body: 'Closes #1' })
  stage.sent.length = 0
  return { ...stage, issue, pull }
}

test('a pull request closes what its body names, as long as it names it', () => {
  const { world, bo, issue, pull } = change()
  expect([...issue.closers]).toEqual([pull])
  editPull(world, bo, pull, { body: 'See #1' })
  expect([...issue.closers]).toEqual([])
  editPull(world, bo, pull, { body: 'resolves acme/bot#1 and FIXED: https://github.example/acme/bot/issues/1' })
  expect([...pull.closes]).toEqual([issue])
  editPull(world, bo, pull, { body: '' })
  linkIssue(world, pull, issue)
  expect([...pull.closes]).toEqual([issue])
})

test('nobody approves their own pull request', () => {
  const { world, bo, pull } = change()
  expect(() => review(world, bo, pull, 'APPROVED')).toThrow('Can not approve your own pull request')
  expect(review(world, bo, pull, 'COMMENTED').state).toBe('COMMENTED')
})

test('an approval stays bound to the commit it was given for', () => {
  const { world, ada, bo, cy, repository, pull, sent } = change()
  const approval = review(world, ada, pull, 'APPROVED')
  const before = pull.head.sha
  pushCommit(world, bo, repository, 'fast', { files: { a: '2' } })
  expect(approval.commit).toBe(before)
  expect(pull.head.sha).not.toBe(before)
  review(world, ada, pull, 'COMMENTED')
  expect(latestOpinions(pull)).toEqual([approval])
  dismissReview(world, cy, approval, 'stale')
  expect(sent.at(-1)?.payload).toMatchObject({ action: 'dismissed', review: { state: 'dismissed', commit_id: before } })
})

test('a comment has 65,536 characters at most and a thread 2,500 comments', () => {
  const { world, bo, cy, issue } = change()
  expect(() => comment(world, cy, issue, 'x'.repeat(65_537))).toThrow('Body is too long (maximum is 65536 characters)')
  const written = comment(world, cy, issue, 'x'.repeat(65_536))
  expect(() => comment(world, cy, issue, ' ')).toThrow("Body can't be blank")
  editComment(world, bo, written, 'short')
  deleteComment(world, bo, written)
  expect(issue.comments).toEqual([])
  for (let i = 0; i < 2_500; i++) comment(world, bo, issue, `${i}`)
  expect(() => comment(world, bo, issue, 'one more')).toThrow(
    'Commenting is disabled on issues with more than 2500 comments',
  )
})

test("strangers may not edit others' words, nor label", () => {
  const { world, bo, mallory, repository, issue } = change()
  repository.private = false
  const written = comment(world, bo, issue, 'mine')
  expect(() => editComment(world, mallory, written, 'theirs')).toThrow('mallory needs the role write')
  expect(() => addLabel(world, mallory, issue, 'promote')).toThrow('mallory needs the role triage')
  repository.private = true
  expect(() => comment(world, mallory, issue, 'hello')).toThrow('Not Found')
})

test('labels know no case, are put on once, and are told of', () => {
  const { world, bo, issue, heard } = change()
  addLabel(world, bo, issue, 'Andon: hold')
  addLabel(world, bo, issue, 'andon: HOLD')
  expect(issue.labels.map(({ name }) => name)).toEqual(['Andon: hold'])
  removeLabel(world, bo, issue, 'andon: hold')
  expect(() => removeLabel(world, bo, issue, 'andon: hold')).toThrow('Label does not exist')
  expect(heard()).toEqual(['issues.labeled by bo', 'issues.unlabeled by bo'])
})

test('a required check must come from its app before anything is merged', () => {
  const { world, ada, app, repository, pull } = change()
  repository.requiredChecks.set('main', [{ context: 'andon', appId: app.id }])
  expect(() => mergePull(world, ada, pull)).toThrow('Required status check "andon" is expected')
  createCheckRun(world, app, repository, pull.head.sha, { name: 'andon', conclusion: 'failure' })
  expect(() => mergePull(world, ada, pull)).toThrow('is failing')
  createCheckRun(world, app, repository, pull.head.sha, { name: 'andon', conclusion: 'success' })
  mergePull(world, ada, pull)
  expect(pull.state).toBe('MERGED')
})

test('what both sides changed cannot be merged', () => {
  const { world, ada, bo, repository, pull } = change()
  pushCommit(world, bo, repository, 'main', { files: { a: 'other' } })
  expect(() => mergePull(world, ada, pull)).toThrow('Pull Request is not mergeable')
})

test('an archived repository is read-only', () => {
  const { world, bo, repository, issue } = change()
  archiveRepository(world, repository, true)
  expect(() => comment(world, bo, issue, 'late')).toThrow('Repository was archived so is read-only.')
  expect(() => pushCommit(world, bo, repository, 'main', { files: { b: '1' } })).toThrow('archived')
})

test('child teams count, invited people are pending, and whoever leaves is out of all teams', () => {
  const { world, ada, bo, cy, mallory, organization, safety } = change()
  const child = createTeam(world, organization, 'red-team', { parent: safety })
  addTeamMember(world, ada, child, cy)
  addTeamMember(world, ada, safety, mallory)
  const states = [...teamMembers(safety).values()].map(({ person, state }) => `${person.login} ${state}`)
  expect(states.sort()).toEqual(['bo active', 'cy active', 'mallory pending'])
  removeMember(world, ada, organization, bo)
  expect(teamMembers(safety).has(bo.id)).toBe(false)
})
