// The rules that hold for every forward move, whatever its gates: hold, order, room, drafts, a readable policy and board.
import { bears, type Card } from '../facts/card.ts'
import type { Refusal } from '../facts/event.ts'
import { sentence } from '../facts/problem.ts'
import type { CardInColumn, Facts, Query } from '../facts/query.ts'
import type { Reason } from '../facts/reason.ts'
import { recordAnswer } from '../facts/record-question.ts'
import type { ColumnRule, Policy } from '../policy/policy.ts'
import type { Attempt, Move } from './move.ts'
import { type Mover, moverQueries, moverRefusals } from './movers.ts'
import { changeKindOf, columnRule, gatesFor, nextColumn, ownersOf, skipsColumns, type Way } from './pipeline.ts'
import { origin } from './place.ts'
import { riskOf, unknownFields } from './risk.ts'

/** What the rules must know beside the card: who stands in the column and at which risk, where it has a limit, and whose members may enter. */
export function ruleQueries(policy: Policy, way: Way, mover: Mover | null): Query[] {
  return [...roomQueries(columnRule(policy, way.to)), ...moverQueries(policy, way, mover)]
}

function roomQueries(rule: ColumnRule | null): Query[] {
  if (!rule?.limit) return []
  const column: Query = { fact: 'column', name: rule.name }
  return rule.limit.perRisk ? [column, { fact: 'record', question: { of: 'risks', column: rule.name } }] : [column]
}

/**
 * What forbids an open move as it is about to be granted: a hold that came since, a policy that broke. A card that stands
 * in its column already took its place when there was room: lowering a limit moves nobody back.
 */
export function refusalsAtGrant(move: Move, policy: Policy, attempt: Attempt): Refusal[] {
  const stands = move.place.column === attempt.to
  return refusals(move, policy, attempt).filter(({ reason }) => !(stands && isRoom(reason)))
}

export function isRoom(reason: string): boolean {
  return reason.startsWith('column-full')
}

/** Everything that forbids this forward move before a gate is asked. */
export function refusals(move: Move, policy: Policy | null, wish: Mover & Omit<Way, 'from'>): Refusal[] {
  const { to, restored } = wish
  const seen = move.seen
  if (seen === null) return []
  const card = seen.card
  if (card.type === 'Redacted') return [refuse('card-unreadable')]
  const problems = seen.policy?.problems ?? []
  if (problems.length > 0 || policy === null) return [refuse('policy-unreadable', problems.slice(0, 5).map(sentence))]
  const unknown = unknownColumns(card, policy)
  if (unknown.length > 0) return [refuse('column-unknown', unknown)]
  const fields = unknownFields(policy, card)
  if (fields.length > 0) return [refuse('field-unknown', fields)]
  const found: Refusal[] = []
  if (bears(card, policy.labels.hold)) found.push(refuse('on-hold', [policy.labels.hold]))
  const from = origin(move)
  const crossed = gatesFor(policy, from, to, restored)
  if (card.type === 'DraftIssue' && crossed.length > 0) found.push(refuse('draft-card'))
  if (skipsColumns(policy, from, to)) found.push(refuse('skips-columns', [nextColumn(policy, from) ?? '']))
  found.push(...moverRefusals(policy, { from, to, restored }, wish, seen.facts))
  const rule = columnRule(policy, to)
  const { risk } = riskOf(policy, card, changeKindOf(policy, card, seen.change), seen.facts)
  if (rule?.limit) found.push(...overLimit(rule, card, seen.facts, risk))
  return found
}

function refuse(reason: Reason, detail: string[] = []): Refusal {
  return { reason, gate: null, detail }
}

/** Columns that the policy names and the board's field does not have. */
function unknownColumns(card: Card, policy: Policy): string[] {
  if (card.field === null) return [policy.board.field]
  const options = card.field.options.map((option) => option.name)
  return policy.columns.map((rule) => rule.name).filter((name) => !options.includes(name))
}

/**
 * A limit counts the cards of the real board that came before this one, so that of two cards arriving together
 * the first one stays. Archived cards do not count.
 */
function overLimit(rule: ColumnRule, card: Card, facts: Facts, risk: string): Refusal[] {
  const limit = rule.limit
  const cards = facts.columns[rule.name]
  if (limit === null || cards === undefined) return []
  const own = cards.find((other) => other.item === card.address.item)
  const before = cards.filter(
    (other) => !other.archived && other.item !== card.address.item && (own === undefined || earlier(other, own)),
  )
  const found: Refusal[] = []
  if (limit.total !== null && before.length >= limit.total) {
    found.push(refuse('column-full', [rule.name, `${limit.total}`, ...before.slice(0, 10).map((other) => other.title)]))
  }
  if (limit.perOwner !== null) {
    for (const owner of ownersOf(card)) {
      const theirs = before.filter((other) => other.assignees.includes(owner))
      if (theirs.length >= limit.perOwner) {
        found.push(
          refuse('column-full-for-owner', [
            rule.name,
            `${limit.perOwner}`,
            owner,
            ...theirs.slice(0, 10).map((other) => other.title),
          ]),
        )
      }
    }
  }
  const most = limit.perRisk && Object.hasOwn(limit.perRisk, risk) ? limit.perRisk[risk] : undefined
  if (most !== undefined) {
    const risks = new Map(
      recordAnswer(facts.record, { of: 'risks', column: rule.name })?.map((one) => [one.item, one.risk]),
    )
    // A card whose risk the record does not hold may be of any.
    const alike = before.filter((other) => (risks.get(other.item) ?? risk) === risk)
    if (alike.length >= most) {
      const titles = alike.slice(0, 10).map((other) => other.title)
      found.push(refuse('column-full-for-risk', [rule.name, `${most}`, risk, ...titles]))
    }
  }
  return found
}

function earlier(a: CardInColumn, b: CardInColumn): boolean {
  const [first, second] = [a.since ?? '', b.since ?? '']
  return first === second ? a.item < b.item : first < second
}
