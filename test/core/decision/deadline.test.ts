// When time alone may change what is so.
import { expect, it } from 'vitest'
import { nextDeadline } from '../../../src/core/decision/deadline.ts'
import { CoreStory, column, gate, policyOf } from '../../support/core-story.ts'

it('is the deadline of a run that a gate waits for', () => {
  const evaluation = gate('evaluation', { workflow: 'e.yml', metrics: { accuracy: { min: 0.9 } } })
  const story = new CoreStory(
    policyOf([column('Backlog'), column('Staging', { enter: ['eval'] })], { eval: evaluation }),
  )
  story.adopted('Backlog').moved('Staging')
  expect(nextDeadline(story.move)).toBe(new Date(Date.parse(story.at) + 3_600_000).toISOString())
})

it('is none for a workflow that only follows: it would be past, and nothing is decided then', () => {
  const workflows = { promote: { name: 'promote', file: 'promote.yml', with: {} } }
  const story = new CoreStory(
    policyOf([column('Backlog'), column('Staging', { then: ['promote'] })], {}, { workflows }),
  )
  story.adopted('Backlog').moved('Staging')
  expect(Object.values(story.move.requests)).toMatchObject([{ purpose: 'then', ended: null }])
  expect(nextDeadline(story.move)).toBeNull()
})
