// Waivers: who may give one, which of them hold, and when they end.
import { type Actor, sameActor } from '../facts/actor.ts'
import type { Card } from '../facts/card.ts'
import type { Change } from '../facts/change.ts'
import type { PolicyRef } from '../facts/event.ts'
import type { Judgement } from '../facts/judgement.ts'
import { type Facts, isMember, type Query } from '../facts/query.ts'
import type { Reason } from '../facts/reason.ts'
import { type OpenWaiver, recordAnswer } from '../facts/record-question.ts'
import type { Waiver, WaiverEnd } from '../facts/waiver.ts'
import { tieOf } from '../gates/tie.ts'
import type { Policy } from '../policy/policy.ts'
import { WAIVER_DAYS, WAIVERS_OPEN } from '../policy/waiver-schema.ts'
import type { Course } from './course.ts'
import { WAIVE_REFUSALS } from './explain/waiver-words.ts'
import type { Attempt, Move } from './move.ts'
import { moverDoubt } from './mover.ts'
import { agentOf } from './movers.ts'
import { gatesFor } from './pipeline.ts'
import type { Waive } from './waive-command.ts'

const QUESTION = { of: 'waivers' } as const
const OPEN: Query = { fact: 'record', question: QUESTION }

/** What the giver was looking at. */
export type WaiverGround = { card: Card; change: Change | null; policy: PolicyRef; facts: Facts; at: string }

/** What must be known to tell whether this gate may be waived. */
export function waiveQueries(command: Waive, policy: Policy): Query[] {
  const teams = ruleOf(policy, command.gate)?.waive?.teams ?? []
  return [...teams.map((slug): Query => ({ fact: 'team', slug })), OPEN]
}

/** The waiver that this command makes, or why it makes none. */
export function giveWaiver(
  command: Waive,
  by: Actor,
  url: string,
  move: Move,
  policy: Policy,
  ground: WaiverGround,
): { ok: true; waiver: Waiver } | { ok: false; why: string } {
  const refused = (why: string) => ({ ok: false as const, why })
  const { gate, until, reason } = command
  const { card, change, facts, at } = ground
  if (ground.policy.problems.length > 0) return refused(WAIVE_REFUSALS.policyUnreadable())
  const rule = ruleOf(policy, gate)
  if (rule === undefined) return refused(WAIVE_REFUSALS.unknownGate(Object.keys(policy.gates)))
  const asked = gatesAsked(move, card, policy)
  if (!asked.includes(gate)) return refused(WAIVE_REFUSALS.notAsked(asked))
  if (rule.waive === undefined) return refused(WAIVE_REFUSALS.notWaivable(gate))
  if (!rule.enforce) return refused(WAIVE_REFUSALS.onlyShown(gate))
  const { teams, compensate } = rule.waive
  if (agentOf(policy, by)) return refused(WAIVE_REFUSALS.agent())
  const team = teams.find((slug) => isMember(facts, slug, by))
  if (team === undefined) return refused(WAIVE_REFUSALS.noMember(gate, teams))
  const tie = tieOf(by, card, move.current?.by ?? null)
  if (tie !== null) return refused(WAIVE_REFUSALS.tied(tie))
  if (change === null || change.parts.some((part) => part.digest === null)) return refused(WAIVE_REFUSALS.noChange())
  if (until <= at) return refused(WAIVE_REFUSALS.past(until))
  const { days, mostOpen } = boundsOf(policy, gate)
  const latest = endOfDay(at, days)
  if (until > latest) return refused(WAIVE_REFUSALS.tooLong(gate, days, latest))
  const open = recordAnswer(facts.record, QUESTION)?.filter((one) => !isOf(one, card, gate))
  if (open === undefined || open.length >= mostOpen) return refused(WAIVE_REFUSALS.spent(mostOpen, open ?? []))
  const waiver = { gate, by, team, at, until, reason, change: change.digest, policy: ground.policy.digest }
  return { ok: true, waiver: { ...waiver, compensate, url } }
}

/** Ends what no longer holds, and yields where the record shows that too many were given at once. */
export function endWaivers(course: Course, policy: Policy | null): void {
  const seen = course.move.seen
  if (seen === null) return
  const end = (gate: string, because: WaiverEnd) => course.emit({ kind: 'waiver-ended', at: course.at, gate, because })
  for (const waiver of course.move.waivers) {
    if (seen.card.archived) end(waiver.gate, 'removed')
    else if (waiver.until <= course.at) end(waiver.gate, 'expired')
    else if (seen.change?.digest !== waiver.change) end(waiver.gate, 'change')
    // A policy that cannot be read replaces none.
    else if (seen.policy?.problems.length === 0 && seen.policy.digest !== waiver.policy) end(waiver.gate, 'policy')
  }
  if (policy === null || course.move.waivers.length === 0 || !course.answered([OPEN])) return
  for (const waiver of course.move.waivers)
    if (rankOf(course.move, waiver) >= boundsOf(policy, waiver.gate).mostOpen) end(waiver.gate, 'budget')
}

/**
 * Waivers that the last look at the record did not show yet: they count from the next look on, when everybody sees
 * which of several came first.
 */
export function hasNewWaivers(move: Move): boolean {
  return move.waivers.some((waiver) => rankOf(move, waiver) < 0)
}

/** Runs are waited for though their gate is waived: the record is to hold the numbers that were accepted. */
const AWAITED: ReadonlySet<Reason> = new Set(['unread', 'run-requested', 'run-in-progress', 'waits-for-others'])

/**
 * The judgement that counts: where a gate does not pass and its waiver holds, that it was waived, with all it said. Null
 * while the waiver is new: the next look tells.
 */
export function withWaiver(move: Move, attempt: Attempt, gate: string, judgement: Judgement): Judgement | null {
  const waiver = move.waivers.find((one) => one.gate === gate)
  if (waiver === undefined || judgement.verdict === 'pass' || AWAITED.has(judgement.reason)) return judgement
  // Nobody's waiver counts for a move of their own.
  if (sameActor(waiver.by, attempt.by)) return judgement
  const doubt = moverDoubt(move, attempt, move.seen?.at ?? attempt.openedAt)
  if (doubt) return doubt.until === null ? judgement : { verdict: 'wait', reason: 'mover-untold', until: doubt.until }
  if (rankOf(move, waiver) < 0) return null
  const { by, until, reason, compensate } = waiver
  return {
    ...judgement,
    verdict: 'pass',
    reason: 'waived',
    detail: [by.login, until, reason, compensate ?? '', judgement.reason, ...(judgement.detail ?? [])],
    until: judgement.until !== undefined && judgement.until < until ? judgement.until : until,
    urls: [waiver.url, ...(judgement.urls ?? [])],
  }
}

/** Gates of the move that is open or was refused, and those on the card's way to where it stands now. */
function gatesAsked(move: Move, card: Card, policy: Policy): string[] {
  const { current, home } = move
  const waiting = current?.outcome === null || current?.outcome === 'refused' ? current.gates : []
  const stands = card.place.column?.name ?? null
  const ahead = stands === home ? [] : gatesFor(policy, home, stands, false)
  return [...new Set([...waiting.map(({ name }) => name), ...ahead])]
}

/** Its place among the board's open waivers, by when the record took them in; -1 where it is not shown there yet. */
function rankOf(move: Move, waiver: Waiver): number {
  const card = move.seen?.card
  const open = recordAnswer(move.seen?.facts.record, QUESTION) ?? []
  return card ? open.findIndex((one) => isOf(one, card, waiver.gate) && one.until === waiver.until) : -1
}

function isOf(open: OpenWaiver, card: Card, gate: string): boolean {
  return open.item === card.address.item && open.gate === gate
}

function boundsOf(policy: Policy, gate: string): { days: number; mostOpen: number } {
  const most = policy.waivers?.longestDays ?? WAIVER_DAYS
  const days = Math.min(ruleOf(policy, gate)?.waive?.longestDays ?? most, most)
  return { days, mostOpen: policy.waivers?.mostOpen ?? WAIVERS_OPEN }
}

function ruleOf(policy: Policy, gate: string) {
  return Object.hasOwn(policy.gates, gate) ? policy.gates[gate] : undefined
}

/** A date is meant to its end: the last of so many days counts whole. */
function endOfDay(at: string, days: number): string {
  const last = new Date(Date.parse(at) + days * 86_400_000).toISOString()
  return `${last.slice(0, 10)}T23:59:59.999Z`
}
