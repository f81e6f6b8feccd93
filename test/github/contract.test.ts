// The client against the sandbox's GitHub, over HTTP: the same calls that go to github.com, with app.yml's permissions.
import { zipSync } from 'fflate'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { GitHubQuery } from '../../src/core/facts/query.ts'
import type { Write } from '../../src/github/port.ts'
import { uploadArtifact } from '../../src/sandbox/world/artifacts.ts'
import { moveCard } from '../../src/sandbox/world/card-fields.ts'
import { addCard, addDraft, archiveCard, deleteCard } from '../../src/sandbox/world/cards.ts'
import { comment, deleteComment } from '../../src/sandbox/world/comments.ts'
import { pushCommit } from '../../src/sandbox/world/repositories.ts'
import { review } from '../../src/sandbox/world/reviews.ts'
import { finishRun, rerunRun } from '../../src/sandbox/world/runs.ts'
import { type Acme, POLICY, startOrganization } from './support/organization.ts'

let acme: Acme
beforeEach(async () => {
  acme = await startOrganization()
  acme.sandbox.requests.reset()
})
afterEach(() => acme.sandbox.stop())

const requests = () => acme.sandbox.requests.count()

async function card() {
  const { card: found } = await acme.github.readCard(acme.wish)
  if (!found) throw new Error('no card')
  return found
}

describe('reading a card', () => {
  it('takes one request for everything', async () => {
    const { github, wish, world, ada, item, pull } = acme
    moveCard(world, ada, item, 'Staging')
    review(world, ada, pull, 'APPROVED')
    comment(world, ada, acme.issue, '/andon status')
    const reading = await github.readCard(wish)
    expect(requests()).toBe(1)
    expect(reading.card).toMatchObject({
      address: { owner: 'acme', project: acme.project.node, number: 1, item: item.node },
      type: 'Issue',
      title: 'Answer faster',
      field: { name: 'Status', options: [{ name: 'Backlog' }, { name: 'Staging' }, { name: 'Production' }] },
      place: { column: { name: 'Staging' } },
      timeline: [{ to: 'Staging', by: { login: 'ada' }, automated: false }],
      content: { repository: 'acme/bot', defaultBranch: 'main', open: true, labels: [{ name: 'promote: staging' }] },
      pull: {
        number: pull.number,
        sha: pull.head.sha,
        author: { login: 'bo', type: 'User' },
        committers: [{ login: 'bo' }],
        reviews: [{ state: 'APPROVED', by: { login: 'ada' }, sha: pull.head.sha }],
      },
      manifest: { source: 'file', text: 'kind: prompt-template\n' },
      comment: null,
    })
    expect(reading.policies.repository).toMatchObject({
      repository: 'acme/bot',
      path: '.github/andon.yml',
      text: POLICY,
    })
    expect(reading.commands).toMatchObject([{ by: { login: 'ada' }, body: '/andon status', edited: false }])
  })

  it('finds the pull request’s own card as well', async () => {
    const item = addCard(acme.world, acme.bo, acme.project, acme.pull)
    const { card: found } = await acme.github.readCard({ address: { item: item.node, owner: 'acme' }, wanted: [] })
    expect(found).toMatchObject({
      type: 'PullRequest',
      content: { id: acme.pull.node },
      pull: { id: acme.pull.node, open: true },
    })
  })

  it('knows drafts, archived cards and cards that are gone', async () => {
    const draft = addDraft(acme.world, acme.ada, acme.project, { title: 'An idea' })
    const reading = await acme.github.readCard({ address: { item: draft.node, owner: 'acme' }, wanted: [] })
    expect(reading.card).toMatchObject({ type: 'DraftIssue', title: 'An idea', content: null })
    archiveCard(acme.world, acme.ada, acme.item)
    expect((await card()).archived).toBe(true)
    deleteCard(acme.world, acme.ada, acme.item)
    expect((await acme.github.readCard(acme.wish)).card).toBeNull()
  })

  it('brings the facts that were wanted with it', async () => {
    const { github, wish, world, ada, item, pull } = acme
    moveCard(world, ada, item, 'Staging')
    const { sha } = pull.head
    const wanted: GitHubQuery[] = [
      { fact: 'blobs', repository: 'acme/bot', sha, paths: ['prompts/answer.md', 'prompts', 'gone.md'] },
      { fact: 'check-runs', repository: 'acme/bot', sha },
      { fact: 'team', slug: 'ai-safety' },
      { fact: 'team', slug: 'unknown' },
      { fact: 'column', name: 'Staging' },
      { fact: 'column', name: 'Production' },
    ]
    const { facts } = await github.readCard({ ...wish, wanted })
    expect(requests()).toBe(1)
    expect(facts).toMatchObject({
      blobs: {
        [`acme/bot@${sha}`]: {
          'prompts/answer.md': expect.stringMatching(/^[0-9a-f]{40}$/),
          prompts: null,
          'gone.md': null,
        },
      },
      checkRuns: { [`acme/bot@${sha}`]: [] },
      teams: { 'ai-safety': ['ada'], unknown: null },
      columns: { Staging: [{ item: item.node, assignees: ['ada'] }], Production: [] },
    })
  })

  it('answers what is asked afterwards in one request', async () => {
    const { address } = await card()
    acme.sandbox.requests.reset()
    const facts = await acme.github.answer(address, [
      { fact: 'issues', query: 'label:incident' },
      { fact: 'column', name: 'Backlog' },
    ])
    expect(requests()).toBe(1)
    expect(facts).toMatchObject({ issues: { 'label:incident': { total: 0, first: [] } }, columns: { Backlog: [] } })
  })

  it('reads more than a hundred cards of a column', async () => {
    for (let n = 0; n < 120; n++)
      moveCard(acme.world, acme.ada, addDraft(acme.world, acme.ada, acme.project, { title: `${n}` }), 'Staging')
    const { address } = await card()
    const facts = await acme.github.answer(address, [{ fact: 'column', name: 'Staging' }])
    expect(facts.columns.Staging).toHaveLength(120)
  })
})

describe('writing', () => {
  const check = (sha: string, repositoryId: string): Write => ({
    write: 'check',
    id: null,
    repositoryId,
    repository: 'acme/bot',
    sha,
    name: 'andon',
    externalId: '01J',
    detailsUrl: null,
    conclusion: 'failure',
    title: 'Refused',
    summary: 'Because',
    text: '',
  })

  it('takes one request for a return, a check, a comment and a label', async () => {
    const { github, world, ada, item, issue, pull } = acme
    moveCard(world, ada, item, 'Staging')
    const found = await card()
    acme.sandbox.requests.reset()
    const { project } = found.address
    const label = found.content?.labels[0]?.id ?? ''
    const written = await github.write([
      {
        write: 'place',
        project,
        item: item.node,
        field: found.field?.id ?? '',
        option: found.field?.options[0]?.id ?? '',
      },
      check(pull.head.sha, found.content?.repositoryId ?? ''),
      { write: 'comment', id: null, subject: issue.node, body: '<!-- andon:card -->\nRefused' },
      { write: 'remove-label', subject: issue.node, label },
    ])
    expect(requests()).toBe(1)
    expect(written).toMatchObject([
      { ok: true, place: { column: { name: 'Backlog' } } },
      { ok: true },
      { ok: true },
      { ok: true },
    ])
    const after = await card()
    expect(after).toMatchObject({ place: { column: { name: 'Backlog' } }, content: { labels: [] } })
    expect(after.place.since).toBe(written[0]?.ok ? written[0].place?.since : null)
    expect(after.comment?.id).toBe(written[2]?.ok ? written[2].id : null)
    expect(await github.findChecks({ repository: 'acme/bot', sha: pull.head.sha })).toEqual([
      { id: written[1]?.ok ? written[1].id : null, name: 'andon', externalId: '01J' },
    ])
  })

  it('clears the column of a card that came from none, and archives', async () => {
    const found = await card()
    const { project, item } = found.address
    moveCard(acme.world, acme.ada, acme.item, 'Staging')
    const written = await acme.github.write([
      { write: 'place', project, item, field: found.field?.id ?? '', option: null },
      { write: 'archive', project, item },
    ])
    expect(written).toMatchObject([{ ok: true, place: { column: null } }, { ok: true }])
    expect(await card()).toMatchObject({ archived: true, place: { column: null } })
  })

  it('updates a check and a comment in place, and makes a deleted comment anew', async () => {
    const { github, issue, pull } = acme
    const found = await card()
    const first = check(pull.head.sha, found.content?.repositoryId ?? '')
    const [made, said] = await github.write([
      first,
      { write: 'comment', id: null, subject: issue.node, body: '<!-- andon:card --> 1' },
    ])
    if (!made?.ok || !said?.ok) throw new Error('not written')
    const again: Write[] = [
      { ...first, id: made.id } as Write,
      { write: 'comment', id: said.id, subject: issue.node, body: '<!-- andon:card --> 2' },
    ]
    expect(await github.write(again)).toMatchObject([{ id: made.id }, { id: said.id }])
    expect(issue.comments.map((one) => one.body)).toEqual(['<!-- andon:card --> 2'])
    const [own] = issue.comments
    if (own) deleteComment(acme.world, acme.olga, own)
    expect(await github.write(again)).toMatchObject([{ id: made.id }, { ok: true }])
    expect(issue.comments).toHaveLength(1)
  })

  it('leaves what was done done, and finds it again, though the answer never came', async () => {
    const { github, issue, pull } = acme
    const found = await card()
    acme.sandbox.faults.add({ fault: 'cut', when: 'after', times: 1, on: { kind: 'graphql', writes: true } })
    const writes = [
      check(pull.head.sha, found.content?.repositoryId ?? ''),
      { write: 'comment', id: null, subject: issue.node, body: '<!-- andon:card -->' } as Write,
    ]
    await expect(github.write(writes)).rejects.toMatchObject({ kind: 'unavailable', transient: true })
    expect(issue.comments).toHaveLength(1)
    expect(await github.findComment(issue.node, '<!-- andon:card -->')).toMatchObject({ id: issue.comments[0]?.node })
    expect(await github.findChecks({ repository: 'acme/bot', sha: pull.head.sha })).toHaveLength(1)
  })

  it('is told apart part by part', async () => {
    const written = await acme.github.write([
      { write: 'comment', id: null, subject: 'I_unknown', body: 'x' },
      { write: 'comment', id: null, subject: acme.issue.node, body: 'y' },
    ])
    expect(written).toMatchObject([{ ok: false, why: 'refused' }, { ok: true }])
  })
})

describe('workflows', () => {
  const target = {
    repository: 'acme/bot',
    ref: 'main',
    file: 'andon-evaluate.yml',
    input: '{"andon":1,"request":"01JREQ"}',
  }
  const started = async () => {
    const result = await acme.github.dispatch(target)
    const run = [...acme.world.workflowRuns.values()][0]
    if (!result.ok || !result.run || !run) throw new Error('not started')
    return { id: result.run.id, run }
  }

  it('are started once, and their run is known by its id', async () => {
    const { id } = await started()
    expect(requests()).toBe(1)
    expect(await acme.github.run('acme/bot', id)).toMatchObject({
      id,
      path: '.github/workflows/andon-evaluate.yml',
      event: 'workflow_dispatch',
      branch: 'main',
      attempt: 1,
      conclusion: null,
    })
  })

  it('are found by name where the answer never came', async () => {
    acme.world.nameRun = () => 'andon 01JREQ'
    acme.sandbox.faults.add({
      fault: 'error',
      status: 502,
      when: 'after',
      times: 1,
      on: { method: 'POST', path: 'dispatches' },
    })
    await expect(acme.github.dispatch(target)).rejects.toMatchObject({ transient: true, status: 502 })
    expect(acme.world.workflowRuns.size).toBe(1)
    const found = await acme.github.findRun({
      repository: 'acme/bot',
      file: target.file,
      request: '01JREQ',
      since: new Date().toISOString(),
    })
    expect(found?.id).toBe([...acme.world.workflowRuns.keys()][0])
    expect(
      await acme.github.findRun({
        repository: 'acme/bot',
        file: target.file,
        request: '01JOTHER',
        since: new Date().toISOString(),
      }),
    ).toBeNull()
  })

  it.each([
    ['gone.yml', 'main', 'workflow-missing'],
    ['deaf.yml', 'main', 'workflow-without-input'],
    ['andon-evaluate.yml', 'no-such-branch', 'dispatch-refused'],
  ])('%s on %s is refused as %s', async (file, ref, reason) => {
    expect(await acme.github.dispatch({ ...target, file, ref })).toMatchObject({ ok: false, reason })
  })

  it('hand their evidence in, zipped or bare', async () => {
    const { id, run } = await started()
    expect(await acme.github.evidence('acme/bot', id)).toMatchObject({ ok: false, reason: 'evidence-missing' })
    const bytes = new TextEncoder().encode('{"andon":1}')
    uploadArtifact(acme.world, run, 'andon-evidence', zipSync({ 'evidence.json': bytes }))
    finishRun(acme.world, run, 'success')
    const evidence = await acme.github.evidence('acme/bot', id)
    expect(evidence.ok && Buffer.from(evidence.bytes).toString()).toBe('{"andon":1}')
    expect(acme.sandbox.requests.list({ kind: 'storage' }).map(({ caller }) => caller)).toEqual(['nobody'])
    rerunRun(acme.world, acme.ada, run)
    expect(await acme.github.run('acme/bot', id)).toMatchObject({ attempt: 2 })
  })
})

describe('boards and policies', () => {
  it('are found by number, with their fields', async () => {
    expect(await acme.github.board('acme', 1)).toMatchObject({ id: acme.project.node, fields: [{ name: 'Status' }] })
    expect(await acme.github.board('acme', 99)).toBeNull()
  })
  it('are read page by page', async () => {
    for (let n = 0; n < 100; n++) addDraft(acme.world, acme.ada, acme.project, { title: `${n}` })
    const first = await acme.github.boardPage(acme.project.node, 'Status', null)
    expect(first).toMatchObject({ total: 101, items: { length: 100 } })
    const second = await acme.github.boardPage(acme.project.node, 'Status', first.cursor)
    expect(second).toMatchObject({ items: { length: 1 }, cursor: null })
    expect(first.items[0]).toMatchObject({
      item: acme.item.node,
      title: 'Answer faster',
      type: 'Issue',
      content: acme.issue.node,
    })
  })
  it('show the cards of an issue, and of the issue that a pull request closes', async () => {
    const address = { owner: 'acme', project: acme.project.node, number: 1, item: acme.item.node }
    expect(await acme.github.itemsOf(acme.issue.node)).toEqual([address])
    expect(await acme.github.itemsOf(acme.pull.node)).toEqual([address])
    expect(await acme.github.itemsOf('I_unknown')).toEqual([])
  })
  it('have their policies in the repositories', async () => {
    expect(await acme.github.policies('acme')).toMatchObject({
      files: [{ repository: 'acme/bot', text: POLICY }],
      bases: [],
    })
  })
})

describe('a pull request that touches a policy', () => {
  it('tells its files, old names of renamed ones too, in one request', async () => {
    expect(await acme.github.pullFiles('acme/bot', acme.pull.number)).toEqual({
      paths: ['andon.change.yml', 'prompts/answer.md'],
      whole: true,
    })
    expect(requests()).toBe(1)
    expect(await acme.github.pullFiles('acme/bot', 99)).toBeNull()
  })

  it('gives the policy at its head beside the one in force', async () => {
    const { github, world, bo, repository } = acme
    pushCommit(world, bo, repository, 'faster', { files: { '.github/andon.yml': `${POLICY}# another\n` } })
    expect(await github.policyPull('acme/bot', acme.pull.number)).toMatchObject({
      repository: 'acme/bot',
      repositoryId: repository.node,
      open: true,
      sha: acme.pull.head.sha,
      toDefault: true,
      head: { path: '.github/andon.yml', text: `${POLICY}# another\n` },
      repositoryPolicy: { text: POLICY },
      organizationPolicy: null,
    })
    expect(requests()).toBe(2)
    expect(await github.policyPull('acme/bot', 99)).toBeNull()
  })

  it('takes annotations on its check run, fifty at a time, which are counted and added up', async () => {
    const { github, repository, pull } = acme
    const marks = Array.from({ length: 50 }, (_, at) => ({
      ...{ path: '.github/andon.yml', line: at + 1, level: 'failure' as const, title: 'andon', message: 'Wrong.' },
    }))
    const check = (id: string | null, annotations: typeof marks): Write => ({
      ...{ write: 'check', id, repositoryId: repository.node, repository: 'acme/bot', sha: pull.head.sha },
      ...{ name: 'andon / policy', externalId: 'x', detailsUrl: null, conclusion: 'failure', title: 'Wrong' },
      ...{ summary: 'Wrong.', text: '', annotations },
    })
    const [made] = await github.write([check(null, marks)])
    const id = made?.ok ? made.id : null
    if (!id) throw new Error('no check run')
    expect(await github.annotations(id)).toBe(50)
    await github.write([check(id, marks.slice(0, 3))])
    expect(await github.annotations(id)).toBe(53)
    const [tooMany] = await github.write([check(id, [...marks, ...marks])])
    expect(tooMany).toMatchObject({ ok: false, why: 'refused' })
    expect(await github.annotations('CR_unknown')).toBeNull()
  })
})

describe('the app', () => {
  it('knows itself, and its installations', async () => {
    expect(await acme.github.self()).toEqual({ login: 'andon[bot]', id: acme.self.botId, type: 'Bot' })
    expect((await acme.connection.all()).map(({ owner }) => owner)).toEqual(['acme'])
    expect(await acme.connection.of('nobody')).toBeNull()
  })
  it('waits for no hour: a spent budget is told at once', async () => {
    acme.sandbox.faults.add({ fault: 'primary-limit', times: 1 })
    await expect(acme.github.readCard(acme.wish)).rejects.toMatchObject({ kind: 'rate-limit', transient: true })
  })
  it('reads again after one failure', async () => {
    acme.sandbox.faults.add({ fault: 'error', status: 502, times: 1, on: { kind: 'graphql' } })
    expect((await card()).title).toBe('Answer faster')
  })
})
