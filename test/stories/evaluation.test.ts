// A gate asks the users' own workflow; Andon judges what it hands in, and trusts none of it.
import { afterEach, describe, expect, it } from 'vitest'
import { uploadArtifact } from '../../src/sandbox/world/artifacts.ts'
import type { Item } from '../../src/sandbox/world/board.ts'
import type { CheckRun } from '../../src/sandbox/world/check.ts'
import { rerequestCheckRun } from '../../src/sandbox/world/checks.ts'
import { comment } from '../../src/sandbox/world/comments.ts'
import { editPull } from '../../src/sandbox/world/pulls.ts'
import { pushCommit } from '../../src/sandbox/world/repositories.ts'
import { dispatchWorkflow, finishRun, rerunRun, startRun } from '../../src/sandbox/world/runs.ts'
import type { Pull } from '../../src/sandbox/world/thread.ts'
import { beginStory, EVALUATE, MANIFEST, type Story, type StoryOptions } from '../support/story.ts'

const POLICY = `version: 1
board: { project: 1 }
columns:
  - name: Backlog
  - name: Staging
    enter: [offline-eval]
  - name: Production
    enter: [release-approval]
    then: [promote]
gates:
  offline-eval: { kind: evaluation, workflow: evaluate.yml, timeout-minutes: 30, metrics: { accuracy: { min: 0.9 } }, with: { suite: golden } }
  release-approval: { kind: approval, teams: [ai-safety] }
workflows:
  promote: { file: promote.yml, with: { alias: production } }
`

let story: Story
afterEach(() => story.end())

async function asked(options: StoryOptions = {}): Promise<{ pull: Pull; card: Item }> {
  story = await beginStory({ policy: POLICY, ...options })
  const pull = story.pull('Answer refunds better')
  const card = await story.card(pull)
  await story.move(card, 'Staging')
  return { pull, card }
}

async function reasons(card: Item): Promise<unknown[]> {
  const refused = (await story.entries(card)).findLast((entry) => entry.event.kind === 'move-refused')
  return refused?.event.kind === 'move-refused' ? refused.event.reasons.map((each) => each.reason) : []
}

describe('an evaluation', () => {
  it('is asked on the default branch with one input, and the checks wait', async () => {
    const { pull, card } = await asked()
    const run = story.run()
    expect(run.branch).toBe('main')
    expect(Object.keys(run.inputs)).toEqual(['andon'])
    expect(JSON.parse(run.inputs.andon ?? '')).toMatchObject({
      andon: 1,
      gate: 'offline-eval',
      kind: 'evaluation',
      sha: pull.head.sha,
      criteria: { accuracy: { min: 0.9 } },
      with: { suite: 'golden' },
      card: { project: 1, repository: 'acme/bot', number: pull.number },
      change: { kind: 'prompt-template' },
    })
    expect(story.column(card)).toBe('Staging')
    expect(story.checks(pull)).toEqual({ andon: null, 'andon / offline-eval': null })
  })

  it('that falls short sends the card back with the number beside its criterion', async () => {
    const { pull, card } = await asked()
    await story.answer({ metrics: { accuracy: { value: 0.7333, n: 60, stderr: 0.0571 } } })
    expect(story.column(card)).toBe('Backlog')
    expect(story.comments(pull)[0]).toContain('0.7333 (n 60, standard error 0.0571), needs ≥ 0.9')
    expect(story.checks(pull)).toEqual({ andon: 'failure', 'andon / offline-eval': 'failure' })
  })

  it('that meets its criteria lets the card stay', async () => {
    const { pull, card } = await asked()
    await story.answer({ metrics: { accuracy: { value: 0.9833, n: 60 } } })
    expect(story.column(card)).toBe('Staging')
    expect(story.checks(pull)).toEqual({ andon: 'success', 'andon / offline-eval': 'success' })
  })

  it('is not run again for the same change: moving the card anew gives the same answer at once', async () => {
    const { card } = await asked()
    await story.answer({ metrics: { accuracy: { value: 0.5, n: 60 } } })
    await story.move(card, 'Staging')
    expect(story.column(card)).toBe('Backlog')
    expect(story.parts.repository.runs).toHaveLength(1)
  })

  it('is run again after a new commit', async () => {
    const { pull, card } = await asked()
    await story.answer({ metrics: { accuracy: { value: 0.5, n: 60 } } })
    pushCommit(story.world, story.parts.bo, story.parts.repository, pull.head.ref, {
      files: { 'prompts/answer.md': 'Be kinder.' },
    })
    await story.settle()
    await story.move(card, 'Staging')
    expect(story.parts.repository.runs).toHaveLength(2)
    await story.answer({ metrics: { accuracy: { value: 0.95, n: 60 } } })
    expect(story.column(card)).toBe('Staging')
  })

  it('of an older commit decides nothing once a newer one is there', async () => {
    const { pull, card } = await asked()
    const first = story.run()
    const old = pull.head.sha
    pushCommit(story.world, story.parts.bo, story.parts.repository, pull.head.ref, {
      files: { 'prompts/answer.md': 'Be kinder.' },
    })
    await story.settle()
    expect(story.parts.repository.runs).toHaveLength(2)
    await story.answer({ metrics: { accuracy: { value: 1, n: 60 } } }, 'success', first)
    expect(story.checks(pull, old)).toEqual({ andon: 'cancelled', 'andon / offline-eval': 'cancelled' })
    expect(story.checks(pull)).toEqual({ andon: null, 'andon / offline-eval': null })
    await story.answer({ metrics: { accuracy: { value: 0.1, n: 60 } } })
    expect(story.column(card)).toBe('Backlog')
  })

  it('of an older commit lets no newer one through, also where no manifest tells the two apart', async () => {
    story = await beginStory({ policy: POLICY })
    const pull = story.pull('Answer refunds better', 'No manifest here.')
    const card = await story.card(pull)
    await story.move(card, 'Staging')
    await story.answer({ metrics: { accuracy: { value: 0.95, n: 60 } } })
    expect(story.column(card)).toBe('Staging')
    await story.move(card, 'Backlog')
    pushCommit(story.world, story.parts.bo, story.parts.repository, pull.head.ref, {
      files: { 'prompts/answer.md': 'Never measured.' },
    })
    await story.settle()
    await story.move(card, 'Staging')
    expect(story.parts.repository.runs).toHaveLength(2)
    expect(story.checks(pull)).toEqual({ andon: null, 'andon / offline-eval': null })
    await story.answer({ metrics: { accuracy: { value: 0.2, n: 60 } } })
    expect(story.column(card)).toBe('Backlog')
  })

  it('is asked again when the manifest is edited while it runs', async () => {
    const { pull } = await asked()
    editPull(story.world, story.parts.bo, pull, { body: MANIFEST.replace('"41"', '"40"') })
    await story.settle()
    expect(story.parts.repository.runs).toHaveLength(2)
  })
})

describe('a run that cannot be counted', () => {
  it.each([
    ['failure', 'run-failed'],
    ['cancelled', 'run-cancelled'],
  ] as const)('because it ended as %s is an error, not a failure of the change', async (conclusion, reason) => {
    const { pull, card } = await asked()
    await story.answer(null, conclusion)
    expect(story.column(card)).toBe('Backlog')
    expect(await reasons(card)).toEqual([reason])
    expect(story.comments(pull)[0]).toContain('/andon retry')
  })

  it('because it handed in nothing', async () => {
    const { card } = await asked()
    await story.answer(null)
    expect(await reasons(card)).toEqual(['evidence-missing'])
  })

  it('because it outlived its time', async () => {
    const { card } = await asked()
    story.pass(31 * 60)
    await story.settle()
    expect(await reasons(card)).toEqual(['run-timed-out'])
    expect(story.column(card)).toBe('Backlog')
  })

  it('is asked again by a member of a team that the policy names, and nobody else', async () => {
    const { pull, card } = await asked()
    await story.answer(null, 'failure')
    comment(story.world, story.parts.mallory, pull, '/andon retry')
    await story.settle()
    expect(story.comments(pull)[0]).toContain('Only members of')
    expect(story.parts.repository.runs).toHaveLength(1)
    comment(story.world, story.parts.cy, pull, '/andon retry offline-eval')
    await story.settle()
    expect(story.parts.repository.runs).toHaveLength(2)
    await story.answer({ metrics: { accuracy: { value: 0.95, n: 60 } } })
    expect(story.column(card)).toBe('Staging')
  })
})

function ourCheck(pull: Pull): CheckRun {
  const check = [...(story.parts.repository.suites.get(pull.head.sha) ?? [])]
    .flatMap((suite) => suite.runs)
    .find((run) => run.name === 'andon / offline-eval')
  if (!check) throw new Error('no check')
  return check
}

describe('“Re-run” on a check of Andon’s', () => {
  it('asks like the command, of the same people', async () => {
    const { pull, card } = await asked()
    await story.answer(null, 'failure')
    const check = ourCheck(pull)
    rerequestCheckRun(story.world, story.parts.mallory, check)
    await story.settle()
    expect(story.parts.repository.runs).toHaveLength(1)
    rerequestCheckRun(story.world, story.parts.cy, check)
    await story.settle()
    expect(story.parts.repository.runs).toHaveLength(2)
    await story.answer({ metrics: { accuracy: { value: 0.95, n: 60 } } })
    expect(story.column(card)).toBe('Staging')
  })
})

describe('asking a granted move again', () => {
  it.each([
    ['by command', (pull: Pull) => void comment(story.world, story.parts.cy, pull, '/andon retry offline-eval')],
    ['by “Re-run”', (pull: Pull) => rerequestCheckRun(story.world, story.parts.cy, ourCheck(pull))],
  ])('%s changes none of its checks, and says what to do instead', async (_how, ask) => {
    const { pull, card } = await asked()
    await story.answer({ metrics: { accuracy: { value: 0.95, n: 60 } } })
    ask(pull)
    await story.settle()
    expect(story.checks(pull)).toEqual({ andon: 'success', 'andon / offline-eval': 'success' })
    expect(story.comments(pull)[0]).toContain('The move is granted already')
    expect(story.comments(pull)[0]).toContain('0.95')
    expect(story.column(card)).toBe('Staging')
    expect(story.parts.repository.runs).toHaveLength(1)
  })
})

describe('evidence that is not what it should be', () => {
  const good = { metrics: { accuracy: { value: 0.99, n: 60 } } }
  const raw = async (bytes: string | Uint8Array, name = 'andon-evidence') => {
    const run = story.run()
    startRun(story.world, run)
    uploadArtifact(story.world, run, name, typeof bytes === 'string' ? Buffer.from(bytes) : bytes, { zipped: false })
    finishRun(story.world, run, 'success')
    await story.settle()
  }

  it.each([
    ['for another commit', { ...good, sha: 'f'.repeat(40) }, 'evidence-for-other-commit'],
    ['for another request', { ...good, request: '01J00000000000000000000000' }, 'evidence-for-other-request'],
    ['with a negative count', { metrics: { accuracy: { value: 0.99, n: -1 } } }, 'evidence-malformed'],
    ['without metrics', { cases: [] }, 'evidence-malformed'],
  ])('%s is refused', async (_what, evidence, reason) => {
    const { card } = await asked()
    await story.answer(evidence)
    expect(await reasons(card)).toEqual([reason])
    expect(story.column(card)).toBe('Backlog')
  })

  it.each([
    ['not JSON', 'accuracy is great', 'evidence-malformed'],
    ['holding a bare NaN', '{"andon":1,"metrics":{"accuracy":{"value":NaN}}}', 'evidence-malformed'],
    ['a thousand levels deep', `${'['.repeat(1000)}${']'.repeat(1000)}`, 'evidence-malformed'],
    ['huge', `{"andon":1,"pad":"${'x'.repeat(13 * 1024 * 1024)}"}`, 'evidence-too-large'],
  ])('%s is refused', async (_what, bytes, reason) => {
    const { card } = await asked()
    await raw(bytes)
    expect(await reasons(card)).toEqual([reason])
  })

  it('that lacks the metric is a failure of its own, never skipped', async () => {
    const { card } = await asked()
    await story.answer({ metrics: { speed: { value: 1 } } })
    expect(await reasons(card)).toEqual(['metric-missing'])
  })

  it('of a run that somebody else started under the same name is not looked at', async () => {
    const { card } = await asked()
    const { andon } = story.run().inputs
    const forged = dispatchWorkflow(story.world, story.parts.mallory, story.parts.repository, 'evaluate.yml', {
      ref: 'main',
      inputs: { andon },
    })
    await story.answer(good, 'success', forged)
    expect(story.column(card)).toBe('Staging')
    expect(await story.decisions(card)).not.toContain('evidence-received')
  })

  it('of such a run is not looked at either where GitHub named no run, and ours was not heard of yet', async () => {
    story = await beginStory({ policy: POLICY, sandbox: { settings: { rejectRunDetails: true } } })
    story.parts.sandbox.faults.add({ fault: 'webhook-lost', event: 'workflow_run', times: 1 })
    const card = await story.card(story.pull('Answer refunds better'))
    await story.move(card, 'Staging')
    const ours = story.run()
    expect(await story.decisions(card)).not.toContain('run-started')
    const forged = dispatchWorkflow(story.world, story.parts.mallory, story.parts.repository, 'evaluate.yml', {
      ref: 'main',
      inputs: { andon: ours.inputs.andon },
    })
    await story.answer(good, 'success', forged)
    expect(await story.decisions(card)).not.toContain('evidence-received')
    await story.answer({ metrics: { accuracy: { value: 0.2, n: 60 } } }, 'success', ours)
    expect(await reasons(card)).toEqual(['criteria-missed'])
    const started = (await story.entries(card)).flatMap(({ event }) => (event.kind === 'run-started' ? event.run : []))
    expect(started).toEqual([ours.id])
  })

  it('of a re-run is not counted', async () => {
    const { card } = await asked()
    await story.answer(null, 'failure')
    const run = story.run()
    rerunRun(story.world, story.parts.mallory, run)
    await story.answer(good, 'success', run)
    expect(story.column(card)).toBe('Backlog')
    expect(await story.decisions(card)).not.toContain('evidence-received')
  })
})

describe('a run that is repeated before what it handed in was read', () => {
  /** Attempt 1 ends; before Andon has heard of it, attempt 2 hands in another number, so many seconds later. */
  async function repeated(seconds = 0): Promise<{ pull: Pull; card: Item }> {
    const found = await asked()
    const run = story.run()
    startRun(story.world, run)
    story.handIn(run, { metrics: { accuracy: { value: 0.5, n: 60 } } })
    story.pass(seconds)
    finishRun(story.world, run, 'success')
    rerunRun(story.world, story.parts.mallory, run)
    story.pass(seconds)
    story.handIn(run, { metrics: { accuracy: { value: 0.99, n: 60 } } })
    await story.settle()
    return found
  }

  it.each([0, 9])('counts for nothing, and the card’s people are told so (%i s apart)', async (seconds) => {
    const { pull, card } = await repeated(seconds)
    expect(await story.decisions(card)).not.toContain('evidence-received')
    expect(await reasons(card)).toEqual(['evidence-from-rerun'])
    expect(story.column(card)).toBe('Backlog')
    expect(story.comments(pull)[0]).toContain('attempt 2 of the run')
  })

  it('is counted by its first attempt where the second has handed in nothing yet', async () => {
    const { card } = await asked()
    const run = story.run()
    startRun(story.world, run)
    story.handIn(run, { metrics: { accuracy: { value: 0.95, n: 60 } } })
    story.pass(9)
    finishRun(story.world, run, 'success')
    rerunRun(story.world, story.parts.mallory, run)
    await story.settle()
    expect(story.column(card)).toBe('Staging')
  })

  it('is not counted either once the second attempt has ended', async () => {
    const { card } = await repeated()
    finishRun(story.world, story.run(), 'success')
    await story.settle()
    await story.sweep()
    expect(await story.decisions(card)).not.toContain('evidence-received')
    expect(story.column(card)).toBe('Backlog')
  })
})

describe('a workflow that cannot be asked', () => {
  it.each([
    ['does not exist', {}, 'workflow-missing'],
    [
      'does not declare the input',
      {
        '.github/workflows/evaluate.yml':
          'on: { workflow_dispatch: { inputs: { other: { type: string } } } }\njobs: {}\n',
      },
      'workflow-without-input',
    ],
    ['is not run by dispatch', { '.github/workflows/evaluate.yml': 'on: push\njobs: {}\n' }, 'workflow-without-input'],
  ])('because it %s is named on the card', async (what, files, reason) => {
    const policy =
      what === 'does not exist' ? POLICY.replace('workflow: evaluate.yml', 'workflow: missing.yml') : POLICY
    const { pull, card } = await asked({ policy, files })
    expect(await reasons(card)).toEqual([reason])
    expect(story.column(card)).toBe('Backlog')
    expect(story.comments(pull)[0]).toMatch(/default branch|workflow_dispatch/)
  })
})

describe('what follows a grant', () => {
  it('is dispatched once the move is granted, and its end is recorded', async () => {
    const { card } = await asked({ files: { '.github/workflows/promote.yml': EVALUATE } })
    await story.answer({ metrics: { accuracy: { value: 0.95, n: 60 } } })
    await story.move(card, 'Production')
    expect(story.parts.repository.runs).toHaveLength(1)
    comment(story.world, story.parts.cy, [...story.parts.repository.threads.values()][0] as Pull, '/andon approve')
    await story.settle()
    expect(story.column(card)).toBe('Production')
    expect(story.run().path).toContain('promote.yml')
    expect(JSON.parse(story.run().inputs.andon ?? '')).toMatchObject({
      kind: 'then',
      gate: 'promote',
      with: { alias: 'production' },
    })
    await story.answer(null)
    expect(await story.decisions(card)).toContain('workflow-ordered')
    expect((await story.entries(card)).filter((entry) => entry.event.kind === 'run-ended')).toHaveLength(2)
  })
})
