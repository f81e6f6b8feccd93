// A pull request that touches a policy is told what is wrong with it, what changes, and what it would have decided.
import { afterEach, describe, expect, it } from 'vitest'
import type { CheckRun } from '../../src/sandbox/world/check.ts'
import { rerequestCheckRun } from '../../src/sandbox/world/checks.ts'
import { openPull } from '../../src/sandbox/world/pulls.ts'
import { createRepository, forkRepository, pushCommit } from '../../src/sandbox/world/repositories.ts'
import type { Repository } from '../../src/sandbox/world/repository.ts'
import type { Pull } from '../../src/sandbox/world/thread.ts'
import { beginStory, type Story } from '../support/story.ts'

const POLICY = `version: 1
board: { project: 1 }
columns:
  - name: Backlog
  - name: Staging
    enter: [docs]
  - name: Production
gates:
  docs: { kind: files, paths: [README.md] }
`
const PATH = '.github/andon.yml'

let story: Story
afterEach(() => story.end())

/** Bo asks to change the policy. */
async function proposed(text: string, repository: Repository = story.parts.repository): Promise<Pull> {
  const branch = `policy-${repository.threads.size + 1}`
  pushCommit(story.world, story.parts.bo, repository, branch, { files: { [PATH]: text } })
  const pull = openPull(story.world, story.parts.bo, repository, { title: 'Another policy', body: '', head: branch })
  await story.settle()
  return pull
}

function reviews(pull: Pull, sha = pull.head.sha): CheckRun[] {
  const suites = pull.repository.suites.get(sha) ?? []
  return suites.flatMap(({ runs }) => runs).filter((run) => run.name === 'andon / policy')
}

function review(pull: Pull): CheckRun {
  const [run, ...more] = reviews(pull)
  if (run === undefined || more.length > 0) throw new Error(`${reviews(pull).length} check runs`)
  return run
}

/** One card that went to Staging and on to Production. */
async function delivered(): Promise<void> {
  const card = await story.card(story.pull('Answer faster'))
  await story.move(card, 'Staging')
  await story.move(card, 'Production')
}

describe('a pull request that changes the policy', () => {
  it('is told what changes, and which of the last moves would be decided otherwise', async () => {
    story = await beginStory({ policy: POLICY })
    await delivered()
    const run = review(await proposed(POLICY.replace('paths: [README.md]', 'paths: [README.md, SAFETY.md]')))
    expect(run).toMatchObject({
      conclusion: 'success',
      title: '1 change (1 stricter). Of the last 3 moves, 1 cannot be told from the record.',
    })
    expect(run.summary).toContain('- **`Staging`**: `docs`: paths gains `SAFETY.md` (stricter)')
    expect(run.text).toContain('Needs whether `SAFETY.md` was at the commit.')
    expect(run.text).toMatch(/\[record\]\(http:\/\/127\.0\.0\.1:\d+\/moves\/[0-9A-Z]{26}\)/)
  })

  it('is told which moves would now be refused', async () => {
    story = await beginStory({ policy: POLICY })
    await delivered()
    const run = review(await proposed(POLICY.replace('  - name: Production', '  - name: Canary\n  - name: Production')))
    expect(run.title).toBe('1 change. Of the last 3 moves, 1 would now be refused.')
    expect(run.summary).toContain('Column `Canary` added between `Staging` and `Production`; it asks nothing of a card')
    expect(run.text).toContain('Cards move one column at a time here; this one may go to `Canary`.')
  })

  it('is marked on each line where it is wrong, and cannot be called good', async () => {
    story = await beginStory({ policy: POLICY })
    const run = review(
      await proposed(POLICY.replace('enter: [docs]', 'entr: [docs]').replace('kind: files', 'kind: fils')),
    )
    expect(run).toMatchObject({ conclusion: 'failure', title: '2 problems: this policy cannot be used' })
    expect(run.annotations.map((mark) => [mark.path, mark.start_line, mark.annotation_level, mark.message])).toEqual([
      [PATH, 6, 'failure', '`entr` is not known here. Did you mean `enter`?'],
      [PATH, 9, 'failure', '`fils` is no kind of gate. Did you mean `files`?'],
    ])
    expect(run.summary).toContain('This policy cannot be used: 2 problems, each marked on its line.')
  })

  it('is warned of what it says and hardly means', async () => {
    story = await beginStory({ policy: POLICY })
    const run = review(await proposed(`${POLICY}  more: { kind: manifest }\n`))
    expect(run.conclusion).toBe('success')
    expect(run.annotations).toMatchObject([
      {
        annotation_level: 'warning',
        start_line: 10,
        message: expect.stringContaining('No column asks for the gate `more`.'),
      },
    ])
  })

  it('is neutral where nothing but words of no effect change', async () => {
    story = await beginStory({ policy: POLICY })
    expect(review(await proposed(`# Our policy.\n${POLICY}`))).toMatchObject({
      conclusion: 'neutral',
      title: 'Nothing changes',
    })
  })

  it('holds more problems than one request takes, each once', async () => {
    story = await beginStory({ policy: POLICY })
    const wrong = Array.from({ length: 70 }, (_, at) => `  gate-${at}: { kind: nonsense }\n`).join('')
    const run = review(await proposed(POLICY + wrong))
    expect(run.annotations).toHaveLength(70)
    expect(new Set(run.annotations.map((mark) => mark.start_line)).size).toBe(70)
  })

  it('is read again with each new head, and leaves one check run on each', async () => {
    story = await beginStory({ policy: POLICY })
    const pull = await proposed(POLICY.replace('enter: [docs]', 'entr: [docs]'))
    const first = pull.head.sha
    pushCommit(story.world, story.parts.bo, story.parts.repository, pull.head.ref, { files: { [PATH]: `${POLICY}\n` } })
    await story.settle()
    expect(reviews(pull, first)).toMatchObject([{ conclusion: 'failure' }])
    expect(review(pull)).toMatchObject({ conclusion: 'neutral' })
  })

  it('is read again where somebody asks for it, and leaves still one check run', async () => {
    story = await beginStory({ policy: POLICY })
    const pull = await proposed(POLICY.replace('enter: [docs]', 'entr: [docs]'))
    const run = review(pull)
    rerequestCheckRun(story.world, story.parts.bo, run)
    expect(run.suite).toMatchObject({ status: 'queued', conclusion: null })
    await story.settle()
    expect(review(pull).annotations).toHaveLength(1)
    expect(run.suite).toMatchObject({ status: 'completed', conclusion: 'failure' })
  })

  it('may take the policy away, and is told so', async () => {
    story = await beginStory({ policy: POLICY })
    const { bo, repository } = story.parts
    pushCommit(story.world, bo, repository, 'gone', { files: { [PATH]: null } })
    const pull = openPull(story.world, bo, repository, { title: 'No policy', body: '', head: 'gone' })
    await story.settle()
    expect(review(pull).summary).toContain('There is no policy any more (looser)')
  })

  it('is read at its head also where that is in a fork', async () => {
    story = await beginStory({ policy: POLICY })
    const { mallory, repository } = story.parts
    const fork = forkRepository(story.world, mallory, repository)
    pushCommit(story.world, mallory, fork, 'main', { files: { [PATH]: POLICY.replace('enter: [docs]', 'enter: []') } })
    const pull = openPull(story.world, mallory, repository, {
      title: 'From outside',
      body: '',
      head: 'main',
      from: fork,
    })
    await story.settle()
    expect(review(pull).summary).toContain('**`Staging`** no longer asks `docs` (looser)')
  })
})

describe('what makes no review', () => {
  it('a pull request that touches no policy costs one request', async () => {
    story = await beginStory({ policy: POLICY })
    story.pull('The first one: the app learns who it is')
    await story.settle()
    story.parts.sandbox.requests.reset()
    const pull = story.pull('Nothing of the kind')
    await story.settle()
    expect(reviews(pull)).toEqual([])
    expect(story.parts.sandbox.requests.count()).toBe(1)
  })

  it('a pull request for another branch than the default one', async () => {
    story = await beginStory({ policy: POLICY })
    const { bo, repository } = story.parts
    pushCommit(story.world, bo, repository, 'release', { files: { 'RELEASE.md': '1' } })
    pushCommit(story.world, bo, repository, 'change', { files: { [PATH]: `${POLICY}# x\n` } })
    const pull = openPull(story.world, bo, repository, { title: 'x', body: '', head: 'change', base: 'release' })
    await story.settle()
    expect(reviews(pull)).toEqual([])
  })
})

describe('an attack', () => {
  it('a head that opens every gate decides nothing, neither before nor after its review', async () => {
    story = await beginStory({ policy: POLICY.replace('README.md', 'SAFETY.md') })
    const loose =
      'version: 1\nboard: { project: 1 }\ncolumns: [{ name: Backlog }, { name: Staging }, { name: Production }]\n'
    const pull = await proposed(loose)
    expect(review(pull).summary).toContain('**`Staging`** no longer asks `docs` (looser)')
    const card = await story.card(pull)
    await story.move(card, 'Staging')
    expect(story.column(card)).toBe('Backlog')
    const events = (await story.entries()).map(({ event }) => event)
    expect(events.filter(({ kind }) => kind === 'policy-changed')).toHaveLength(1)
    const digests = events.flatMap((event) => (event.kind === 'card-seen' && event.policy ? [event.policy.digest] : []))
    expect(new Set(digests).size).toBe(1)
  })

  it('hostile names notify nobody and make no links, and a huge file is not read', async () => {
    story = await beginStory({ policy: POLICY })
    const hostile = POLICY.replaceAll('Staging', '"@acme/all [x](http://evil) <img src=x>"')
    const run = review(await proposed(hostile))
    expect(run.summary).toContain('`@acme/all [x](http://evil) <img src=x>`')
    const huge = review(await proposed(`${POLICY}# ${'x'.repeat(600_000)}\n`))
    expect(huge).toMatchObject({ conclusion: 'failure' })
  })
})

describe('the organization’s policy', () => {
  it('is held against the policies that lean on it', async () => {
    story = await beginStory({ organizationPolicy: POLICY })
    const { olga, acme, world } = { ...story.parts, world: story.world }
    const own = 'version: 1\ncolumns: [{ name: Backlog }, { name: Staging, enter: [docs] }]\n'
    createRepository(world, olga, acme, 'other', { files: { [PATH]: own } })
    await delivered()
    const central = world.repositories.get('acme/.github') as Repository
    const run = review(await proposed(POLICY.replaceAll('docs', 'files'), central))
    expect(run).toMatchObject({ conclusion: 'failure', title: 'The policy of one repository could no longer be read' })
    expect(run.summary).toContain('With this change these could no longer be read: `acme/other`.')
    const good = review(await proposed(POLICY.replace('enter: [docs]', 'enter: []'), central))
    expect(good.title).toBe('1 change (1 looser). Of the last 3 moves, none would be decided otherwise.')
    expect(good.summary).toContain(
      'One repository has a policy of its own on top of this one. Replayed are the moves of all other cards.',
    )
  })

  it('is reviewed, too, where a file that it extends is changed', async () => {
    const base = POLICY.replace('board: { project: 1 }\n', '')
    story = await beginStory({
      organizationPolicy: 'version: 1\nextends: policies/base.yml\nboard: { project: 1 }\n',
      organizationFiles: { 'policies/base.yml': base },
    })
    await delivered()
    const central = story.world.repositories.get('acme/.github') as Repository
    const change = async (text: string) => {
      const branch = `base-${central.threads.size + 1}`
      pushCommit(story.world, story.parts.bo, central, branch, { files: { 'policies/base.yml': text } })
      const pull = openPull(story.world, story.parts.bo, central, { title: 'Another base', body: '', head: branch })
      await story.settle()
      return review(pull)
    }
    expect((await change(base.replace('enter: [docs]', 'enter: []'))).title).toBe(
      '1 change (1 looser). Of the last 3 moves, none would be decided otherwise.',
    )
    const wrong = await change(base.replace('kind: files', 'kind: fils'))
    expect(wrong.conclusion).toBe('failure')
    expect(wrong.annotations).toMatchObject([{ path: 'policies/base.yml', start_line: 8 }])
  })
})

describe('trouble', () => {
  it('a lost answer leaves one check run, with each annotation once', async () => {
    story = await beginStory({ policy: POLICY })
    const wrong = Array.from({ length: 70 }, (_, at) => `  gate-${at}: { kind: nonsense }\n`).join('')
    story.parts.sandbox.faults.add({ fault: 'cut', when: 'after', times: 2, on: { kind: 'graphql', writes: true } })
    const pull = await proposed(POLICY + wrong)
    for (let tries = 0; tries < 3; tries++) {
      story.pass(60)
      await story.settle()
    }
    expect(review(pull).annotations).toHaveLength(70)
  })
})
