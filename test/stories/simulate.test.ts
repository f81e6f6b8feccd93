// What would happen to a card is told without touching anything, and it is what then does happen.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { GitHubQuery } from '../../src/core/facts/query.ts'
import { connect } from '../../src/github/client.ts'
import { addDraft } from '../../src/sandbox/world/cards.ts'
import { createCheckRun, updateCheckRun } from '../../src/sandbox/world/checks.ts'
import { comment } from '../../src/sandbox/world/comments.ts'
import { createApp, installApp } from '../../src/sandbox/world/install.ts'
import { openIssue } from '../../src/sandbox/world/issues.ts'
import { addLabel, createLabel } from '../../src/sandbox/world/labels.ts'
import { openPull } from '../../src/sandbox/world/pulls.ts'
import { pushCommit } from '../../src/sandbox/world/repositories.ts'
import { review } from '../../src/sandbox/world/reviews.ts'
import { simulate } from '../support/simulate.ts'
import { beginStory, MANIFEST, type Story } from '../support/story.ts'

const POLICY = `version: 1
board: { project: 1 }
columns:
  - name: Backlog
  - name: Staging
    enter: [ready, offline-eval]
  - name: Production
    limit: 1
    enter: [ci, no-incident, release-approval]
    then: [promote]
  - name: Done
gates:
  ready: { kind: manifest, requires: [prompts] }
  offline-eval: { kind: evaluation, workflow: evaluate.yml, metrics: { accuracy: { min: 0.9 } } }
  ci: { kind: checks, names: [unit] }
  no-incident: { kind: issues, query: "label:incident" }
  release-approval: { kind: approval, teams: [ai-safety], independent: true }
workflows:
  promote: { file: promote.yml }
`

let story: Story
afterEach(() => story.end())

type Told = {
  card: string | null
  outcome: string
  move: { from: string; to: string }
  rules: string[]
  gates: { gate: string; verdict: string | null; starts: string | null; says: string[] }[]
  starts: { file: string; when: string }[]
  needed: string[]
}
async function cards(args: string[] = [], change: Record<string, string> = {}): Promise<Told[]> {
  const { out, err } = await simulate(story, ['--board', 'acme/1', '--json', ...args], change)
  if (err) throw new Error(err)
  return JSON.parse(out).cards
}
const gates = (told: Told | undefined) =>
  Object.fromEntries(told?.gates.map(({ gate, verdict, starts }) => [gate, starts ?? verdict]) ?? [])

/** The check run of another app, as the repository's own tests make it. */
function unit(sha: string, conclusion: 'success' | 'failure'): void {
  const { acme, olga, repository } = story.parts
  const ci = createApp(story.world, 'ci', { owner: acme, permissions: { checks: 'write' }, events: [] })
  installApp(story.world, olga, ci, acme)
  const run = createCheckRun(story.world, ci, repository, sha, { name: 'unit', status: 'in_progress' })
  updateCheckRun(story.world, ci, run, { status: 'completed', conclusion })
}

describe('a card in a page of its board', () => {
  it('is the card that is read alone, but for its history and its comments', async () => {
    story = await beginStory({ policy: POLICY })
    const { world, parts } = story
    const issue = story.issue('Closed by a pull request', MANIFEST)
    const pull = story.pull('Answer refunds better', `Closes #${issue.number}`)
    addLabel(world, parts.bo, issue, createLabel(world, parts.olga, parts.repository, 'risk: high').name)
    review(world, parts.cy, pull, 'APPROVED')
    unit(pull.head.sha, 'success')
    for (const thread of [issue, pull, story.issue('Alone')]) await story.card(thread)
    addDraft(world, parts.ada, parts.project, { title: 'An idea' })
    await story.settle()
    const log = { warn: () => undefined, debug: () => undefined }
    const reader = await connect({ ...parts.settings, log }).reader('acme')
    const whole = await reader?.whole({ owner: 'acme', number: 1 }, null)
    expect(whole?.readings).toHaveLength(4)
    for (const { card, policies } of whole?.readings ?? []) {
      const alone = await reader?.card('acme', card?.address.item ?? '', null)
      expect({ ...card, timeline: alone?.card?.timeline, comment: alone?.card?.comment }).toEqual(alone?.card)
      expect(policies).toEqual(alone?.policies)
    }
    const columns = whole?.readings.map(({ card }) => card?.place.column?.name ?? null)
    expect(whole?.facts.columns.Backlog).toHaveLength(columns?.filter((name) => name === 'Backlog').length ?? 0)
    const queries: GitHubQuery[] = [
      { fact: 'check-runs', repository: 'acme/bot', sha: pull.head.sha },
      { fact: 'column', name: 'Backlog' },
    ]
    const board = { owner: 'acme', project: whole?.project ?? '', field: 'Status' }
    const [asked] = (await reader?.answers(board, [{ repository: 'acme/bot', queries }])) ?? []
    expect(asked?.checkRuns).toEqual(whole?.facts.checkRuns)
    expect(asked?.columns.Backlog).toEqual(whole?.facts.columns.Backlog)
  })
})

describe('andon simulate', () => {
  it('names the workflow that a move would start, and starts none', async () => {
    story = await beginStory({ policy: POLICY })
    const pull = story.pull('Answer refunds better')
    const card = await story.card(pull)
    const { code, out } = await simulate(story, ['--board', 'acme/1'])
    expect(out).toBe(`acme/bot#${pull.number} Answer refunds better
  Backlog → Staging: would wait
  ✓ ready         Every part of the change is bound to a digest: prompts[0]: git:261ff3b257….
  · offline-eval  Would start evaluate.yml.

1 card: 1 would wait. Nothing was touched.
`)
    expect(code).toBe(0)
    expect(story.parts.repository.runs).toHaveLength(0)
    // And so it is.
    await story.move(card, 'Staging')
    expect(story.parts.repository.runs).toHaveLength(1)
  })

  it('tells what refuses a card and what it still needs, and exits with 1', async () => {
    story = await beginStory({ policy: POLICY })
    await story.card(story.pull('Something', 'Trust me.'))
    const { code, out } = await simulate(story, ['--board', 'acme/1'])
    expect(code).toBe(1)
    expect(out).toContain('Backlog → Staging: would be refused')
    expect(out).toContain('✗ ready         No manifest was found')
    expect(out).toContain('· offline-eval  Would not be asked: the move is refused before.')
    expect(out).toContain('→ Add a fenced block with the info string andon')
  })

  it('knows what was measured and approved before, by the record', async () => {
    story = await beginStory({ policy: POLICY })
    const pull = story.pull('Answer refunds better')
    const card = await story.card(pull)
    await story.move(card, 'Staging')
    expect((await cards())[0]).toMatchObject({ outcome: 'wait' })
    await story.answer({ metrics: { accuracy: { value: 0.95, n: 60 } } })
    comment(story.world, story.parts.cy, pull, '/andon approve')
    unit(pull.head.sha, 'success')
    await story.settle()
    const [there] = await cards()
    expect(there).toMatchObject({ outcome: 'pass', move: { from: 'Staging', to: 'Production' } })
    expect(gates(there)).toEqual({ ci: 'pass', 'no-incident': 'pass', 'release-approval': 'pass' })
    expect(there?.starts).toEqual([{ name: 'promote', file: 'promote.yml', when: 'granted' }])
    // Without the record, an approval by comment is not known.
    const [blind] = await cards([], { ANDON_DATA: join(story.parts.settings.folder, 'none') })
    expect(gates(blind)).toEqual({ ci: 'pass', 'no-incident': 'pass', 'release-approval': 'wait' })
    await story.move(card, 'Production')
    expect(story.column(card)).toBe('Production')
  })

  it('judges numbers that were measured against their criteria', async () => {
    story = await beginStory({ policy: POLICY })
    const card = await story.card(story.pull('Answer refunds better'))
    await story.move(card, 'Staging')
    await story.answer({ metrics: { accuracy: { value: 0.7, n: 60 } } })
    const { code, out } = await simulate(story, ['--board', 'acme/1'])
    expect(code).toBe(1)
    expect(out).toContain('✗ offline-eval  accuracy 0.7 (n 60), needs ≥ 0.9')
  })

  it('counts the real board for limits, refuses drafts, and knows the incident of each repository', async () => {
    story = await beginStory({ policy: POLICY })
    const { world, parts } = story
    const label = createLabel(world, parts.olga, parts.repository, 'incident').name
    openIssue(world, parts.cy, parts.repository, { title: 'It leaks', labels: [label] })
    addDraft(world, parts.ada, parts.project, { title: 'An idea' })
    const inProduction = await story.card(story.pull('First'), null)
    await story.move(inProduction, 'Backlog')
    const waiting = await story.card(story.pull('Second'))
    const told = await cards(['--to', 'Production'])
    expect(told.map(({ outcome }) => outcome)).toEqual(['ungoverned', 'refuse', 'refuse'])
    expect(told[1]?.rules[0]).toContain('Cards move one column at a time here')
    await story.move(waiting, 'Staging')
    await story.answer({ metrics: { accuracy: { value: 0.95, n: 60 } } })
    const [, , second] = await cards()
    expect(gates(second)).toMatchObject({ 'no-incident': 'fail' })
    expect(second?.gates.find(({ gate }) => gate === 'no-incident')?.says.join()).toContain('It leaks')
  })

  it('tries a policy that is not merged, under which nothing was approved yet', async () => {
    story = await beginStory({ policy: POLICY })
    await story.card(story.pull('Answer refunds better'))
    const file = join(story.parts.settings.folder, 'next.yml')
    writeFileSync(
      file,
      POLICY.replace('enter: [ready, offline-eval]', 'enter: [ready]').replace('[prompts]', '[model]'),
    )
    const [told] = await cards(['--policy', file])
    expect(told).toMatchObject({ outcome: 'refuse' })
    expect(told?.needed.join()).toContain('Add the missing parts to the manifest')
    writeFileSync(file, 'version: 1\nboards: {}\n')
    const [unread] = await cards(['--policy', file])
    expect(unread?.rules.join()).toContain('The policy .github/andon.yml cannot be read')
  })

  it('tells of one card, whatever else is on the board', async () => {
    story = await beginStory({ policy: POLICY })
    await story.card(story.pull('First'))
    const pull = story.pull('Second', 'No manifest.')
    await story.card(pull)
    const one = await simulate(story, ['--board', 'acme/1', '--card', `acme/bot#${pull.number}`])
    expect(one.out).toContain('1 card: 1 would be refused.')
    const none = await simulate(story, ['--board', 'acme/1', '--card', 'acme/bot#999'])
    expect([none.code, none.err]).toEqual([
      2,
      'andon simulate: acme/bot#999 is not on board 1 of acme, or is not shown to this identity.\n',
    ])
    const nowhere = await simulate(story, ['--board', 'acme/9'])
    expect([nowhere.code, nowhere.err]).toEqual([
      2,
      'andon simulate: GitHub shows no board 9 of acme to this identity.\n',
    ])
    const lost = await simulate(story, ['--board', 'acme/1', '--to', 'Stagin'])
    expect([lost.code, lost.out.includes('its policy has no such column')]).toEqual([2, true])
  })

  it('lets no co-author approve the own change, though a page of the board names none', async () => {
    story = await beginStory({ policy: POLICY.replace('enter: [ready, offline-eval]', 'enter: [release-approval]') })
    const { world, parts } = story
    pushCommit(world, parts.bo, parts.repository, 'together', {
      files: { 'a.md': 'A' },
      message: `Do it together\n\nCo-authored-by: cy <${parts.cy.email}>\n`,
    })
    const pull = openPull(world, parts.bo, parts.repository, { title: 'Ours', body: MANIFEST, head: 'together' })
    await story.card(pull)
    review(world, parts.cy, pull, 'APPROVED')
    await story.settle()
    const [told] = await cards()
    expect(told?.gates[0]).toMatchObject({ gate: 'release-approval', verdict: 'wait' })
    expect(told?.gates[0]?.says.join()).toContain('cy wrote the change')
  })

  it('asks who moves it only where somebody is named', async () => {
    const policy = POLICY.replace('enter: [ready, offline-eval]', 'enter: [ready]\n    movers: { teams: [ai-safety] }')
    story = await beginStory({ policy })
    await story.card(story.pull('Answer refunds better'))
    const outcomes = async (...args: string[]) => (await cards(args)).map(({ outcome }) => outcome)
    expect(await outcomes()).toEqual(['pass'])
    expect(await outcomes('--by', 'cy')).toEqual(['pass'])
    expect(await outcomes('--by', 'mallory')).toEqual(['refuse'])
    expect(await outcomes('--by', 'renovate[bot]')).toEqual(['refuse'])
  })

  it('says where a card is on hold, and takes a token where there is no app', async () => {
    story = await beginStory({ policy: POLICY })
    const pull = story.pull('Held')
    addLabel(
      story.world,
      story.parts.bo,
      pull,
      createLabel(story.world, story.parts.olga, story.parts.repository, 'andon: hold').name,
    )
    await story.card(pull)
    const token = story.parts.sandbox.tokens.forPerson(story.parts.olga)
    const [told] = await cards([], { APP_ID: '', PRIVATE_KEY: '', GITHUB_TOKEN: token })
    expect(told).toMatchObject({ outcome: 'refuse', gates: [] })
    expect(told?.rules).toEqual(['The card bears the label andon: hold.'])
    const nobody = await simulate(story, ['--board', 'acme/1'], { APP_ID: '', PRIVATE_KEY: '' })
    expect([nobody.code, nobody.err]).toEqual([2, expect.stringContaining('APP_ID is missing')])
  })
})
