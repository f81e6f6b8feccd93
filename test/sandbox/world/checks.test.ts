import { expect, test } from 'vitest'
import { createCheckRun, requestAction, rerequestCheckRun, updateCheckRun } from '../../../src/sandbox/world/checks.ts'
import { createApp, installApp } from '../../../src/sandbox/world/install.ts'
import { pushCommit } from '../../../src/sandbox/world/repositories.ts'
import { defaultHead } from '../../../src/sandbox/world/repository.ts'
import { acme } from './acme.ts'

function checked() {
  const stage = acme()
  const sha = defaultHead(stage.repository) ?? ''
  const other = createApp(stage.world, 'other', {
    owner: stage.organization,
    permissions: { checks: 'write' },
    events: [],
  })
  installApp(stage.world, stage.ada, other, stage.organization)
  stage.sent.length = 0
  return { ...stage, sha, other }
}

test('every app with checks: write hears of a check; only its own hears that it is wanted again', () => {
  const { world, bo, app, other, repository, sha, sent } = checked()
  const actions = [{ label: 'Retry', description: 'Again', identifier: 'retry' }]
  const run = createCheckRun(world, app, repository, sha, {
    name: 'andon',
    status: 'in_progress',
    externalId: 'move',
    actions,
  })
  updateCheckRun(world, app, run, { conclusion: 'failure', output: { title: 'No', summary: 'why' } })
  rerequestCheckRun(world, bo, run)
  requestAction(world, bo, run, 'retry')
  expect(sent.filter(({ event }) => event === 'check_run').map((told) => `${told.action} to ${told.app.slug}`)).toEqual(
    [
      'created to andon',
      'created to other',
      'completed to andon',
      'completed to other',
      'rerequested to andon',
      'requested_action to andon',
    ],
  )
  expect(sent.at(-1)?.payload).toMatchObject({ requested_action: { identifier: 'retry' }, sender: { login: 'bo' } })
  expect(() => updateCheckRun(world, other, run, { conclusion: 'success' })).toThrow(
    'can only be modified by the GitHub App that created it',
  )
  expect(run.conclusion).toBe('failure')
})

test('limits of a check run are refused, not cut', () => {
  const { world, app, repository, sha } = checked()
  const make = (output: object) => () => createCheckRun(world, app, repository, sha, { name: 'andon', output })
  expect(make({ title: 't', summary: 'x'.repeat(65_536) })).toThrow(
    'Only 65535 characters are allowed; 65536 were supplied.',
  )
  expect(make({ title: 't', summary: 's', text: 'x'.repeat(65_536) })).toThrow('Only 65535')
  expect(make({ summary: 's' })).toThrow('must both be supplied')
  const annotation = { path: 'a', start_line: 1, end_line: 1, annotation_level: 'notice', message: 'm' } as const
  expect(make({ title: 't', summary: 's', annotations: Array(51).fill(annotation) })).toThrow('No more than 50 items')
  const run = createCheckRun(world, app, repository, sha, {
    name: 'andon',
    output: { title: 't', summary: 'x'.repeat(65_535), annotations: Array(50).fill(annotation) },
  })
  updateCheckRun(world, app, run, { output: { title: 't', summary: 's', annotations: [annotation] } })
  expect(run.annotations).toHaveLength(51)
  expect(() => createCheckRun(world, app, repository, 'f'.repeat(40), { name: 'x' })).toThrow('No commit found for SHA')
  expect(() => createCheckRun(world, app, repository, sha, { name: 'x', status: 'completed' })).toThrow('conclusion')
})

test('more than a thousand runs of one name: the oldest go', () => {
  const { world, app, repository, sha } = checked()
  const first = createCheckRun(world, app, repository, sha, { name: 'andon' })
  const kept = createCheckRun(world, app, repository, sha, { name: 'other' })
  for (let i = 0; i < 1_000; i++) createCheckRun(world, app, repository, sha, { name: 'andon' })
  expect(world.checkRuns.has(first.id)).toBe(false)
  expect(world.checkRuns.has(kept.id)).toBe(true)
  expect(first.suite.runs.filter(({ name }) => name === 'andon')).toHaveLength(1_000)
})

test('a push makes a suite for each app, told to that app alone', () => {
  const { world, bo, app, repository, sent } = checked()
  repository.withoutAutomaticSuites.add(app.id)
  pushCommit(world, bo, repository, 'x', { files: { a: '1' } })
  expect(sent.filter(({ event }) => event === 'check_suite').map((told) => `${told.action} ${told.app.slug}`)).toEqual([
    'requested other',
  ])
})
