// What deliveries tell of a run: they come in any order, and only a run's end counts.
import { expect, it } from 'vitest'
import { runAnswers } from '../../src/flow/run-answers.ts'
import type { World } from '../../src/flow/world.ts'
import type { Knock } from '../../src/github/knock.ts'
import type { GitHub } from '../../src/github/port.ts'
import { CoreStory, column, gate, policyOf } from '../support/core-story.ts'

const url = 'https://github.example/runs/7'

function asked(): CoreStory {
  const story = new CoreStory(
    policyOf([column('Backlog'), column('Staging', { enter: ['eval'] })], {
      eval: gate('evaluation', { workflow: 'evaluate.yml', metrics: { accuracy: { min: 0.9 } } }),
    }),
  ).adopted('Backlog')
  story.moved('Staging')
  const request = Object.keys(story.move.requests)[0] ?? ''
  return story.take({ kind: 'run-started', at: story.at, request, run: 7, url })
}

const knock = (status: string, conclusion: string | null): Knock => ({
  knock: 'run',
  owner: 'acme',
  repository: 'acme/bot',
  run: 7,
  attempt: 1,
  name: 'andon',
  path: '.github/workflows/evaluate.yml',
  branch: 'main',
  sha: 'd'.repeat(40),
  event: 'workflow_dispatch',
  status,
  conclusion,
  url,
})

it.each([
  ['after', ['in_progress', 'completed']],
  ['before', ['completed', 'in_progress']],
])('a run’s end is heard when it is told %s its beginning', async (_order, told) => {
  const story = asked()
  const world = { clock: () => new Date(story.at) } as unknown as World
  const knocks = told.map((status) => knock(status, status === 'completed' ? 'failure' : null))
  const { events } = await runAnswers(world, {} as GitHub, story.move, knocks, false)
  expect(events).toMatchObject([{ kind: 'run-ended', run: 7, conclusion: 'failure' }])
})
