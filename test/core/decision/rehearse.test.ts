// What a move would meet is what it then does meet; and nobody remembers that it was asked.
import { describe, expect, it } from 'vitest'
import { rehearse } from '../../../src/core/decision/rehearse.ts'
import { ada, CoreStory, column, gate, policyOf } from '../../support/core-story.ts'

const POLICY = policyOf(
  [
    column('Backlog'),
    column('Staging', { enter: ['ready', 'eval'], start: ['red-team'], then: ['tell'] }),
    column('Production', { limit: { total: 1, perOwner: null }, enter: ['red-team'] }),
  ],
  {
    ready: gate('manifest'),
    eval: gate('evaluation', { workflow: 'evaluate.yml', metrics: { accuracy: { min: 0.9 } } }),
    'red-team': gate('evaluation', { workflow: 'red-team.yml', metrics: { held: { min: 1 } } }),
  },
  { workflows: { tell: { name: 'tell', file: 'tell.yml', with: {} } } },
)
const FREE = policyOf([column('Backlog'), column('Staging', { start: ['red-team'], then: ['tell'] })], POLICY.gates, {
  workflows: POLICY.workflows,
})

/** A card that was read once, in the backlog. */
function story(policy = POLICY, to: string | null = null) {
  const told = new CoreStory(policy).adopted('Backlog')
  told.seen()
  return { told, play: () => rehearse(told.move, policy, { to, by: ada }) }
}

describe('a rehearsal', () => {
  it('says which workflow would be asked, and waits for it', () => {
    const { rehearsal, missing } = story().play()
    expect(missing).toEqual([])
    expect(rehearsal).toMatchObject({
      outcome: 'wait',
      starts: [{ name: 'eval', file: 'evaluate.yml', when: 'asked' }],
      attempt: { from: 'Backlog', to: 'Staging', gates: [{ judgement: { verdict: 'pass' } }, { name: 'eval' }] },
    })
  })

  it('leaves the card as it was', () => {
    const { told, play } = story()
    const before = structuredClone(told.move)
    play()
    expect(told.move).toEqual(before)
  })

  it('says what would run once the move is granted', () => {
    expect(story(FREE).play().rehearsal).toMatchObject({
      outcome: 'pass',
      starts: [
        { name: 'red-team', file: 'red-team.yml', when: 'granted' },
        { name: 'tell', file: 'tell.yml', when: 'granted' },
      ],
    })
  })

  it('asks for what it does not know', () => {
    expect(story(POLICY, 'Production').play()).toMatchObject({ missing: [{ fact: 'column', name: 'Production' }] })
  })

  it('is refused by the rules before a gate is asked', () => {
    const { told, play } = story(POLICY, 'Production')
    told.know({ columns: { Production: [] } }).seen()
    const { rehearsal } = play()
    expect(rehearsal).toMatchObject({ outcome: 'refuse', attempt: { refusals: [{ reason: 'skips-columns' }] } })
  })

  it.each([
    ['in its last column', policyOf([column('Backlog')]), null, 'end'],
    ['in the column that was named', POLICY, 'Backlog', 'there'],
    ['and a column that the policy has not', POLICY, 'Stagin', 'no-column'],
  ])('of a card %s has nothing to play', (_, policy, to, outcome) => {
    expect(story(policy, to).play().rehearsal).toEqual({ outcome })
  })

  it('of a move back is granted', () => {
    const { told, play } = story(FREE, 'Backlog')
    told.moved('Staging')
    expect(play().rehearsal).toMatchObject({ outcome: 'pass', attempt: { reason: 'moved-backward' } })
  })

  it('is refused everywhere where no policy could ever be read', () => {
    const told = new CoreStory(POLICY).adopted('Backlog')
    told.problems = [{ message: 'This is no policy.' }]
    told.seen()
    expect(rehearse(told.move, null, { to: null, by: ada }).rehearsal).toMatchObject({
      outcome: 'refuse',
      attempt: { refusals: [{ reason: 'policy-unreadable' }] },
    })
  })
})
