// Everything the ledger can hold about a card, in the past tense. What was seen first, then what was decided.
import type { Actor } from './actor.ts'
import type { Card, Commit } from './card.ts'
import type { Change } from './change.ts'
import type { EvidenceSummary } from './evidence.ts'
import type { Judgement } from './judgement.ts'
import type { Problem } from './problem.ts'
import type { Facts } from './query.ts'
import type { Reason } from './reason.ts'
import type { Waiver, WaiverEnd } from './waiver.ts'

/**
 * Which policy was in force. `digest` finds its text among the ledger's documents; problems make it unreadable.
 * `since`: when it replaced another one for this board and repository; null where it is the first.
 */
export type PolicyRef = {
  digest: string
  since: string | null
  sources: { repository: string; path: string; blob: string }[]
  problems: Problem[]
}

/** How a move was asked for. */
export type Via = 'board' | 'automation' | 'label' | 'command' | 'andon'

export type Seen =
  /** In the board's own stream: a policy came into force: for the cards of the repository that has it, or ('') for all others. */
  | {
      kind: 'policy-changed'
      at: string
      repository: string
      digest: string
      previous: string | null
      sources: PolicyRef['sources']
    }
  /** In the board's own stream: from here on, a card that is new to it is a move like any other. */
  | { kind: 'board-adopted'; at: string; owner: string; project: string; number: number; title: string; cards: number }
  /** A board came under a policy: the cards it held were taken as they stood. */
  | { kind: 'card-adopted'; at: string; column: string | null; since: string | null }
  /** A read of the card: it closes every turn, and is what gets decided about. `id`: a ULID, from which new ids are drawn. */
  | {
      kind: 'card-seen'
      id: string
      at: string
      card: Card
      commit: Commit | null
      facts: Facts
      change: Change | null
      manifestProblems: Problem[]
      policy: PolicyRef | null
      /** Who GitHub's deliveries name as the mover, where the timeline has no word of it yet. */
      mover: Actor | null
    }
  /** `added`: which adding of the label asked, where GitHub's timeline told. */
  | {
      kind: 'move-asked'
      at: string
      to: string
      by: Actor
      via: 'label' | 'command'
      label: string | null
      added?: string
    }
  /** `written`: when the comment was; absent in older entries, which know only when it was read. */
  | { kind: 'approval-given'; at: string; by: Actor; change: string; url: string; written?: string }
  | ({ kind: 'gate-waived' } & Waiver)
  | {
      kind: 'command-given'
      at: string
      by: Actor
      command: string
      url: string
      refused: string | null
      retry: string | null
    }
  | { kind: 'run-started'; at: string; request: string; run: number; url: string }
  | { kind: 'run-ended'; at: string; request: string; run: number; attempt: number; conclusion: string; url: string }
  | { kind: 'dispatch-refused'; at: string; request: string; reason: Reason; detail: string }
  /** `environment`, `regions`: of the change that was measured; null or absent where that is not known. */
  | {
      kind: 'evidence-received'
      at: string
      request: string
      digest: string
      run: number
      evidence: EvidenceSummary
      /** The gate or workflow that it was asked for. */
      name?: string
      environment?: string | null
      regions?: string[]
    }
  | { kind: 'evidence-refused'; at: string; request: string; run: number; reason: Reason; detail: string }
  /** Andon itself moved the card: a return, an advance, an asked move carried out. */
  | { kind: 'card-placed'; at: string; column: string | null; since: string | null }
  /** The issue was opened in which an emergency is reviewed. `issue`: its node id. */
  | { kind: 'review-opened'; at: string; move: string; issue: string; number: number; url: string }
  | { kind: 'card-archived'; at: string }
  | { kind: 'card-removed'; at: string }

/** What gave a card its risk, where no label and no kind of change did. `path` null: GitHub could not tell all files. */
export type RiskCause = { path: string | null } | { field: string; value: string }

export type GateName = { name: string; kind: string; enforce: boolean }

/** What a workflow is asked: its file on the default branch, the criteria it may show, and the policy's own `with`. */
export type Asked = { file: string; criteria: Record<string, unknown>; with: Record<string, unknown> }

export type Outcome = 'granted' | 'refused' | 'superseded' | 'withdrawn' | 'removed'

export type Refusal = { reason: Reason; gate: string | null; detail: string[] }

/** What a move is bound to: another change, commit, policy or risk voids what was judged. */
export type Binding = {
  change: string | null
  commit: Commit | null
  policy: string | null
  changeKind: string | null
  risk: string
  /** What gave the card its risk, where that was a field or a file. */
  riskBy?: RiskCause
  gates: GateName[]
}

export type Decided =
  | (Binding & {
      kind: 'move-opened'
      at: string
      move: string
      from: string | null
      to: string | null
      by: Actor
      via: Via
      /** The policy's name of the agent whose account `by` is; absent where it is none. */
      agent?: string
      /** When the card came to stand in `to`, which tells one wish from the next; null while it does not stand there. */
      since: string | null
      forward: boolean
      restored: boolean
      whileWaiting: 'stay' | 'return'
    })
  /** `request` names a workflow's run; `start`: it runs because the card arrived, and decides nothing yet. */
  | {
      kind: 'gate-asked'
      at: string
      move: string
      gate: string
      request: string
      asked: Asked
      deadline: string
      purpose: 'gate' | 'start'
    }
  | { kind: 'gate-judged'; at: string; move: string; gate: string; request: string | null; judgement: Judgement }
  /** The change or the policy is not the one that was judged: everything is asked again. */
  | (Binding & {
      kind: 'gates-voided'
      at: string
      move: string
      because: 'change' | 'policy'
    })
  /** The column's rule is `while-waiting: return`: the card waits where it came from. */
  | { kind: 'move-parked'; at: string; move: string }
  | {
      kind: 'move-granted'
      at: string
      move: string
      from: string | null
      to: string | null
      reason: Reason
      change: string | null
    }
  | { kind: 'move-refused'; at: string; move: string; from: string | null; to: string | null; reasons: Refusal[] }
  | { kind: 'move-ended'; at: string; move: string; outcome: 'superseded' | 'withdrawn' | 'removed' }
  /** The card bears the label of the emergency lane, and the one who moved it is of none of its teams. */
  | { kind: 'emergency-refused'; at: string; move: string; by: Actor; label: string; teams: string[] }
  /** The move was granted though these gates were not asked. `labels`: of the issue for its review. */
  | {
      kind: 'emergency-used'
      at: string
      move: string
      by: Actor
      team: string
      skipped: string[]
      due: string
      labels: string[]
    }
  /** A look at GitHub showed the review's issue closed; null where GitHub does not say by whom. */
  | { kind: 'review-closed'; at: string; move: string; by: Actor | null }
  /** The waiver of this gate no longer holds: where the gate does not pass, it is judged so again. */
  | { kind: 'waiver-ended'; at: string; gate: string; because: WaiverEnd }
  /** Every gate on the way into a column that pulls would pass: the card is taken once there is room. */
  | { kind: 'card-ready'; at: string; to: string }
  | { kind: 'card-unready'; at: string; to: string }
  /** A workflow that follows a granted move (`then`). */
  | {
      kind: 'workflow-ordered'
      at: string
      move: string
      name: string
      request: string
      asked: Asked
      deadline: string
    }

export type Event = Seen | Decided
export type EventKind = Event['kind']
