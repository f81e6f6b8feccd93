// Reads the search form: what was asked, and what of it cannot be.
import { REASONS } from '../core/facts/reason.ts'
import { VERDICTS } from '../core/facts/verdict.ts'
import { readTime } from '../ledger/day.ts'
import type { MoveSearch } from '../ledger/port.ts'

export const FIELDS = ['words', 'actor', 'gate', 'verdict', 'reason', 'from', 'to'] as const
export type Field = (typeof FIELDS)[number]

/** `fields`: what was typed, to be shown again. `problems`: one sentence each, by field. */
export type Query = {
  fields: Partial<Record<Field, string>>
  search: MoveSearch
  problems: Partial<Record<Field | 'before', string>>
}

const LONGEST = 200

export function readQuery(parameters: URLSearchParams): Query {
  const query: Query = { fields: {}, search: {}, problems: {} }
  for (const field of FIELDS) {
    const value = parameters.get(field)?.trim().slice(0, LONGEST)
    if (!value) continue
    query.fields[field] = value
    readField(query, field, value)
  }
  const before = parameters.get('before')
  if (before !== null) {
    if (/^[1-9]\d{0,14}$/.test(before)) query.search.before = Number(before)
    else query.problems.before = 'The address names no page of this list.'
  }
  return query
}

function readField(query: Query, field: Field, value: string): void {
  switch (field) {
    case 'words':
    case 'gate':
      query.search[field] = value
      return
    case 'actor':
      query.search.actor = value.replace(/^@/, '')
      return
    case 'verdict':
      if (!(VERDICTS as readonly string[]).includes(value))
        query.problems.verdict = `A verdict is one of ${VERDICTS.join(', ')}.`
      query.search.verdict = value
      return
    case 'reason':
      if (!Object.hasOwn(REASONS, value)) query.problems.reason = 'Andon has no such reason; choose one of the list.'
      query.search.reason = value
      return
    case 'from':
    case 'to': {
      const time = readTime(value, field)
      if (time === null) query.problems[field] = 'Write a day as in 2026-11-23.'
      else query.search[field] = time
      return
    }
    default:
      field satisfies never
  }
}

/** The same search on another page: entries before `before`, or the newest. */
export function pageAddress({ fields }: Query, before: number | null): string {
  const parameters = new URLSearchParams(fields as Record<string, string>)
  if (before !== null) parameters.set('before', String(before))
  return parameters.size > 0 ? `/?${parameters}` : '/'
}
