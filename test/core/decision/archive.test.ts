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
