// The risk of a card by the policy: the first rule that its labels, its change, its fields or its files meet.
import { bears, type Card } from '../facts/card.ts'
import type { RiskCause } from '../facts/event.ts'
import { type Facts, type Query, queryKey, type Touched } from '../facts/query.ts'
import type { Policy } from '../policy/policy.ts'

type Rule = Policy['risk'][number]

type Risk = { risk: string; riskBy?: RiskCause }

/** The first rule that matches; `default` where none does. Files that were not read count as touched. */
export function riskOf(policy: Policy, card: Card, changeKind: string | null, facts: Facts): Risk {
  for (const rule of policy.risk) {
    if (isMarked(rule, card, changeKind)) return { risk: rule.name }
    const riskBy = fieldMet(rule, card) ?? pathMet(rule, card, facts)
    if (riskBy) return { risk: rule.name, riskBy }
  }
  return { risk: 'default' }
}

/** The files that must be known for it: of the rules that come before the first one that matches anyway. */
export function riskQueries(policy: Policy, card: Card, changeKind: string | null): Query[] {
  const sure = policy.risk.findIndex((rule) => isMarked(rule, card, changeKind) || fieldMet(rule, card) !== null)
  const open = sure < 0 ? policy.risk : policy.risk.slice(0, sure)
  const query = touchedQuery(
    card,
    open.flatMap((rule) => rule.paths ?? []),
  )
  return query ? [query] : []
}

/** Fields, and values of fields, that the policy's risks name and the board does not have. */
export function unknownFields(policy: Policy, card: Card): string[] {
  return policy.risk.flatMap((rule) =>
    Object.entries(rule.fields ?? {}).flatMap(([name, values]) => {
      const field = fieldOf(card, name)
      if (field === undefined) return [name]
      return values
        .filter((value) => !field.options.some((option) => same(option, value)))
        .map((value) => `${name}: ${value}`)
    }),
  )
}

function isMarked(rule: Rule, card: Card, changeKind: string | null): boolean {
  return rule.labels.some((label) => bears(card, label)) || (changeKind !== null && rule.changes.includes(changeKind))
}

function fieldMet(rule: Rule, card: Card): RiskCause | null {
  for (const [name, values] of Object.entries(rule.fields ?? {})) {
    const found = fieldOf(card, name)?.value ?? null
    if (found !== null && values.some((value) => same(value, found))) return { field: name, value: found }
  }
  return null
}

function pathMet(rule: Rule, card: Card, facts: Facts): RiskCause | null {
  const query = touchedQuery(card, rule.paths ?? [])
  if (query === null) return null
  const answers: Record<string, Touched> = facts.touched?.[queryKey(query)] ?? {}
  for (const glob of query.globs) {
    const touched = Object.hasOwn(answers, glob) ? answers[glob] : undefined
    if (touched !== null) return { path: touched?.path ?? null }
  }
  return null
}

function touchedQuery({ pull }: Card, globs: string[]): Extract<Query, { fact: 'touched' }> | null {
  if (pull === null || globs.length === 0) return null
  const { repository, number, sha } = pull
  return { fact: 'touched', repository, number, sha, globs: [...new Set(globs)] }
}

function fieldOf(card: Card, name: string): { value: string | null; options: string[] } | undefined {
  return Object.entries(card.fields ?? {}).find(([known]) => same(known, name))?.[1]
}

function same(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase()
}
