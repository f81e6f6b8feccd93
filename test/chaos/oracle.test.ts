// The oracle of the chaos run is no rubber stamp: a move that stood long enough to be seen and was not decided is lost.
import { expect, it } from 'vitest'
import { consult, type Sight } from './oracle.ts'

const START = Date.parse('2026-11-25T10:00:00Z')
const MINUTE = 60_000

/** A card that people put into these columns, each after so many minutes, while the app decided nothing but the last. */
function judged(...moves: [column: string, minutes: number][]) {
  const sights: Sight[] = moves.map(([column, minutes]) => {
    const at = START + minutes * MINUTE
    return { card: 'A', at, by: 'people', column, since: new Date(at).toISOString(), archived: false }
  })
  const last = sights.at(-1) as Sight
  const claim = { card: 'A', id: '1', openedAt: last.at + 1000, endedAt: last.at + 2000, from: null, to: last.column }
  const claims = [{ ...claim, since: last.since, restored: false, byLabel: false, reasons: [] }]
  const evidence = { sights, deeds: [], passes: () => true, ended: () => true }
  const verdict = consult({ ...evidence, claims: claims.map((each) => ({ ...each, outcome: 'granted' as const })) })
  return { lost: verdict.faults.filter(({ what }) => what === 'lost').length, overtaken: verdict.overtaken }
}

it('calls a move overtaken that the next one followed soon', () => {
  expect(judged(['Evaluation', 0], ['Backlog', 1])).toEqual({ lost: 0, overtaken: 1 })
})

it('calls a move lost that stood for longer than anything may wait', () => {
  expect(judged(['Evaluation', 0], ['Backlog', 20])).toEqual({ lost: 1, overtaken: 0 })
})

it.each([
  ['skips columns', 'Backlog', 'Staging', 'refused', 0],
  ['skips columns', 'Backlog', 'Staging', 'granted', 1],
  ['comes back where it was', 'Backlog', 'Backlog', 'granted', 0],
  ['comes from nowhere', null, 'Backlog', 'granted', 1],
] as const)(
  'expects of a restored card that %s, from %s to %s, %s: %i faults',
  (_what, from, column, outcome, wrong) => {
    const at = START + MINUTE
    const stand = { card: 'A', by: 'people' as const, since: null }
    const sights: Sight[] = [
      { ...stand, at: START, column: 'Backlog', archived: false },
      { ...stand, at: START + 30_000, column: 'Backlog', archived: true },
      { ...stand, at, column, archived: false },
    ]
    const opened = { card: 'A', since: null, byLabel: false, reasons: [] }
    const claims = [
      { ...opened, id: '1', openedAt: START + 1000, endedAt: START + 2000, from: null, to: 'Backlog', restored: false },
      { ...opened, id: '2', openedAt: at + 1000, endedAt: at + 2000, from, to: column, restored: true },
    ].map((claim) => ({ ...claim, outcome: claim.id === '1' ? ('granted' as const) : outcome }))
    const { faults } = consult({ sights, claims, deeds: [], passes: () => true, ended: () => true })
    expect(faults.filter(({ what }) => what === 'wrong')).toHaveLength(wrong)
  },
)

it('takes a move that is asked for again while it waits for the same one', () => {
  const [open, again, away] = [START, START + 40 * MINUTE, START + 90 * MINUTE]
  const stand = { card: 'A', by: 'people' as const, since: null, archived: false }
  const sights: Sight[] = [
    { ...stand, at: open, column: 'Backlog' },
    { ...stand, at: again, column: 'Backlog', by: 'andon' },
    { ...stand, at: again + 1000, column: 'Evaluation' },
    { ...stand, at: away, column: 'Ready' },
  ]
  const opened = { card: 'A', since: null, byLabel: false, reasons: [], restored: false }
  const claims = [
    { ...opened, id: '1', openedAt: open + 1000, endedAt: open + 2000, from: null, to: 'Backlog' },
    { ...opened, id: '2', openedAt: again - 1000, endedAt: away, from: 'Backlog', to: 'Evaluation' },
    { ...opened, id: '3', openedAt: away + 1000, endedAt: away + 2000, from: 'Backlog', to: 'Ready' },
  ].map((claim) => ({ ...claim, outcome: claim.id === '2' ? ('superseded' as const) : ('granted' as const) }))
  const evidence = { deeds: [], passes: () => true, ended: () => true }
  const lost = (of: typeof claims) =>
    consult({ sights, claims: of, ...evidence }).faults.filter(({ what }) => what === 'lost').length
  expect(lost(claims)).toBe(0)
  expect(lost(claims.filter(({ id }) => id !== '2'))).toBe(1)
})
