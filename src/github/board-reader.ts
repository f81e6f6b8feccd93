// Looks at whole boards and single cards, and touches nothing: what a rehearsal is given of GitHub.
import type { Actor } from '../core/facts/actor.ts'
import { type CardInColumn, type Facts, type GitHubQuery, mergeFacts, NO_FACTS, queryKey } from '../core/facts/query.ts'
import { actorOf } from './actor-answer.ts'
import { answerMany } from './answer-many.ts'
import { readBoard } from './boards.ts'
import { readAnswer } from './card-answer.ts'
import { findCard } from './find-card.ts'
import { GitHubProblem } from './github-problem.ts'
import {
  boardCardsSchema,
  checksOf,
  hiddenIn,
  itemOf,
  type Listed,
  pullsOf,
  type Shared,
  sharedSchema,
} from './listed-answer.ts'
import { BOARD_CARDS, repositoriesDocument } from './listed-query.ts'
import { baseFiles, fieldOf, policyFile, readPolicies } from './policy-files.ts'
import type { BoardReader, CardReading, PolicyFile, PolicyFiles, WholeBoard } from './port.ts'
import { createMemory, readCard, selfOf } from './read-card.ts'
import { readOnly } from './read-only.ts'
import { translateCard } from './translate-card.ts'
import type { Wire } from './wire.ts'

/** A board holds 50,000 cards at most. */
const MOST_PAGES = 500
const REPOSITORIES_AT_ONCE = 100
export function createBoardReader(line: Wire): BoardReader {
  const wire = readOnly(line)
  const memory = createMemory()
  return {
    policies: (owner) => readPolicies(wire, 'organization', owner),
    board: (owner, number) => readBoard(wire, 'organization', owner, number),
    whole: (board, instead) => readWhole(wire, board, instead),
    card: (owner, item, instead) =>
      readCard(wire, { address: { item, owner }, wanted: [], instead }, memory, () => undefined),
    find: (content, board) => findCard(wire, content, board),
    answers: ({ owner, project, field }, asked) => answerMany(wire, project, asked, { owner, field, repository: null }),
  }
}

async function readWhole(
  wire: Wire,
  { owner, number }: { owner: string; number: number },
  instead: PolicyFile | null,
): Promise<WholeBoard | null> {
  const pages: NonNullable<Awaited<ReturnType<typeof readPage>>>[] = []
  for (let cursor: string | null = null; ; ) {
    const page = await readPage(wire, owner, number, cursor)
    if (page === null) return null
    pages.push(page)
    cursor = page.board.items.pageInfo.hasNextPage ? (page.board.items.pageInfo.endCursor ?? null) : null
    if (cursor === null) break
    if (pages.length >= MOST_PAGES) throw new GitHubProblem('other', 'A list on GitHub does not end.')
  }
  const listed = pages.flatMap(({ board }) => board.items.list)
  const [first] = pages
  if (first === undefined) return null
  const repositories = [...new Set(listed.flatMap(repositoryOf))]
  const shared = await readShared(wire, [`${owner}/.github`, ...repositories])
  const home = shared.get(`${owner}/.github`.toLowerCase()) ?? null
  const common = { organization: policyFile(home), bases: baseFiles(home) }
  const whole: WholeBoard = { project: first.board.id, readings: [], hidden: new Map(), facts: NO_FACTS }
  for (const one of listed) {
    const reading = readingOf(one, first, owner, shared, common, instead)
    whole.readings.push(reading)
    const hidden = hiddenIn(one)
    if (hidden !== null) whole.hidden.set(one.id, hidden)
  }
  return { ...whole, facts: mergeFacts(checkFacts(listed), columnFacts(listed, whole.readings)) }
}

async function readPage(wire: Wire, owner: string, number: number, after: string | null) {
  const { data } = await wire.query({ document: BOARD_CARDS, variables: { owner, number, after }, urgency: 'read' })
  const answer = readAnswer(boardCardsSchema, data)
  const board = answer.organization?.projectV2 ?? null
  return board && { board, self: selfOf(answer.viewer) }
}

function repositoryOf({ content }: Listed): string[] {
  return content && content.__typename !== 'DraftIssue' ? [content.repository.nameWithOwner] : []
}

/** By the name in small letters; null where the app does not see it. */
async function readShared(wire: Wire, names: string[]): Promise<Map<string, Shared | null>> {
  const found = new Map<string, Shared | null>()
  for (let from = 0; from < names.length; from += REPOSITORIES_AT_ONCE) {
    const some = names.slice(from, from + REPOSITORIES_AT_ONCE)
    const variables = Object.fromEntries(
      some.flatMap((name, n) => [
        [`o${n}`, name.split('/')[0]],
        [`n${n}`, name.split('/')[1]],
      ]),
    )
    const { data } = await wire.query({ document: repositoriesDocument(some.length), variables, urgency: 'read' })
    some.forEach((name, n) => {
      found.set(name.toLowerCase(), readAnswer(sharedSchema.nullable(), data[`r${n}`] ?? null))
    })
  }
  return found
}

function readingOf(
  listed: Listed,
  { board, self }: NonNullable<Awaited<ReturnType<typeof readPage>>>,
  owner: string,
  shared: Map<string, Shared | null>,
  { organization, bases }: Pick<PolicyFiles, 'organization' | 'bases'>,
  instead: PolicyFile | null,
): CardReading {
  const [name] = repositoryOf(listed)
  const known = name === undefined ? null : (shared.get(name.toLowerCase()) ?? null)
  const own = name !== undefined && instead ? { ...instead, repository: name } : policyFile(known)
  const repository = own && own.repository === organization?.repository ? null : own
  const field = fieldOf([repository, organization, ...bases], board.number)
  const card = translateCard(itemOf(listed, board, owner, known), field, self)
  return { card, policies: { organization, repository, bases }, facts: NO_FACTS, commands: [] }
}

function checkFacts(listed: Listed[]): Facts {
  const known = listed.flatMap(pullsOf).flatMap((pull) => {
    const runs = checksOf(pull)
    const query: GitHubQuery = { fact: 'check-runs', repository: pull.repository.nameWithOwner, sha: pull.headRefOid }
    return runs === null ? [] : [[queryKey(query), runs] as const]
  })
  return { ...NO_FACTS, checkRuns: Object.fromEntries(known) }
}

/** Who stands in each column of the board, as it was read whole. */
function columnFacts(listed: Listed[], readings: CardReading[]): Facts {
  const columns = new Map<string, CardInColumn[]>()
  readings.forEach(({ card }, at) => {
    if (card === null) return
    for (const option of card.field?.options ?? []) if (!columns.has(option.name)) columns.set(option.name, [])
    const { column, since } = card.place
    if (column === null || card.archived) return
    const { item } = card.address
    columns.get(column.name)?.push({ item, title: card.title, since, assignees: ownersOf(listed[at]), archived: false })
  })
  return { ...NO_FACTS, columns: Object.fromEntries(columns) }
}

/** Who a card counts for in a limit per owner: its assignees, else its author. */
function ownersOf(listed: Listed | undefined): string[] {
  const content = listed?.content
  if (!content) return []
  const assigned = content.assignees.map(({ login }) => login)
  const author: Actor = actorOf(content.__typename === 'DraftIssue' ? content.creator : content.author)
  return assigned.length > 0 ? assigned : [author.login]
}
