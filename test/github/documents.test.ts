// Every GraphQL document that the client can send is valid by GitHub's schema, and holds nothing that people wrote.
import { parse, validate } from 'graphql'
import { describe, expect, it } from 'vitest'
import type { GitHubQuery } from '../../src/core/facts/query.ts'
import { boardDocument, boardPageDocument, newsDocument } from '../../src/github/boards.ts'
import { cardDocument, MORE_COMMITS, MORE_REVIEWS } from '../../src/github/card-query.ts'
import { ANNOTATIONS } from '../../src/github/checks.ts'
import { VIEWER } from '../../src/github/client.ts'
import { COMMENTS } from '../../src/github/comments.ts'
import { askFacts, columnFilter, issueSearch } from '../../src/github/fact-query.ts'
import { FIND_CARD } from '../../src/github/find-card.ts'
import { ISSUES } from '../../src/github/issues.ts'
import { ITEMS_OF } from '../../src/github/items-of.ts'
import { BOARD_CARDS, repositoriesDocument } from '../../src/github/listed-query.ts'
import { HISTORIES, OLDER_HISTORY } from '../../src/github/move-history.ts'
import { policiesDocument } from '../../src/github/policy-files.ts'
import { POLICY_AT, POLICY_PULL } from '../../src/github/policy-pull.ts'
import type { Write } from '../../src/github/port.ts'
import { factsDocument, MORE_CARDS, MORE_MEMBERS, split } from '../../src/github/read-facts.ts'
import { HEAD } from '../../src/github/touched.ts'
import { writeDocument } from '../../src/github/write.ts'
import { githubSchema } from '../../src/sandbox/graphql/schema.ts'
import { costOf } from './support/cost.ts'

const schema = githubSchema()
const problems = (document: string) => validate(schema, parse(document)).map((error) => error.message)

const SHA = 'a'.repeat(40)
const EVIL = '") { id } } evil: viewer { login'
const SCOPE = { owner: 'acme', field: 'Status', repository: 'acme/bot' }
const QUERIES: GitHubQuery[] = [
  { fact: 'blobs', repository: 'acme/bot', sha: SHA, paths: ['a.md', EVIL] },
  { fact: 'check-runs', repository: 'acme/bot', sha: SHA },
  { fact: 'team', slug: EVIL },
  { fact: 'column', name: EVIL },
  { fact: 'issues', query: EVIL },
  { fact: 'issue-state', id: EVIL },
]

const check = {
  write: 'check',
  repositoryId: 'R_1',
  repository: 'acme/bot',
  sha: SHA,
  name: EVIL,
  externalId: EVIL,
} as const
const words = { title: EVIL, summary: EVIL, text: EVIL }
const WRITES: Write[] = [
  { write: 'place', project: 'PVT_1', item: EVIL, field: 'F', option: 'o' },
  { write: 'place', project: 'PVT_1', item: 'PVTI_1', field: 'F', option: null },
  { write: 'archive', project: 'PVT_1', item: 'PVTI_1' },
  { ...check, ...words, id: null, detailsUrl: EVIL, conclusion: 'failure' },
  { ...check, ...words, id: 'CR_1', detailsUrl: null, conclusion: null },
  { write: 'comment', id: null, subject: 'I_1', body: EVIL },
  { write: 'comment', id: 'IC_1', subject: 'I_1', body: EVIL },
  { write: 'remove-label', subject: 'I_1', label: EVIL },
]

describe('the documents', () => {
  const none = askFacts([], SCOPE)
  const all = askFacts(QUERIES, SCOPE)
  it.each([
    ['a card', cardDocument(none)],
    ['a card with facts', cardDocument(all)],
    ['facts', factsDocument(all)],
    ['facts without a column', factsDocument(askFacts(QUERIES.slice(0, 3), SCOPE))],
    ['more commits', MORE_COMMITS],
    ['more reviews', MORE_REVIEWS],
    ['more members', MORE_MEMBERS],
    ['more cards', MORE_CARDS],
    ['the head of a pull request', HEAD],
    ['comments', COMMENTS],
    ['a board', boardDocument('organization')],
    ['a person’s board', boardDocument('user')],
    ['a page of a board', boardPageDocument('shown')],
    ['a page of a board with its archive', boardPageDocument('all')],
    ['what changed on a board', newsDocument('organization')],
    ['what changed on a person’s board', newsDocument('user')],
    ['move histories', HISTORIES],
    ['an older history', OLDER_HISTORY],
    ['items', ITEMS_OF],
    ['the annotations of a check run', ANNOTATIONS],
    ['a pull request and its policies', POLICY_PULL],
    ['a policy at a commit', POLICY_AT],
    ['the cards of a whole board', BOARD_CARDS],
    ['what the cards of repositories share', repositoriesDocument(3)],
    ['the card of an issue', FIND_CARD],
    ['issues', ISSUES],
    ['policies', policiesDocument('organization')],
    ['a person’s policies', policiesDocument('user')],
    ['the viewer', VIEWER],
    ...WRITES.map((write) => [`write ${write.write}`, writeDocument([write]).document]),
    ['all writes', writeDocument(WRITES).document],
  ])('%s: valid by the schema', (_, document) => {
    expect(problems(document)).toEqual([])
  })

  it('carry what people wrote as variables, never as text', () => {
    for (const document of [cardDocument(all), factsDocument(all), writeDocument(WRITES).document]) {
      expect(document).not.toContain('evil')
    }
    expect(Object.values(all.variables)).toContain(`${SHA}:${EVIL}`)
  })

  it('would be caught, were they wrong', () => {
    expect(problems('query { viewer { nothing } }')).not.toEqual([])
  })

  it.each([
    ['a card', cardDocument(none), 6, 30_000],
    ['a card with facts of every kind', cardDocument(all), 8, 40_000],
    ['a page of a board', boardPageDocument('all'), 2, 4_200],
    ['what changed on a board', newsDocument('organization'), 2, 4_200],
    ['move histories', HISTORIES, 2, 10_000],
    ['policies', policiesDocument('organization'), 1, 100],
    ['items', ITEMS_OF, 1, 1_200],
    // Ten of these are a board of a thousand cards: 210 of the 5,000 points of an hour.
    ['the cards of a whole board', BOARD_CARDS, 21, 175_000],
    ['what the cards of a hundred repositories share', repositoriesDocument(100), 1, 0],
  ])('%s: within a few points and far from 500,000 nodes', (_, document, points, nodes) => {
    const cost = costOf(parse(document))
    expect(cost.points).toBeLessThanOrEqual(points)
    expect(cost.nodes).toBeLessThanOrEqual(nodes)
  })

  it('ask nothing about what is no commit', () => {
    const asked = askFacts([{ fact: 'blobs', repository: 'acme/bot', sha: 'HEAD', paths: ['a'] }], SCOPE)
    expect(asked.onRoot).toBe('')
  })

  it('ask about a hundred paths at once, and the rest later', () => {
    const paths = Array.from({ length: 250 }, (_, n) => `p${n}`)
    const { now, later } = split([
      { fact: 'blobs', repository: 'acme/bot', sha: SHA, paths },
      { fact: 'team', slug: 't' },
    ])
    expect(now).toMatchObject([{ paths: { length: 100 } }, { fact: 'team' }])
    expect(later).toMatchObject([{ paths: { length: 150 } }])
  })
})

describe("the board's filter", () => {
  it.each([
    ['Status', 'In Evaluation', 'status:"In Evaluation"'],
    ['Review Stage', '🚀 Production', 'review-stage:"🚀 Production"'],
    ['Status', 'say "hi"', ''],
    ['Status', 'a,b', ''],
    ['Status', '*', ''],
    ['Straße', 'Done', ''],
  ])('for %s and %s is %s', (field, column, filter) => {
    expect(columnFilter(field, column)).toBe(filter)
  })
})

describe('an issue search', () => {
  it.each([
    ['label:incident', 'acme/bot', 'is:issue is:open repo:acme/bot label:incident'],
    ['label:incident', null, 'is:issue is:open org:acme label:incident'],
    ['repo:acme/other bug', 'acme/bot', 'is:issue is:open repo:acme/other bug'],
  ])('%s in %s becomes %s', (query, repository, search) => {
    expect(issueSearch(query, { ...SCOPE, repository })).toBe(search)
  })
})
