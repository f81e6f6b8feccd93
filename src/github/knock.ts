// What a webhook says in our words: that something may have changed, and where to look.
import type { Actor } from '../core/facts/actor.ts'

/** A doorbell, not a fact: apart from a run's end, everything is read back from GitHub. */
export type Knock =
  | {
      knock: 'item'
      owner: string
      project: string
      item: string
      mover: Actor | null
      to: string | null
      removed: boolean
      ours: boolean
    }
  /** `pull`: the pull request, where its commits or its state may be others now. */
  | {
      knock: 'content'
      owner: string
      content: string
      label: { name: string; by: Actor } | null
      pull?: { repository: string; number: number }
    }
  | {
      knock: 'run'
      owner: string
      repository: string
      run: number
      attempt: number
      name: string
      path: string
      branch: string | null
      sha: string
      event: string
      status: string
      conclusion: string | null
      url: string
      updatedAt?: string
    }
  | {
      knock: 'check'
      owner: string
      repository: string
      sha: string
      rerequested: boolean
      externalId: string | null
      by: Actor
    }
  | { knock: 'policy'; owner: string; repository: string }
  | { knock: 'board'; owner: string; project: string }
  | { knock: 'installation'; owner: string; removed: boolean }
