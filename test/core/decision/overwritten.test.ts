// Stories of a person's move that ours overwrote, since it came between our look at the card and our move of it.
import { describe, expect, it } from 'vitest'
import { bo, CoreStory, column, cy, gate, kinds, policyOf, SHA } from '../../support/core-story.ts'

const blobs = (found: string | null) => ({ blobs: { [`acme/bot@${SHA}`]: { 'README.md': found } } })
const policy = () =>
  policyOf(
    [column('Backlog'), column('Ready', { enter: ['docs'] }), column('Staging', { enter: ['docs'] })],
    { docs: gate('files', { paths: ['README.md'] }) },
    { labels: { hold: 'andon: hold', move: { 'promote: ready': 'Ready' } } },
  )

/** Refused in Staging; before the card is put back into `home`, Bo moves it to `to`. */
function overwritten(home: string, to: string, found: string | null): CoreStory {
  const story = new CoreStory(policy()).adopted(home).know(blobs(found))
  expect(kinds(story.moved(home === 'Backlog' ? 'Staging' : 'Ready'))).toContain('move-refused')
  story.wait(3).put(to, bo)
  return story.placed(home).wait(1)
}

const opened = (story: CoreStory) =>
  story.events.flatMap((event) => (event.kind === 'move-opened' ? [[event.by.login, event.from, event.to]] : []))

describe('a move that ours overwrote', () => {
  it('is decided all the same, and the card is put where it was wished', () => {
    const story = overwritten('Backlog', 'Ready', 'b10b')
    expect(kinds(story.seen())).toEqual(['move-opened', 'gate-judged', 'move-granted'])
    expect(opened(story).at(-1)).toEqual(['bo', 'Backlog', 'Ready'])
    expect(story.effectsOf('place-card').at(-1)).toMatchObject({ column: 'Ready', expected: { column: 'Backlog' } })
    story.placed('Ready')
    expect(kinds(story.wait(1).seen())).toEqual([])
    expect(story.move.home).toBe('Ready')
  })

  it('is refused where it may not be, and decided once', () => {
    const story = overwritten('Backlog', 'Ready', null)
    expect(kinds(story.seen())).toEqual(['move-opened', 'gate-judged', 'move-refused'])
    expect(story.move.placing).toBeNull()
    expect(kinds(story.wait(60).seen())).toEqual([])
    story.take({ kind: 'move-asked', at: story.at, to: 'Ready', by: cy, via: 'label', label: 'promote: ready' })
    story.seen()
    expect(kinds(story.wait(60).seen())).toEqual([])
    expect(opened(story).map(([by]) => by)).toEqual(['ada', 'bo', 'cy'])
  })

  it('back home asks for nothing more', () => {
    expect(kinds(overwritten('Backlog', 'Backlog', null).seen())).toEqual([])
  })

  it('to a column that the board no longer has asks for nothing', () => {
    const story = overwritten('Backlog', 'Ready', 'b10b')
    const options = story.card.field?.options.filter(({ name }) => name !== 'Ready') ?? []
    story.card = { ...story.card, field: story.card.field && { ...story.card.field, options } }
    expect(kinds(story.seen())).toEqual([])
  })

  it('is overtaken where somebody has moved the card again since', () => {
    const story = overwritten('Backlog', 'Ready', 'b10b')
    expect(kinds(story.moved('Staging', cy))).toContain('move-refused')
    expect(opened(story).map(([by]) => by)).toEqual(['ada', 'cy'])
  })
})

describe('a move that ours did not overwrite', () => {
  it('is not found in a timeline that lags behind the board', () => {
    const story = new CoreStory(policy()).adopted('Backlog').know(blobs(null))
    const before = story.card.timeline
    story.wait(10).put('Staging')
    const whole = story.card.timeline
    story.card = { ...story.card, timeline: before }
    expect(kinds(story.seen())).toContain('move-refused')
    story.card = { ...story.card, timeline: whole }
    story.placed('Backlog')
    expect(kinds(story.wait(1).seen())).toEqual([])
  })

  it('is not found in a record that does not tell our moves from others', () => {
    const story = overwritten('Backlog', 'Ready', 'b10b')
    const timeline = story.card.timeline.map(({ own: _, ...entry }) => entry)
    story.card = { ...story.card, timeline }
    expect(kinds(story.seen())).toEqual([])
  })
})
