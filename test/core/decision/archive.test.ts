// Stories of archived and restored cards in the middle of our own work on them.
import { describe, expect, it } from 'vitest'
import { CoreStory, column, gate, kinds, policyOf, SHA } from '../../support/core-story.ts'

const blobs = (found: string | null) => ({ blobs: { [`acme/bot@${SHA}`]: { 'README.md': found } } })
const gated = () =>
  policyOf([column('Backlog'), column('Staging', { enter: ['docs'] })], {
    docs: gate('files', { paths: ['README.md'] }),
  })

function archive(story: CoreStory, archived: boolean) {
  story.wait(5)
  story.card = { ...story.card, archived }
  return story.seen()
}

describe('a card that is archived before it was put back', () => {
  it('is asked anew when it is restored where it stood', () => {
    const story = new CoreStory(gated()).adopted('Backlog').know(blobs(null))
    expect(kinds(story.moved('Staging'))).toContain('move-refused')
    archive(story, true)
    expect(story.move.placing).toBeNull()
    expect(kinds(archive(story, false))).toEqual(['move-opened', 'gate-judged', 'move-refused'])
  })
})

describe('a restored card that was refused', () => {
  it('is decided once while it waits to be archived again, though it was put back long before', () => {
    const story = new CoreStory(gated()).adopted('Backlog').know(blobs(null))
    story.moved('Staging')
    story.placed('Backlog')
    story.know(blobs('b10b'))
    story.moved('Staging')
    archive(story, true)
    story.know(blobs(null))
    expect(kinds(archive(story, false))).toEqual(['move-opened', 'gate-judged', 'move-refused'])
    story.wait(30)
    expect(story.seen()).toEqual([])
  })

  it('is asked once more each time somebody restores it again', () => {
    const story = new CoreStory(gated()).adopted('Backlog').know(blobs('b10b'))
    story.moved('Staging')
    archive(story, true)
    story.know(blobs(null))
    expect(kinds(archive(story, false))).toContain('move-refused')
    story.take({ kind: 'card-archived', at: story.at })
    archive(story, true)
    expect(kinds(archive(story, false))).toContain('move-refused')
  })
})

describe('a card that was set further on while nobody looked, and then archived', () => {
  const pipeline = () =>
    policyOf(
      [column('Backlog'), column('Staging', { enter: ['docs'], leave: ['notes'] }), column('Production')],
      { docs: gate('files', { paths: ['README.md'] }), notes: gate('files', { paths: ['README.md'] }) },
      { moves: { forward: 'any', backward: 'any' } },
    )
  const further = (story: CoreStory) => {
    story.put('Production')
    archive(story, true)
    return archive(story, false)
  }

  it('passes over no column when it is restored', () => {
    const story = new CoreStory({ ...pipeline(), moves: { forward: 'next', backward: 'any' } }).adopted('Backlog')
    expect(further(story.know(blobs('b10b'))).at(-1)).toMatchObject({
      kind: 'move-refused',
      from: 'Backlog',
      reasons: [{ reason: 'skips-columns', detail: ['Staging'] }],
    })
    expect(story.effectsOf('archive-card')).toEqual([{ effect: 'archive-card' }])
  })

  it('is asked by the gates of every column on its way, where columns may be passed over', () => {
    const story = new CoreStory(pipeline()).adopted('Backlog').know(blobs(null))
    expect(further(story).at(-1)).toMatchObject({
      kind: 'move-refused',
      reasons: [{ gate: 'docs' }, { gate: 'notes' }],
    })
  })

  it('comes from where it was first, however often it was archived since', () => {
    const story = new CoreStory(pipeline()).adopted('Backlog').know(blobs(null))
    further(story)
    story.take({ kind: 'card-archived', at: story.at })
    archive(story, true)
    story.put('Production')
    expect(archive(story, false).at(-1)).toMatchObject({ kind: 'move-refused', reasons: [{ gate: 'docs' }, {}] })
  })

  it('is back at its place after a restored move was granted', () => {
    const story = new CoreStory(pipeline()).adopted('Backlog').know(blobs('b10b'))
    story.moved('Staging')
    archive(story, true)
    expect(archive(story, false)[0]).toMatchObject({ kind: 'move-opened', from: 'Staging', to: 'Staging' })
    expect(story.move).toMatchObject({ home: 'Staging', archivedFrom: null, archived: false })
  })
})
