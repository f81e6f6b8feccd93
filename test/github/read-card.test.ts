// A card as one request brings it, and what Andon makes of what GitHub leaves out.
import nock from 'nock'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { GitHubQuery } from '../../src/core/facts/query.ts'
import type { CardReading } from '../../src/github/port.ts'
import { type Api, openApi } from './support/api.ts'
import {
  ada,
  andon,
  answer,
  blob,
  bo,
  DEFAULT_SHA,
  issue,
  item,
  mallory,
  pull,
  SHA,
  value,
} from './support/card-fixture.ts'

let api: Api
beforeEach(async () => {
  api = await openApi()
})
afterEach(() => nock.cleanAll())

async function read(data: object, wanted: GitHubQuery[] = [], errors: object[] = []): Promise<CardReading> {
  api.graphql(errors.length > 0 ? { data, errors } : { data })
  return api.github.readCard({ address: { item: 'PVTI_1', owner: 'acme' }, wanted })
}

const cardOf = async (node: object | null, more: object = {}) => (await read(answer(node, more))).card

describe('a card', () => {
  it('is read whole in one request', async () => {
    const { card, policies } = await read(answer())
    expect(api.requests).toHaveLength(1)
    expect(api.requests[0]?.headers).toMatchObject({ 'x-github-api-version': '2022-11-28' })
    expect(card).toMatchObject({
      address: { owner: 'acme', project: 'PVT_1', number: 12, item: 'PVTI_1' },
      type: 'Issue',
      title: 'Support bot 42',
      field: { id: 'PVTSSF_1', name: 'Status', options: [{ name: 'Backlog' }, { name: 'Staging' }] },
      place: { column: { id: 'o2', name: 'Staging' }, since: '2026-11-03T00:00:00Z' },
      content: {
        id: 'I_7',
        defaultBranch: 'main',
        defaultSha: DEFAULT_SHA,
        open: true,
        author: { login: 'ada', id: 11 },
      },
      pull: {
        number: 9,
        sha: SHA,
        committers: [{ login: 'bo' }],
        reviews: [{ state: 'APPROVED', by: { login: 'ada' } }],
      },
      manifest: { source: 'issue' },
    })
    expect(policies.repository).toMatchObject({ repository: 'acme/bot', path: '.github/andon.yml' })
    expect(policies.organization).toBeNull()
  })

  it('keeps none of the bodies that people wrote', async () => {
    const reading = await read(answer(item({ content: issue({ body: 'our secret plan\n```andon\nkind: x\n```' }) })))
    expect(JSON.stringify(reading)).not.toContain('secret plan')
  })

  it('tells since when its descriptions read as they do, by the latest edit of any of them', async () => {
    const written = async (ofIssue: object, ofPull: object = {}) =>
      (await cardOf(item({ content: issue({ ...ofIssue, linked: { nodes: [pull(ofPull)] } }) })))?.writtenAt
    expect(await written({})).toBe('2026-11-01T00:00:00Z')
    expect(await written({ lastEditedAt: '2026-11-05T00:00:00Z' })).toBe('2026-11-05T00:00:00Z')
    expect(await written({ lastEditedAt: '2026-11-05T00:00:00Z' }, { lastEditedAt: '2026-11-06T00:00:00Z' })).toBe(
      '2026-11-06T00:00:00Z',
    )
    const apart = { createdAt: '2026-11-09T00:00:00Z', linked: { nodes: [] } }
    expect((await cardOf(item({ content: issue(apart) })))?.writtenAt).toBe('2026-11-09T00:00:00Z')
  })

  it('is gone where GitHub knows its item no more', async () => {
    const errors = [{ type: 'NOT_FOUND', path: ['node'], message: 'Could not resolve to a node' }]
    expect(await read(answer(null), [], errors)).toMatchObject({ card: null })
  })

  it('is not gone where GitHub merely failed to read it', async () => {
    const failed = { data: answer(null), errors: [{ path: ['node'], message: 'Something went wrong' }] }
    api.graphql(failed, failed)
    const reading = api.github.readCard({ address: { item: 'PVTI_1', owner: 'acme' }, wanted: [] })
    await expect(reading).rejects.toMatchObject({ kind: 'unavailable', transient: true })
    expect(api.requests).toHaveLength(2)
  })

  it('is not believed without its labels, for one of them may say hold', async () => {
    const errors = [{ type: 'FORBIDDEN', path: ['node', 'content', 'labels'], message: 'no' }]
    const reading = read(answer(item({ content: issue({ labels: null }) })), [], errors)
    await expect(reading).rejects.toMatchObject({
      kind: 'other',
      message: expect.stringContaining('node.content.labels'),
    })
  })

  it('is redacted where its content is not ours to see', async () => {
    expect(await cardOf(item({ type: 'REDACTED', content: null }))).toMatchObject({
      type: 'Redacted',
      content: null,
      title: '',
    })
    expect(await cardOf(item({ type: 'ISSUE', content: null }))).toMatchObject({ type: 'Redacted' })
  })

  it('may be a draft, without anything but its title', async () => {
    const card = await cardOf(item({ type: 'DRAFT_ISSUE', content: { __typename: 'DraftIssue', title: 'An idea' } }))
    expect(card).toMatchObject({
      type: 'DraftIssue',
      title: 'An idea',
      content: null,
      pull: null,
      manifest: null,
      timeline: [],
    })
  })

  it('may be a pull request, which is its own change', async () => {
    const content = {
      ...issue(),
      ...pull({ merged: true, closed: true }),
      __typename: 'PullRequest',
      linked: undefined,
      repository: issue().repository,
    }
    const card = await cardOf(item({ type: 'PULL_REQUEST', content }))
    expect(card).toMatchObject({
      type: 'PullRequest',
      content: { id: 'PR_9', open: false },
      pull: { id: 'PR_9', merged: true, open: false },
    })
  })

  it('stands nowhere where its status was cleared', async () => {
    expect(await cardOf(item({ fieldValues: { nodes: [] } }))).toMatchObject({ place: { column: null, since: null } })
  })

  it('has no field where the board has none of that name', async () => {
    const project = { ...item().project, fields: { nodes: [{}] } }
    expect(await cardOf(item({ project }))).toMatchObject({ field: null, place: { column: null } })
  })

  it('names a deleted account a ghost, and spells a bot as webhooks do', async () => {
    const robot = { __typename: 'Bot', login: 'dependabot', databaseId: 49 }
    const card = await cardOf(item({ content: issue({ author: null, linked: { nodes: [pull({ author: robot })] } }) }))
    expect(card?.content?.author).toEqual({ login: 'ghost', id: 0, type: 'Unknown' })
    expect(card?.pull?.author).toEqual({ login: 'dependabot[bot]', id: 49, type: 'Bot' })
  })

  it('reads the commits of a long pull request to their beginning', async () => {
    const commits = { ...pull().commits, pageInfo: { hasPreviousPage: true, startCursor: 'c100' } }
    const earlier = {
      pageInfo: { hasPreviousPage: false, startCursor: null },
      nodes: [{ commit: { authors: { nodes: [{ user: mallory }, { user: null }] }, committer: { user: null } } }],
    }
    api.graphql(
      { data: answer(item({ content: issue({ linked: { nodes: [pull({ commits })] } }) })) },
      { data: { node: { commits: earlier } } },
    )
    const { card } = await api.github.readCard({ address: { item: 'PVTI_1', owner: 'acme' }, wanted: [] })
    expect(card?.pull?.committers.map((one) => one.login)).toEqual(['bo', 'mallory'])
    expect(api.requests[1]?.body).toMatchObject({ variables: { pull: 'PR_9', before: 'c100' } })
  })

  it('reads the reviews to their beginning, and none that is but a comment', async () => {
    const page = (id: string, state: string, author: object, before: string | null) => ({
      pageInfo: { hasPreviousPage: before !== null, startCursor: before },
      nodes: [{ ...pull().reviews.nodes[0], id, state, author }],
    })
    const latest = page('PRR_3', 'APPROVED', ada, 'r2')
    api.graphql(
      { data: answer(item({ content: issue({ linked: { nodes: [pull({ reviews: latest })] } }) })) },
      { data: { node: { reviews: page('PRR_2', 'DISMISSED', bo, 'r1') } } },
      { data: { node: { reviews: page('PRR_1', 'CHANGES_REQUESTED', mallory, null) } } },
    )
    const { card } = await api.github.readCard({ address: { item: 'PVTI_1', owner: 'acme' }, wanted: [] })
    expect(card?.pull?.reviews.map(({ id }) => id)).toEqual(['PRR_1', 'PRR_2', 'PRR_3'])
    expect(api.requests.slice(1).map(({ body }) => body)).toMatchObject([
      { variables: { pull: 'PR_9', before: 'r2' } },
      { variables: { pull: 'PR_9', before: 'r1' } },
    ])
    for (const { body } of api.requests) expect(JSON.stringify(body)).not.toContain('COMMENTED')
  })

  it('is not read at all where its reviews do not end', async () => {
    const endless = { ...pull().reviews, pageInfo: { hasPreviousPage: true, startCursor: 'r1' } }
    const rest = Array.from({ length: 101 }, () => ({ data: { node: { reviews: endless } } }))
    api.graphql(
      { data: answer(item({ content: issue({ linked: { nodes: [pull({ reviews: endless })] } }) })) },
      ...rest,
    )
    const reading = api.github.readCard({ address: { item: 'PVTI_1', owner: 'acme' }, wanted: [] })
    await expect(reading).rejects.toMatchObject({ message: 'A list on GitHub does not end.' })
  })
})

describe('its history', () => {
  it('is that of this board only, oldest first', async () => {
    const event = {
      id: 'E1',
      createdAt: '2026-11-03T00:00:00Z',
      previousStatus: 'Backlog',
      status: 'Staging',
      wasAutomated: false,
      actor: bo,
      project: { id: 'PVT_1' },
    }
    const timelineItems = {
      nodes: [
        event,
        {},
        { ...event, id: 'E2', project: { id: 'PVT_other' } },
        { ...event, id: 'E3', project: null },
        { ...event, id: 'E4', actor: null, wasAutomated: true },
      ],
    }
    const card = await cardOf(item({ content: issue({ timelineItems }) }))
    expect(card?.timeline.map(({ id, from, to, by, automated }) => [id, from, to, by.login, automated])).toEqual([
      ['E1', 'Backlog', 'Staging', 'bo', false],
      ['E4', 'Backlog', 'Staging', 'ghost', true],
    ])
  })
})

describe('the pull request under test', () => {
  const choose = async (...pulls: object[]) =>
    (await cardOf(item({ content: issue({ linked: { nodes: pulls } }) })))?.pull?.number ?? null

  it('is the newest open one of those that close the issue', async () => {
    expect(
      await choose(
        pull({ number: 1, createdAt: '2026-01-01T00:00:00Z' }),
        pull({ number: 2 }),
        pull({ number: 3, closed: true, createdAt: '2026-12-01T00:00:00Z' }),
      ),
    ).toBe(2)
  })
  it('is not one that a stranger opened from a fork while the repository has one of its own', async () => {
    expect(
      await choose(
        pull({ number: 1 }),
        pull({ number: 2, isCrossRepository: true, author: mallory, createdAt: '2026-12-01T00:00:00Z' }),
      ),
    ).toBe(1)
  })
  it('is none out of a fork of somebody who is not of the organization, though no other closes the issue', async () => {
    const fork = (authorAssociation: string) =>
      choose(pull({ number: 2, isCrossRepository: true, author: mallory, authorAssociation }))
    for (const stranger of ['NONE', 'CONTRIBUTOR', 'FIRST_TIME_CONTRIBUTOR', 'MANNEQUIN'])
      expect(await fork(stranger)).toBeNull()
    for (const known of ['OWNER', 'MEMBER', 'COLLABORATOR']) expect(await fork(known)).toBe(2)
  })
  it('is never one of a repository of somebody else', async () => {
    expect(await choose(pull({ repository: { id: 'R_x', nameWithOwner: 'mallory/bot' } }))).toBeNull()
  })
  it('is none where GitHub shows none', async () => {
    expect(await choose({})).toBeNull()
  })
})

describe('the manifest', () => {
  const file = blob('kind: model-version\n')

  it('is the file of the head, where no text declares one', async () => {
    const head = { nodes: [{ commit: { oid: SHA, file: { object: file } } }] }
    const card = await cardOf(item({ content: issue({ body: '', linked: { nodes: [pull({ head })] } }) }))
    expect(card?.manifest).toMatchObject({ source: 'file', text: file.text })
  })
  it('is not the file of another commit than the head', async () => {
    const head = { nodes: [{ commit: { oid: DEFAULT_SHA, file: { object: file } } }] }
    expect(
      (await cardOf(item({ content: issue({ body: '', linked: { nodes: [pull({ head })] } }) })))?.manifest,
    ).toBeNull()
  })
  it('is not a file of which GitHub gave but a part', async () => {
    const repository = { ...issue().repository, manifest: blob('kind: x', { isTruncated: true }) }
    expect(
      (await cardOf(item({ content: issue({ body: '', repository, linked: { nodes: [] } }) })))?.manifest,
    ).toBeNull()
  })
  it('is the default branch’s file where there is no pull request', async () => {
    const repository = { ...issue().repository, manifest: file }
    expect(
      (await cardOf(item({ content: issue({ body: '', repository, linked: { nodes: [] } }) })))?.manifest,
    ).toMatchObject({ source: 'file' })
  })
})

describe('the policy', () => {
  const home = {
    nameWithOwner: 'acme/.github',
    dotGithub: null,
    atRoot: blob('board: { project: 12, field: Stage }'),
    bases: null as object | null,
  }

  it('names the field that the card is moved by', async () => {
    const node = item({
      fieldValues: { nodes: [value('Status', 'PVTSSF_1', 'o2', 'Staging'), value('Stage', 'PVTSSF_2', 's1', 'Alpha')] },
    })
    const { card, policies } = await read(answer(node, { organization: { repository: home } }))
    expect(policies.organization).toMatchObject({ repository: 'acme/.github', path: 'andon.yml' })
    expect(card).toMatchObject({ field: { id: 'PVTSSF_2' }, place: { column: { name: 'Alpha' } } })
  })
  it('of another board names nothing here', async () => {
    const other = { ...home, atRoot: blob('board: { project: 13, field: Stage }') }
    const { card } = await read(answer(item(), { organization: { repository: other } }))
    expect(card?.field?.name).toBe('Status')
  })
  it('that is too large to be given whole never reads as one', async () => {
    const repository = {
      ...issue().repository,
      dotGithub: blob('version: 1\n', { isTruncated: true, byteSize: 900_000 }),
    }
    const { policies } = await read(answer(item({ content: issue({ repository }) })))
    expect(policies.repository).toMatchObject({
      unread: {
        message:
          'This file is too large to be read: it has 879 kB, and GitHub gives apps no more than 512 kB of a text.',
        remedy: 'Make it shorter.',
      },
    })
  })
  it('that is no text never reads as one', async () => {
    const repository = { ...issue().repository, dotGithub: blob(null) }
    const { policies } = await read(answer(item({ content: issue({ repository }) })))
    expect(policies.repository).toMatchObject({
      text: '',
      unread: { message: 'This file is no text.', remedy: 'Save it as text in UTF-8.' },
    })
  })
  it('of the organization’s own repository counts once', async () => {
    const repository = { ...issue().repository, ...home, dotGithub: null }
    const { policies } = await read(
      answer(item({ content: issue({ repository }) }), { organization: { repository: home } }),
    )
    expect(policies).toMatchObject({ organization: { path: 'andon.yml' }, repository: null })
  })
  it('may extend the YAML files of the organization’s folder, and nothing else there', async () => {
    const entries = [
      { name: 'base.yml', object: blob('version: 1\n') },
      { name: 'README.md', object: blob('# Ours\n') },
      { name: 'old', object: {} },
      { name: 'huge.yaml', object: blob('version: 1\n', { isTruncated: true, byteSize: 900_000 }) },
    ]
    const { policies } = await read(answer(item(), { organization: { repository: { ...home, bases: { entries } } } }))
    expect(policies.bases).toMatchObject([
      { repository: 'acme/.github', path: 'policies/base.yml', text: 'version: 1\n' },
      { path: 'policies/huge.yaml', unread: { message: expect.stringMatching(/^This file is too large to be read/) } },
    ])
  })
  it('need not exist in the organization’s repository', async () => {
    const errors = [{ type: 'NOT_FOUND', path: ['organization', 'repository'], message: 'Could not resolve' }]
    expect((await read(answer(), [], errors)).policies.organization).toBeNull()
  })
})

describe('comments', () => {
  const comment = (id: string, body: string, author: object | null, lastEditedAt: string | null = null) => ({
    id,
    url: `u/${id}`,
    body,
    createdAt: '2026-11-03T00:00:00Z',
    lastEditedAt,
    author,
  })
  const with_ = (...nodes: object[]) => read(answer(item({ content: issue({ comments: { nodes } }) })))

  it('hold Andon’s own by marker and author; a copied marker is nobody’s', async () => {
    const robot = { __typename: 'Bot', login: 'other', databaseId: 50 }
    const marked = 'x <!-- andon:card -->'
    const namesake = { __typename: 'User', login: 'andon-acme[bot]', databaseId: 99 }
    const { card } = await with_(
      comment('1', marked, mallory),
      comment('2', marked, robot),
      comment('3', marked, namesake),
      comment('4', marked, andon),
    )
    expect(card?.comment).toEqual({ id: '4', url: 'u/4' })
  })
  it('hold people’s commands, and no bot’s', async () => {
    const { commands } = await with_(
      comment('1', 'Thanks!\r\n/andon approve', ada),
      comment('2', '/andon retry', andon),
      comment('3', 'see /andon status', bo),
      comment('4', '/andon retry', null, '2026-11-04T00:00:00Z'),
    )
    expect(commands.map(({ id, by, edited }) => [id, by.login, edited])).toEqual([
      ['1', 'ada', false],
      ['4', 'ghost', true],
    ])
  })

  it('on the pull request under test are heard like those on the issue, in the order in which they came', async () => {
    const said = (id: string, createdAt: string) => ({ nodes: [{ ...comment(id, '/andon status', ada), createdAt }] })
    const content = issue({
      comments: said('2', '2026-11-03T00:00:00Z'),
      linked: {
        nodes: [
          pull({ comments: said('1', '2026-11-02T00:00:00Z') }),
          pull({ id: 'PR_8', createdAt: '2026-10-01T00:00:00Z', comments: said('0', '2026-11-02T00:00:00Z') }),
        ],
      },
    })
    const { commands } = await read(answer(item({ content })))
    expect(commands.map(({ id }) => id)).toEqual(['1', '2'])
  })
})
