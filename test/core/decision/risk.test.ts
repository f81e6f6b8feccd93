// Stories of risk: by files, by fields, and what follows when it changes or is not known yet.
import { describe, expect, it } from 'vitest'
import type { Card } from '../../../src/core/facts/card.ts'
import type { Touched } from '../../../src/core/facts/query.ts'
import { recordKey } from '../../../src/core/facts/record-question.ts'
import { CoreStory, column, cy, gate, kinds, policyOf, SHA } from '../../support/core-story.ts'

const columns = [column('Backlog'), column('Staging', { enter: ['release'] })]
const release = gate('approval', { users: ['cy', 'dot'], count: { default: 1, high: 2 } })
const rule = (more: object) => ({ name: 'high', labels: [], changes: [], ...more })
const byPaths = policyOf(columns, { release }, { risk: [rule({ paths: ['guardrails/**'] })] })
const byField = policyOf(columns, { release }, { risk: [rule({ fields: { Risk: ['High'] } })] })
const pullKey = `acme/bot#7@${SHA}`
const touched = (answer: Touched) => ({ touched: { [pullKey]: { 'guardrails/**': answer } } })
const rows = (story: CoreStory) => story.move.current?.gates[0]?.judgement?.rows

describe('risk by the files of the pull request', () => {
  it('is not guessed: nothing is opened before they are known', () => {
    const story = new CoreStory(byPaths).adopted('Backlog')
    expect(story.moved('Staging')).toEqual([])
    expect(story.asks()).toEqual([
      { fact: 'touched', repository: 'acme/bot', number: 7, sha: SHA, globs: ['guardrails/**'] },
    ])
  })

  it('asks for as many approvals as the risk wants, and says which file it was', () => {
    const story = new CoreStory(byPaths).adopted('Backlog').know(touched({ path: 'guardrails/pii.yml' }))
    story.moved('Staging')
    expect(story.move.current).toMatchObject({ risk: 'high', riskBy: { path: 'guardrails/pii.yml' } })
    expect(rows(story)).toMatchObject([{ criterion: '≥ 2 of cy, dot', note: 'at risk high' }])
  })

  it('is not that of a change that touches none of them', () => {
    const story = new CoreStory(byPaths).adopted('Backlog').know(touched(null))
    story.moved('Staging')
    expect(story.move.current).toMatchObject({ risk: 'default' })
    expect(rows(story)).toMatchObject([{ criterion: '≥ 1 of cy, dot', note: 'at risk default' }])
  })

  it('is taken for the higher one where GitHub cannot tell all files', () => {
    const story = new CoreStory(byPaths).adopted('Backlog').know(touched({ path: null }))
    story.moved('Staging')
    expect(story.move.current).toMatchObject({ risk: 'high', riskBy: { path: null } })
  })

  it('of another head says nothing of this one', () => {
    const story = new CoreStory(byPaths).adopted('Backlog')
    story.know({ touched: { [`acme/bot#7@${'b'.repeat(40)}`]: { 'guardrails/**': null } } })
    expect(story.moved('Staging')).toEqual([])
  })

  it('needs no files where a label says it, nor where there is no pull request', () => {
    const label = policyOf(
      columns,
      { release },
      { risk: [{ name: 'low', labels: ['x'], changes: [] }, ...byPaths.risk] },
    )
    const story = new CoreStory(label).adopted('Backlog')
    const content = story.card.content as NonNullable<Card['content']>
    story.card = { ...story.card, content: { ...content, labels: [{ id: '1', name: 'x' }] } }
    story.moved('Staging')
    expect(story.move.current).toMatchObject({ risk: 'low' })
    const issue = new CoreStory(byPaths, { card: { pull: null } }).adopted('Backlog')
    issue.moved('Staging')
    expect(issue.move.current).toMatchObject({ risk: 'default' })
  })
})

describe('risk by a field of the board', () => {
  const fields = (value: string | null) => ({ risk: { value, options: ['Low', 'high'] } })

  it('is told by its value, capitals or not', () => {
    const story = new CoreStory(byField, { card: { fields: fields('high') } }).adopted('Backlog')
    story.moved('Staging')
    expect(story.move.current).toMatchObject({ risk: 'high', riskBy: { field: 'Risk', value: 'high' } })
  })

  it('changes while the card waits: all is judged anew, at the new risk', () => {
    const story = new CoreStory(byField, { card: { fields: fields('high') } }).adopted('Backlog')
    story.moved('Staging')
    story.card = { ...story.card, fields: fields(null) }
    expect(kinds(story.seen())).toEqual(['gates-voided', 'gate-judged'])
    expect(story.move.current).toMatchObject({ risk: 'default' })
    expect(story.move.current).not.toHaveProperty('riskBy')
    expect(rows(story)).toMatchObject([{ criterion: '≥ 1 of cy, dot' }])
  })

  it.each([
    ['the board lacks the field', {}, 'Risk'],
    ['the field lacks the value', { Risk: { value: null, options: ['Low'] } }, 'Risk: High'],
    ['an old read does not tell', undefined, 'Risk'],
  ])('refuses a forward move where %s', (_, has, detail) => {
    const story = new CoreStory(byField, { card: has ? { fields: has } : {} }).adopted('Backlog')
    expect(story.moved('Staging').at(-1)).toMatchObject({
      kind: 'move-refused',
      reasons: [{ reason: 'field-unknown', detail: [detail] }],
    })
  })
})

it('a kind of change that its label changes while the card waits is the one that is judged', () => {
  const policy = policyOf(columns, { release }, { changes: [{ name: 'model', label: 'm', requires: [] }] })
  const story = new CoreStory(policy).adopted('Backlog')
  story.moved('Staging', cy)
  const content = story.card.content as NonNullable<Card['content']>
  story.card = { ...story.card, content: { ...content, labels: [{ id: '1', name: 'm' }] } }
  expect(kinds(story.seen())).toContain('gates-voided')
  expect(story.move.current?.changeKind).toBe('model')
})

describe('a limit by risk', () => {
  const limited = policyOf(
    [column('Backlog'), column('Staging', { limit: { total: null, perOwner: null, perRisk: { high: 1 } } })],
    {},
    { risk: [rule({ labels: ['h'] })] },
  )
  const there = (item: string) => ({
    item,
    title: `Card ${item}`,
    since: '2026-11-01T00:00:00Z',
    assignees: [],
    archived: false,
  })
  const begin = (labels: string[], risks: { item: string; risk: string }[]) => {
    const story = new CoreStory(limited).adopted('Backlog')
    const content = story.card.content as NonNullable<Card['content']>
    story.card = { ...story.card, content: { ...content, labels: labels.map((name) => ({ id: name, name })) } }
    return story.know({
      columns: { Staging: [there('a'), there('b')] },
      record: { [recordKey({ of: 'risks', column: 'Staging' })]: risks },
    })
  }
  const told = [
    { item: 'a', risk: 'default' },
    { item: 'b', risk: 'high' },
  ]

  it('asks the record for the risks of those who stand there', () => {
    const story = new CoreStory(limited).adopted('Backlog')
    story.put('Staging')
    expect(story.asks()).toEqual([
      { fact: 'column', name: 'Staging' },
      { fact: 'record', question: { of: 'risks', column: 'Staging' } },
    ])
  })

  it('holds for cards of that risk, and no others', () => {
    expect(begin(['h'], told).moved('Staging').at(-1)).toMatchObject({
      kind: 'move-refused',
      reasons: [{ reason: 'column-full-for-risk', detail: ['Staging', '1', 'high', 'Card b'] }],
    })
    expect(kinds(begin([], told).moved('Staging'))).toContain('move-granted')
    const free = told.map(({ item }) => ({ item, risk: 'default' }))
    expect(kinds(begin(['h'], free).moved('Staging'))).toContain('move-granted')
  })

  it('counts a card of unknown risk at every risk', () => {
    expect(kinds(begin(['h'], [{ item: 'a', risk: 'default' }]).moved('Staging'))).toContain('move-refused')
  })
})
