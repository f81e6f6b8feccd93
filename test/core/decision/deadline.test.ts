// When time alone may change what is so.
import { expect, it } from 'vitest'
import { nextDeadline, outstanding } from '../../../src/core/decision/deadline.ts'
import { aChange, CoreStory, column, gate, policyOf } from '../../support/core-story.ts'

it('is the deadline of a run that a gate waits for', () => {
  const evaluation = gate('evaluation', { workflow: 'e.yml', metrics: { accuracy: { min: 0.9 } } })
  const story = new CoreStory(
    policyOf([column('Backlog'), column('Staging', { enter: ['eval'] })], { eval: evaluation }),
  )
  story.adopted('Backlog').moved('Staging')
  expect(nextDeadline(story.move, story.at)).toBe(new Date(Date.parse(story.at) + 3_600_000).toISOString())
})

it('is none any more for a run of an older commit that never ended: no gate waits for it', () => {
  const evaluation = gate('evaluation', { workflow: 'e.yml', metrics: { accuracy: { min: 0.9 } } })
  const story = new CoreStory(
    policyOf([column('Backlog'), column('Staging', { enter: ['eval'] })], { eval: evaluation }),
  )
  story.adopted('Backlog').moved('Staging')
  story.wait(600).change = aChange('sha256:change-2', 'b'.repeat(40))
  if (story.card.pull) story.card = { ...story.card, pull: { ...story.card.pull, sha: 'b'.repeat(40) } }
  story.seen()
  const second = Object.values(story.move.requests)[1]
  expect(outstanding(story.move, story.at)).toHaveLength(2)
  story.wait(3_000).seen()
  expect(outstanding(story.move, story.at)).toEqual([second])
  expect(nextDeadline(story.move, story.at)).toBe(second?.deadline)
})

it('is none for a workflow that only follows: it would be past, and nothing is decided then', () => {
  const workflows = { promote: { name: 'promote', file: 'promote.yml', with: {} } }
  const story = new CoreStory(
    policyOf([column('Backlog'), column('Staging', { then: ['promote'] })], {}, { workflows }),
  )
  story.adopted('Backlog').moved('Staging')
  expect(Object.values(story.move.requests)).toMatchObject([{ purpose: 'then', ended: null }])
  expect(nextDeadline(story.move, story.at)).toBeNull()
})
