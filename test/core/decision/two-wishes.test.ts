// Stories of a card that was dragged and asked for by label before anybody looked: neither wish is lost.
import { describe, expect, it } from 'vitest'
import { ada, CoreStory, column, gate, kinds, policyOf, SHA } from '../../support/core-story.ts'

const blobs = (found: string | null) => ({ blobs: { [`acme/bot@${SHA}`]: { 'README.md': found } } })
const policy = () =>
  policyOf(
    [
      column('Backlog'),
      column('Ready'),
      column('Staging', { enter: ['docs'] }),
      column('Production', { enter: ['docs'] }),
    ],
    { docs: gate('files', { paths: ['README.md'] }) },
    { labels: { hold: 'andon: hold', move: { 'promote: ready': 'Ready' } } },
  )

const gatedReady = () =>
  policyOf([column('Backlog'), column('Ready', { enter: ['docs'] }), column('Staging'), column('Production')], {
    docs: gate('files', { paths: ['README.md'] }),
  })

function draggedAndAsked(from: string, to: string): CoreStory {
  const story = new CoreStory(policy()).adopted(from).know(blobs('b10b'))
  story.wait(10)
  story.put(to)
  return story.take({ kind: 'move-asked', at: story.at, to: 'Ready', by: ada, via: 'label', label: 'promote: ready' })
}

const opened = (story: CoreStory) =>
  story.events.flatMap((event) => (event.kind === 'move-opened' ? [[event.via, event.from, event.to]] : []))

describe('a card that was dragged, and asked for by label, between two looks', () => {
  it('has both on record, and stands where the label asked for', () => {
    const story = draggedAndAsked('Backlog', 'Staging')
    expect(kinds(story.seen())).toEqual(['move-opened', 'move-refused', 'move-opened', 'move-granted'])
    expect(opened(story)).toEqual([
      ['board', 'Backlog', 'Staging'],
      ['label', 'Backlog', 'Ready'],
    ])
    expect(story.effectsOf('place-card').at(-1)).toMatchObject({ column: 'Ready' })
  })

  it('counts what the drag was granted before the label moves it on', () => {
    const story = draggedAndAsked('Production', 'Backlog')
    expect(kinds(story.seen())).toEqual(['move-opened', 'move-granted', 'move-opened', 'move-granted'])
    expect(opened(story)).toEqual([
      ['board', 'Production', 'Backlog'],
      ['label', 'Backlog', 'Ready'],
    ])
  })

  it('ends a drag that would have had to wait as superseded', () => {
    const story = draggedAndAsked('Ready', 'Staging')
    expect(kinds(story.seen())).toEqual(['move-opened', 'move-ended', 'move-opened', 'move-granted'])
    expect(story.move.home).toBe('Ready')
  })

  it('goes back where it came from when both are refused, and neither is decided again', () => {
    const story = new CoreStory(gatedReady()).adopted('Backlog').know(blobs(null))
    story.wait(10)
    story.put('Production')
    story.take({ kind: 'move-asked', at: story.at, to: 'Ready', by: ada, via: 'label', label: 'promote: ready' })
    expect(kinds(story.seen())).toEqual(['move-opened', 'move-refused', 'move-opened', 'gate-judged', 'move-refused'])
    expect(story.effectsOf('place-card').at(-1)).toMatchObject({ column: 'Backlog', why: 'return' })
    story.wait(5)
    expect(story.seen()).toEqual([])
    story.placed('Backlog')
    expect(story.seen()).toEqual([])
  })

  it('keeps what a drag that asks nothing was granted, though the label is refused', () => {
    const story = new CoreStory(gatedReady()).know(blobs(null))
    story.wait(10)
    story.put('Backlog')
    story.take({ kind: 'move-asked', at: story.at, to: 'Ready', by: ada, via: 'label', label: 'promote: ready' })
    expect(kinds(story.seen())).toEqual(['move-opened', 'move-granted', 'move-opened', 'gate-judged', 'move-refused'])
    expect(story.move.home).toBe('Backlog')
    expect(story.effectsOf('place-card').filter(({ why }) => why === 'return')).toEqual([])
    story.wait(5)
    expect(story.seen()).toEqual([])
  })
})
