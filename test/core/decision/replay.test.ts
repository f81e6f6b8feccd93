// The record decides itself again: the same facts and policy give the same decisions, and another policy shows where not.
import { describe, expect, it } from 'vitest'
import { replay } from '../../../src/core/decision/replay.ts'
import { CoreStory, column, gate, policyOf } from '../../support/core-story.ts'

const evaluation = (least: number) =>
  policyOf([column('Backlog'), column('Staging', { enter: ['eval'] })], {
    eval: gate('evaluation', { workflow: 'evaluate.yml', metrics: { accuracy: { min: least } } }),
  })

function history() {
  const story = new CoreStory(evaluation(0.9)).adopted('Backlog')
  story.moved('Staging')
  story.measured('eval', { accuracy: { value: 0.93, n: 200 } })
  story.moved('Backlog')
  return story
}

describe('replay', () => {
  it('finds no difference under the recorded policy, also when keys come back in another order', () => {
    const story = history()
    const stored = story.events.map((event) =>
      JSON.parse(JSON.stringify(event, Object.keys(event).reverse().concat(allKeys(event)))),
    )
    expect(replay(stored, () => story.policy)).toEqual({ decisions: 3, differences: [] })
  })

  it('lists what a stricter policy would have refused, and nothing that follows from it', () => {
    const { events } = history()
    const { differences } = replay(events, () => evaluation(0.95))
    expect(differences.at(-1)?.recorded.map((event) => event.kind)).toEqual(['gate-judged', 'move-granted'])
    expect(differences.at(-1)?.replayed.map((event) => event.kind)).toEqual(['gate-judged', 'move-refused'])
  })

  it('notices a record that was changed afterwards', () => {
    const story = history()
    const forged = story.events.map((event) =>
      event.kind === 'evidence-received'
        ? { ...event, evidence: { ...event.evidence, metrics: { accuracy: { value: 0.5 } } } }
        : event,
    )
    expect(replay(forged, () => story.policy).differences).toHaveLength(1)
  })
})

function allKeys(value: unknown): string[] {
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, part]) => [key, ...allKeys(part)])
}
