// `/andon retry`: what is asked again, and what stays as it was told.
import { expect, it } from 'vitest'
import { CoreStory, column, cy, gate, kinds, policyOf } from '../../support/core-story.ts'

const policy = policyOf([column('Backlog'), column('Staging', { enter: ['eval'] })], {
  eval: gate('evaluation', { workflow: 'evaluate.yml', metrics: { accuracy: { min: 0.9 } } }),
})

function moved(): CoreStory {
  const story = new CoreStory(policy).adopted('Backlog')
  story.moved('Staging')
  return story
}

function retry(story: CoreStory, gate = 'eval'): void {
  const command = { kind: 'command-given', by: cy, command: `/andon retry ${gate}`, url: `c-${gate}` } as const
  story.wait(5).take({ ...command, at: story.at, refused: null, retry: gate })
}

it('asks the gate of an open move again, and the first run decides nothing any more', () => {
  const story = moved()
  const first = story.move.current?.gates[0]?.request
  retry(story)
  expect(kinds(story.seen())).toEqual(['gate-asked', 'gate-judged'])
  expect(story.move.current?.gates[0]?.request).not.toBe(first)
  expect(story.move.requests[first ?? '']?.dropped).toBe(true)
})

it.each(['eval', '*'])('leaves a granted move’s verdicts as they were told (%s)', (asked) => {
  const story = moved()
  story.measured('eval', { accuracy: { value: 0.95 } })
  const told = story.move.current
  retry(story, asked)
  expect(story.move.current).toEqual(told)
  expect(story.effectsOf('write-check').map(({ conclusion }) => conclusion)).toEqual(['success', 'success'])
  expect(story.seen()).toEqual([])
})
