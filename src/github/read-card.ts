// Reads a card: one request, and further ones only where a list is longer than one request can hold.
import type { Actor } from '../core/facts/actor.ts'
import { mergeFacts, NO_FACTS } from '../core/facts/query.ts'
import { cardSchema, readAnswer } from './card-answer.ts'
import { cardDocument } from './card-query.ts'
import { readFacts } from './fact-answer.ts'
import { askFacts, type FactScope } from './fact-query.ts'
import { olderCommitters, olderReviews } from './older-pages.ts'
import { baseFiles, DEFAULT_FIELD, fieldOf, policyFile } from './policy-files.ts'
import type { CardReading, CardWish } from './port.ts'
import { answerFacts, finish, split } from './read-facts.ts'
import { commandsOf, pullUnderTest, translateCard } from './translate-card.ts'
import type { Wire } from './wire.ts'

/** What the last reading of a card taught, so that the next can ask more of GitHub in one request. */
export type Memory = { recall(item: string): FactScope | null; keep(item: string, scope: FactScope): void }

const GONE: CardReading = {
  card: null,
  policies: { organization: null, repository: null, bases: [] },
  facts: NO_FACTS,
  commands: [],
}

/** `self` is told the app's own account, which every reading brings along. */
export async function readCard(
  wire: Wire,
  wish: CardWish,
  memory: Memory,
  meet: (self: Actor) => void,
): Promise<CardReading> {
  const { item, owner } = wish.address
  const guess: FactScope = memory.recall(item) ?? { owner, field: DEFAULT_FIELD, repository: null }
  const known = memory.recall(item) !== null
  const { now, later } = split(wish.wanted.filter((query) => known || query.fact !== 'issues'))
  const asked = askFacts(now, guess)
  const { data } = await wire.query({
    document: cardDocument(asked),
    variables: { item, owner, ...asked.variables },
    urgency: 'read',
  })
  const answer = readAnswer(cardSchema, data)
  const self = selfOf(answer.viewer)
  meet(self)
  if (answer.node === null) return GONE

  const read = answer.node
  const content = read.content && read.content.__typename !== 'DraftIssue' ? read.content : null
  const organization = policyFile(answer.organization?.repository ?? null)
  const written = content ? policyFile(content.repository) : null
  const own = content && wish.instead ? { ...wish.instead, repository: content.repository.nameWithOwner } : written
  // A card of the organization's own `.github` repository has one policy, not twice the same.
  const repository = own && own.repository === organization?.repository ? null : own
  const bases = baseFiles(answer.organization?.repository ?? null)
  const field = fieldOf([repository, organization, ...bases], read.project.number)
  const scope: FactScope = { owner, field, repository: content?.repository.nameWithOwner ?? null }
  memory.keep(item, scope)

  const card = translateCard(read, field, self)
  const under = pullUnderTest(read)
  if (card.pull && under) {
    const known = card.pull.committers
    known.push(...(await olderCommitters(wire, under)).filter((one) => !known.some((other) => other.id === one.id)))
    card.pull.reviews.unshift(...(await olderReviews(wire, under)))
  }

  const { facts, unfinished } = readFacts(now, data, (data.node as Record<string, unknown>).project)
  const rest = mergeFacts(
    await finish(wire, read.project.id, unfinished, scope),
    later.length > 0 ? await answerFacts(wire, read.project.id, later, scope) : NO_FACTS,
  )
  const all = mergeFacts(facts, rest)
  return {
    card,
    policies: { organization, repository, bases },
    facts: withoutWrongGuesses(all, guess, scope),
    commands: commandsOf(read),
  }
}

/** Answers asked under a field or a repository that turned out to be another are no answers. */
function withoutWrongGuesses(facts: CardReading['facts'], guess: FactScope, scope: FactScope): CardReading['facts'] {
  return {
    ...facts,
    columns: guess.field === scope.field ? facts.columns : {},
    issues: guess.repository === scope.repository ? facts.issues : {},
  }
}

/** The account a token speaks for; GraphQL's `viewer` spells an app's login with its `[bot]`. */
export function selfOf(viewer: { login: string; databaseId?: number | null | undefined }): Actor {
  const login = viewer.login.endsWith('[bot]') ? viewer.login : `${viewer.login}[bot]`
  return { login, id: viewer.databaseId ?? 0, type: 'Bot' }
}

/** Keeps what was learned of the latest ten thousand cards. */
export function createMemory(): Memory {
  const kept = new Map<string, FactScope>()
  return {
    recall: (item) => kept.get(item) ?? null,
    keep(item, scope) {
      kept.delete(item)
      kept.set(item, scope)
      const oldest = kept.keys().next()
      if (kept.size > 10_000 && !oldest.done) kept.delete(oldest.value)
    },
  }
}
