// A freeze as people write it: each mistake in it is told with its place and what to write instead.
import { describe, expect, it } from 'vitest'
import { sentence } from '../../../src/core/facts/problem.ts'
import { combine, NO_BASES } from '../../../src/core/policy/inherit.ts'
import { parsePolicy } from '../../../src/core/policy/parse.ts'

/** Line 11 holds the window. */
const text = (window: string) => `version: 1
board: { project: 12 }
risk: { low: { labels: ["risk: low"] } }
changes: { guardrail-policy: { label: "change: guardrail" } }
columns:
  - name: Backlog
  - name: Staging
    enter: [calm]
gates:
  calm: { kind: freeze, windows: [
    ${window} ] }
`
const said = (window: string) => {
  const parsed = parsePolicy(text(window), 'p')
  return (parsed.ok ? (parsed.warnings ?? []) : parsed.problems).map(sentence)
}
const FIELDS =
  'Write five fields as cron has them, as in "0 18 28-31 * *": minute, hour, day of the month, month, day of the week.'

describe('a freeze window', () => {
  it.each([
    '{ from: "2026-12-20T00:00", to: "2027-01-04T00:00", zone: Europe/Berlin, except: { risk: [low], changes: [guardrail-policy] } }',
    '{ weekly: { from: "Fri 16:00", to: "Mon 08:00" }, zone: UTC, except: { risk: [low] } }',
    '{ cron: "0 18 28-31 * *", minutes: 720, zone: Europe/Berlin, except: { changes: [guardrail-policy] } }',
    '{ cron: "0 0 L * *", minutes: 60, zone: UTC }',
  ])('may be %s', (window) => expect(said(window)).toEqual([]))

  it.each([
    [
      'no zone',
      '{ from: "2026-12-20T00:00", to: "2027-01-04T00:00" }',
      ['p, line 11, column 5: These times have no zone. Name one beside them, as in `zone: Europe/Berlin`.'],
    ],
    [
      'no zone of a week',
      '{ weekly: { from: "Fri 16:00", to: "Mon 08:00" } }',
      ['p, line 11, column 5: These times have no zone. Name one beside them, as in `zone: Europe/Berlin`.'],
    ],
    [
      'no zone of a cron',
      '{ cron: "0 18 * * *", minutes: 5 }',
      ['p, line 11, column 5: These times have no zone. Name one beside them, as in `zone: Europe/Berlin`.'],
    ],
    ['no length', '{ cron: "0 18 * * *", zone: UTC }', ['p, line 11, column 5: `minutes` is missing.']],
    ['four fields', '{ cron: "0 18 * *", minutes: 5, zone: UTC }', [`p, line 11, column 13: ${FIELDS}`]],
    ['seconds', '{ cron: "0 0 18 * * *", minutes: 5, zone: UTC }', [`p, line 11, column 13: ${FIELDS}`]],
    ['a nickname', '{ cron: "@daily", minutes: 5, zone: UTC }', [`p, line 11, column 13: ${FIELDS}`]],
    [
      'an hour that no clock shows',
      '{ cron: "0 24 * * *", minutes: 5, zone: UTC }',
      [`p, line 11, column 13: \`0 24 * * *\` is no time that cron knows. ${FIELDS}`],
    ],
    [
      'a day that never comes',
      '{ cron: "0 0 30 2 *", minutes: 5, zone: UTC }',
      ['p, line 11, column 13: `0 0 30 2 *` never comes.'],
    ],
    [
      'a number as text',
      '{ cron: "0 18 * * *", minutes: "5", zone: UTC }',
      ['p, line 11, column 36: `minutes` must be a number, and is the text "5". Leave out the quotes.'],
    ],
    [
      'an empty exception',
      '{ cron: "0 18 * * *", minutes: 5, zone: UTC, except: {} }',
      ['p, line 11, column 58: `except` names nothing: give `risk`, `changes`, or both, or leave it out.'],
    ],
    [
      'an exception for no risk',
      '{ cron: "0 18 * * *", minutes: 5, zone: UTC, except: { risk: [] } }',
      ['p, line 11, column 66: `risk` must have at least 1 entry.'],
    ],
    [
      'unknown names',
      '{ cron: "0 18 * * *", minutes: 5, zone: UTC, except: { risk: [lwo], changes: [model] } }',
      [
        'p, line 11, column 67: `lwo` is no risk of this policy. Did you mean `low`?',
        'p, line 11, column 83: `model` is no kind of change of this policy. Allowed here: `guardrail-policy`.',
      ],
    ],
    [
      'an exception for everybody',
      '{ cron: "0 18 * * *", minutes: 5, zone: UTC, except: { risk: [low, default] } }',
      [
        'p, line 11, column 60: This window never freezes anything: it excepts every risk there is. Leave out one of them, or the window.',
      ],
    ],
  ])('with %s is told so', (_, window, expected) => expect(said(window)).toEqual(expected))
})

it('a window without any time is told every form it may have', () => {
  expect(said('{ zone: UTC }')).toEqual([
    'p, line 11, column 5: This window names no time. Give it `from` and `to`, or `weekly`, or `cron` and `minutes`.',
  ])
})

describe('a freeze that is past', () => {
  const year = (number: number) => `{ from: "${number}-12-20T00:00", to: "${number + 1}-01-04T00:00", zone: UTC }`
  const on = (date: string, windows: string) => {
    const checked = combine(null, { repository: '', path: 'p', text: text(windows) }, NO_BASES, Date.parse(date))
    return checked?.ok ? (checked.warnings ?? []).map(sentence) : null
  }

  it('is doubted once all its windows are', () => {
    const told =
      'p, line 10, column 25: The gate `calm` freezes nothing any more: all its windows are past. Give it the next dates.'
    expect(on('2026-01-03T23:59:00Z', year(2025))).toEqual([])
    expect(on('2026-01-04T00:00:00Z', year(2025))).toEqual([told])
    expect(on('2026-01-05T00:00:00Z', `${year(2024)}, ${year(2025)}`)).toEqual([told])
    expect(on('2026-01-05T00:00:00Z', `${year(2025)}, ${year(2026)}`)).toEqual([])
  })
  it('is not one whose windows come back', () => {
    expect(on('2026-01-05T00:00:00Z', '{ weekly: { from: "Fri 16:00", to: "Mon 08:00" }, zone: UTC }')).toEqual([])
  })
})
