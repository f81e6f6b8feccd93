// Reactions, grouped by kind as GitHub shows them.
import type { Reaction } from '../../world/thread.ts'

const CONTENTS = ['THUMBS_UP', 'THUMBS_DOWN', 'LAUGH', 'HOORAY', 'CONFUSED', 'HEART', 'ROCKET', 'EYES']

/** One group for each kind of reaction, whether or not anybody has reacted so. */
export function groupsOf(subject: { reactions: Reaction[] }) {
  return CONTENTS.map((content) => {
    const reactions = subject.reactions.filter((reaction) => reaction.content === content)
    return { content, createdAt: reactions[0]?.createdAt ?? null, subject, viewerHasReacted: false }
  })
}
