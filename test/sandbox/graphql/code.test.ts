import { expect, test } from 'vitest'
import { createCheckRun, createStatus } from '../../../src/sandbox/world/checks.ts'
import { actionsApp } from '../../../src/sandbox/world/install.ts'
import { openIssue } from '../../../src/sandbox/world/issues.ts'
import { closePull, openPull } from '../../../src/sandbox/world/pulls.ts'
import { addCollaborator, pushCommit } from '../../../src/sandbox/world/repositories.ts'
import { review } from '../../../src/sandbox/world/reviews.ts'
import { acme } from '../world/acme.ts'
import { ask, read } from './ask.ts'

function proposed() {
  const stage = acme()
  const { world, bo, cy, repository } = stage
  openIssue(world, bo, repository, { title: 'Slow' })
  const sha = pushCommit(world, bo, repository, 'fast', {
    files: { 'a/b.txt': 'fast\n' },
    message: 'Speed up',
    authors: [bo, cy],
  })
  const pull = openPull(world, bo, repository, { title: 'Fast', head: 'fast', body: 'closes #1' })
  return { ...stage, sha, pull }
}

const repository = (inner: string) => `{ repository(owner: "acme", name: "bot") { ${inner} } }`

test('files are found by revision and path, with their blob ids', async () => {
  const at = proposed()
  const query = repository(`
    readme: object(expression: "HEAD:README.md") { __typename oid ... on Blob { text byteSize isBinary isTruncated } }
    changed: object(expression: "${at.sha}:a/b.txt") { ... on Blob { text } }
    folder: object(expression: "fast:a") { ... on Tree { entries { name type oid } } }
    none: object(expression: "HEAD:a/b.txt") { oid }
    nowhere: object(expression: "nowhere:README.md") { oid }
    commit: object(expression: "fast") { ... on Commit { oid file(path: "a/b.txt") { path object { oid } } missing: file(path: "x") { name } } }
    defaultBranchRef { name target { ... on Commit { oid } } }`)
  expect(await read(at, query)).toEqual({
    repository: {
      readme: {
        __typename: 'Blob',
        oid: 'ce013625030ba8dba906f756967f9e9ca394464a',
        text: 'hello\n',
        byteSize: 6,
        isBinary: false,
        isTruncated: false,
      },
      changed: { text: 'fast\n' },
      folder: { entries: [{ name: 'b.txt', type: 'blob', oid: expect.stringMatching(/^[0-9a-f]{40}$/) }] },
      none: null,
      nowhere: null,
      commit: {
        oid: at.sha,
        file: { path: 'a/b.txt', object: { oid: expect.stringMatching(/^[0-9a-f]{40}$/) } },
        missing: null,
      },
      defaultBranchRef: { name: 'main', target: { oid: at.repository.refs.get('refs/heads/main') } },
    },
  })
})

test('binary files have no text, and huge ones are cut', async () => {
  const at = acme()
  const files = { 'a.bin': new Uint8Array([1, 0, 2]), 'b.txt': 'x'.repeat(600_000) }
  pushCommit(at.world, at.bo, at.repository, 'main', { files })
  const data = (await read(
    at,
    repository(
      'a: object(expression: "HEAD:a.bin") { ... on Blob { text isBinary } } b: object(expression: "HEAD:b.txt") { ... on Blob { text isTruncated byteSize } }',
    ),
  )) as {
    repository: { a: object; b: { text: string; isTruncated: boolean; byteSize: number } }
  }
  expect(data.repository.a).toEqual({ text: null, isBinary: true })
  expect(data.repository.b).toMatchObject({ isTruncated: true, byteSize: 600_000 })
  expect(data.repository.b.text).toHaveLength(512_000)
})

test('a pull request tells its head, its commits and everyone who wrote them', async () => {
  const at = proposed()
  const query =
    repository(`pullRequest(number: 2) { headRefOid headRefName isCrossRepository isDraft merged state headRepository { nameWithOwner }
    author { login ... on User { databaseId } }
    commits(last: 10) { totalCount nodes { commit { oid authors(first: 10) { nodes { name email user { login databaseId } } } committer { user { login } } } } }
    closingIssuesReferences(first: 5) { nodes { number closedByPullRequestsReferences(first: 5) { nodes { number } } } } }`)
  const user = (person: { login: string; id: number }) => ({ login: person.login, databaseId: person.id })
  expect(await read(at, query)).toEqual({
    repository: {
      pullRequest: {
        headRefOid: at.sha,
        headRefName: 'fast',
        isCrossRepository: false,
        isDraft: false,
        merged: false,
        state: 'OPEN',
        headRepository: { nameWithOwner: 'acme/bot' },
        author: user(at.bo),
        commits: {
          totalCount: 1,
          nodes: [
            {
              commit: {
                oid: at.sha,
                authors: {
                  nodes: [
                    { name: 'bo', email: at.bo.email, user: user(at.bo) },
                    { name: 'cy', email: at.cy.email, user: user(at.cy) },
                  ],
                },
                committer: { user: { login: 'bo' } },
              },
            },
          ],
        },
        closingIssuesReferences: { nodes: [{ number: 1, closedByPullRequestsReferences: { nodes: [{ number: 2 }] } }] },
      },
    },
  })
})

test('closed pull requests hide unless they are asked for', async () => {
  const at = proposed()
  closePull(at.world, at.bo, at.pull)
  const query = repository(
    'issue(number: 1) { open: closedByPullRequestsReferences(first: 5) { totalCount } all: closedByPullRequestsReferences(first: 5, includeClosedPrs: true) { nodes { number state } } byHand: closedByPullRequestsReferences(first: 5, includeClosedPrs: true, userLinkedOnly: true) { totalCount } }',
  )
  expect(await read(at, query)).toEqual({
    repository: {
      issue: { open: { totalCount: 0 }, all: { nodes: [{ number: 2, state: 'CLOSED' }] }, byHand: { totalCount: 0 } },
    },
  })
})

test("reviews keep their commit; only writers' opinions count where that is asked", async () => {
  const at = proposed()
  const { world, ada, mallory, pull } = at
  addCollaborator(at.repository, mallory, 'read')
  review(world, mallory, pull, 'APPROVED')
  review(world, ada, pull, 'CHANGES_REQUESTED')
  review(world, ada, pull, 'APPROVED')
  review(world, ada, pull, 'COMMENTED')
  const query =
    repository(`pullRequest(number: 2) { reviews(first: 10) { totalCount } opinions: latestOpinionatedReviews(first: 10) { nodes { author { login } state } }
    writers: latestOpinionatedReviews(first: 10, writersOnly: true) { nodes { author { login } state commit { oid } authorCanPushToRepository } } }`)
  expect(await read(at, query)).toEqual({
    repository: {
      pullRequest: {
        reviews: { totalCount: 4 },
        opinions: {
          nodes: [
            { author: { login: 'mallory' }, state: 'APPROVED' },
            { author: { login: 'ada' }, state: 'APPROVED' },
          ],
        },
        writers: {
          nodes: [
            { author: { login: 'ada' }, state: 'APPROVED', commit: { oid: at.sha }, authorCanPushToRepository: true },
          ],
        },
      },
    },
  })
})

test('checks of a commit are read by app and name, the latest of each name', async () => {
  const at = proposed()
  const { world, app, repository: repo, sha } = at
  createCheckRun(world, app, repo, sha, { name: 'andon', conclusion: 'failure', externalId: 'one' })
  createCheckRun(world, app, repo, sha, {
    name: 'andon',
    status: 'in_progress',
    externalId: 'two',
    output: { title: 'T', summary: 'S' },
  })
  createCheckRun(world, actionsApp(world), repo, sha, { name: 'test', conclusion: 'success' })
  createStatus(world, at.bo, repo, sha, { state: 'success', context: 'legacy' })
  const query = repository(`object(expression: "${sha}") { ... on Commit {
    own: checkSuites(first: 5, filterBy: { appId: ${app.id} }) { nodes { app { slug databaseId } checkRuns(first: 10, filterBy: { checkName: "andon" }) { nodes { name externalId status conclusion title } } } }
    every: checkSuites(first: 5, filterBy: { appId: ${app.id} }) { nodes { checkRuns(first: 10, filterBy: { checkType: ALL }) { totalCount } } }
    statusCheckRollup { state contexts(first: 10) { nodes { __typename ... on CheckRun { name } ... on StatusContext { context } } } } } }`)
  expect(await read(at, query)).toEqual({
    repository: {
      object: {
        own: {
          nodes: [
            {
              app: { slug: 'andon', databaseId: app.id },
              checkRuns: {
                nodes: [{ name: 'andon', externalId: 'two', status: 'IN_PROGRESS', conclusion: null, title: 'T' }],
              },
            },
          ],
        },
        every: { nodes: [{ checkRuns: { totalCount: 2 } }] },
        statusCheckRollup: {
          state: 'PENDING',
          contexts: {
            nodes: [
              { __typename: 'CheckRun', name: 'andon' },
              { __typename: 'CheckRun', name: 'test' },
              { __typename: 'StatusContext', context: 'legacy' },
            ],
          },
        },
      },
    },
  })
})

test('issues and pull requests of the wrong kind or number are not found', async () => {
  const at = proposed()
  const body = await ask(
    at,
    repository(
      'a: issue(number: 2) { id } b: pullRequest(number: 1) { id } c: issueOrPullRequest(number: 9) { __typename } d: issueOrPullRequest(number: 2) { __typename }',
    ),
  )
  expect(body.data).toEqual({ repository: { a: null, b: null, c: null, d: { __typename: 'PullRequest' } } })
  expect(body.errors?.map(({ message }) => message)).toEqual([
    'Could not resolve to an Issue with the number of 2.',
    'Could not resolve to a PullRequest with the number of 1.',
    'Could not resolve to an issue or pull request with the number of 9.',
  ])
})

test('search understands the usual words', async () => {
  const at = proposed()
  const { world, bo, ada, repository: repo } = at
  openIssue(world, ada, repo, { title: 'Leak of secrets', labels: ['sev 1'] })
  const count = async (query: string) => {
    const data = await read(
      at,
      'query($q: String!) { search(type: ISSUE, query: $q, first: 10) { issueCount nodes { ... on Issue { number } ... on PullRequest { number } } } }',
      { q: query },
    )
    return (data as { search: { nodes: { number: number }[] } }).search.nodes.map(({ number }) => number)
  }
  expect(await count('repo:acme/bot is:issue is:open')).toEqual([3, 1])
  expect(await count('org:acme label:"sev 1"')).toEqual([3])
  expect(await count('repo:acme/bot -label:"sev 1" is:issue')).toEqual([1])
  expect(await count(`author:${bo.login} is:pr state:open`)).toEqual([2])
  expect(await count('org:acme leak')).toEqual([3])
  expect(await count('org:elsewhere leak')).toEqual([])
  expect(await count('repo:acme/bot repo:acme/other is:pr')).toEqual([2])
})

test('issues are sifted by when they changed, and in the order asked for', async () => {
  const stage = acme()
  const { world, bo } = stage
  for (const title of ['One', 'Two', 'Three']) openIssue(world, bo, stage.repository, { title })
  const found = async (filter: string) => {
    const nodes = 'nodes { title }'
    const order = 'orderBy: { field: CREATED_AT, direction: DESC }'
    const query = repository(`issues(first: 9, ${order}, filterBy: { since: "${filter}" }) { ${nodes} }`)
    const { repository: whole } = (await read(stage, query)) as {
      repository: { issues: { nodes: { title: string }[] } }
    }
    return whole.issues.nodes.map(({ title }) => title)
  }
  expect(await found('2000-01-01T00:00:00Z')).toEqual(['Three', 'Two', 'One'])
  expect(await found('2999-01-01T00:00:00Z')).toEqual([])
})
