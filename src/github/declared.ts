// Takes the manifest out of what people wrote of a change, and tells since when they have written no more.
import { findManifest, type ManifestText } from '../core/facts/manifest.ts'
import type { BlobText, ContentAnswer, PullAnswer } from './card-answer.ts'

/** The latest edit of every description that may hold the manifest, also of one that holds none now. */
export function writtenAt(content: ContentAnswer, pull: PullAnswer | null): string {
  const times = [content, ...(pull ? [pull] : [])].map(({ lastEditedAt, createdAt }) => lastEditedAt ?? createdAt)
  return times.reduce((a, b) => (Date.parse(b) > Date.parse(a) ? b : a))
}

export function manifestOf(
  content: ContentAnswer & { __typename: 'Issue' | 'PullRequest' },
  pull: PullAnswer | null,
): ManifestText | null {
  // Past 250 commits GitHub's list may end before the head: a file of another commit is not this change's.
  const head = pull?.head.find(({ commit }) => commit.oid === pull.headRefOid)
  const file = pull ? (head?.commit.file?.object ?? null) : content.repository.manifest
  return findManifest({
    pull: pull?.body ?? null,
    issue: content.__typename === 'Issue' ? content.body : null,
    file: wholeText(file),
  })
}

function wholeText(blob: BlobText): string | null {
  return blob === null || blob.isTruncated ? null : blob.text
}
