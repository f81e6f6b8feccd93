// A policy beside its live board: what the board or the organization does not have is told at its place.
import { expect, it } from 'vitest'
import { sentence } from '../../../src/core/facts/problem.ts'
import { combine } from '../../../src/core/policy/inherit.ts'
import { type LiveBoard, teamsNamed, unlikeBoard } from '../../../src/core/policy/on-board.ts'

const CENTRAL = `version: 1
board: { project: 12 }
columns:
  - name: Backlog
  - name: Staging
    enter: [look]
  - name: Production
gates:
  look: { kind: approval, teams: [ai-safety, reviewers] }
`
const OWN = 'version: 1\ngates:\n  look: { kind: approval, teams: [ml] }\n'

const source = (text: string, path: string) => ({ repository: '', path, text })
const files = { organization: source(CENTRAL, 'org.yml'), repository: null }
const board = (columns: string[], teams: LiveBoard['teams'] = {}, field = 'Status'): LiveBoard => ({
  fields: [
    { name: 'Priority', options: [{ name: 'P0' }] },
    { name: field, options: columns.map((name) => ({ name })) },
  ],
  teams,
})
const hold = (live: LiveBoard, held: Parameters<typeof unlikeBoard>[1] = files) => {
  const checked = combine(held.organization, held.repository)
  if (!checked?.ok) throw new Error('The policy of this test is none.')
  const { problems, warnings } = unlikeBoard(checked.value, held, live)
  return { problems: problems.map(sentence), warnings: warnings.map(sentence) }
}

it('one that fits is passed in silence', () =>
  expect(hold(board(['Backlog', 'Staging', 'Production'], { 'ai-safety': ['cy'], reviewers: [] }))).toEqual({
    problems: [],
    warnings: [],
  }))

it('a column that was renamed is named, with what it may be called now', () =>
  expect(hold(board(['Backlog', 'Stagging', 'Production']))).toEqual({
    problems: ['org.yml, line 5, column 11: `Staging` is no column of the board. Did you mean `Stagging`?'],
    warnings: [],
  }))

it('a column that the policy does not name lets cards past every gate', () =>
  expect(hold(board(['Backlog', 'Staging', 'Production', 'Live'])).warnings).toEqual([
    'org.yml, line 3, column 1: The board has a column `Live` that the policy does not name: no gate asks a card that goes there. List it, or take it off the board.',
  ]))

it('a field that is not there', () =>
  expect(hold(board(['Backlog'], {}, 'Stage')).problems).toEqual([
    'org.yml, line 2, column 1: `Status` is no single-select field of the board. Allowed here: `Priority`, `Stage`.',
  ]))

it('a team that does not exist, in the file that names it', () => {
  const teams = { 'ai-safety': null, reviewers: ['cy'], ml: null }
  const columns = ['Backlog', 'Staging', 'Production']
  expect(hold(board(columns, teams)).problems).toEqual([
    'org.yml, line 9, column 35: The organization has no team `ai-safety`, or does not show it. Correct the slug, create the team, or let the app read members.',
  ])
  const both = { organization: source(CENTRAL, 'org.yml'), repository: source(OWN, 'own.yml') }
  expect(teamsNamed(both)).toEqual(['ml'])
  expect(hold(board(columns, teams), both).problems[0]).toContain(
    'own.yml, line 3, column 35: The organization has no team `ml`',
  )
})
