// What the flow may ask of GitHub. The one implementation is `client.ts`; nothing else in the app knows Octokit.
import type { Actor } from '../core/facts/actor.ts'
import type { Card, CardAddress, Place, TimelineMove } from '../core/facts/card.ts'
import type { Problem } from '../core/facts/problem.ts'
import type { Facts, GitHubQuery } from '../core/facts/query.ts'

/**
 * A policy file as it stands on a default branch. `blob` is git's id of it; `unread` says why `text` is not the whole
 * of it.
 */
export type PolicyFile = { repository: string; path: string; blob: string; text: string; unread?: Problem }

/** What governs one card. `bases`: the files under `policies/` of the organization's `.github` repository. */
export type PolicyFiles = { organization: PolicyFile | null; repository: PolicyFile | null; bases: PolicyFile[] }

/** A person's `/andon …` comment on the card. */
export type CommandComment = { id: string; url: string; by: Actor; at: string; body: string; edited: boolean }

/** One read of a card: the card, its policy files, the answers asked along with it, and its latest commands. */
export type CardReading = {
  /** null: the item is gone from the board. */
  card: Card | null
  policies: PolicyFiles
  facts: Facts
  commands: CommandComment[]
}

/** What the reader may leave out: the facts wanted with the card, as the last read of its board let us foresee. */
export type CardWish = {
  address: { item: string; owner: string }
  wanted: GitHubQuery[]
  /** Stands in for the repository's own policy, as one that is not merged yet. */
  instead?: PolicyFile | null
}

export type CheckConclusion = 'success' | 'failure' | 'action_required' | 'cancelled' | 'neutral' | 'skipped'

/** A check run as it is to stand. `id` is its node id where it exists already. */
export type CheckWrite = {
  id: string | null
  repositoryId: string
  repository: string
  sha: string
  name: string
  externalId: string
  detailsUrl: string | null
  conclusion: CheckConclusion | null
  title: string
  summary: string
  text: string
  /** At most 50 in one write; those of a later one are added to them. */
  annotations?: CheckAnnotation[]
}

/** A mark on a line of a file, in plain text. */
export type CheckAnnotation = {
  path: string
  line: number
  level: 'warning' | 'failure'
  title: string
  message: string
}

/** One thing to change on GitHub. Several of them travel in one request. */
export type Write =
  | { write: 'place'; project: string; item: string; field: string; option: string | null }
  | { write: 'archive'; project: string; item: string }
  | ({ write: 'check' } & CheckWrite)
  | { write: 'comment'; id: string | null; subject: string; body: string }
  | { write: 'remove-label'; subject: string; label: string }

/** `id`: node id of what was written. `place`: where the card stands after a `place`. */
export type Written =
  | { ok: true; id: string | null; url: string | null; place: Place | null }
  | { ok: false; why: Unwritten; message: string; retryAfter?: number | null }

/**
 * `outage`: worth trying again, after `retryAfter` seconds. `denied`: the app lacks a permission, which may be given
 * back. `refused`: GitHub will not take it for this subject, now or later (a locked thread, 2,500 comments).
 */
export type Unwritten = 'outage' | 'denied' | 'refused'

export type DispatchResult =
  /** `run` is null where GitHub did not name it: it is then found by the request in its name. */
  | { ok: true; run: { id: number; url: string } | null }
  | { ok: false; reason: 'workflow-missing' | 'workflow-without-input' | 'dispatch-refused'; message: string }

export type Run = {
  id: number
  name: string
  path: string
  event: string
  branch: string | null
  sha: string
  attempt: number
  status: string
  conclusion: string | null
  url: string
  /** When GitHub last changed it: of a run that has ended, its end. */
  updatedAt?: string
}

/** The files that a pull request touches, by their new and old paths. `whole` false: there are more than GitHub shows. */
export type PullFiles = { paths: string[]; whole: boolean }

/** A pull request with the policy file at its head, and those in force. `toDefault`: it is for the default branch. */
export type PolicyPull = {
  repository: string
  repositoryId: string
  open: boolean
  sha: string
  toDefault: boolean
  head: PolicyFile | null
  repositoryPolicy: PolicyFile | null
  organizationPolicy: PolicyFile | null
  /** What policies may extend, on the default branch and with the pull request's head. */
  bases: { before: PolicyFile[]; after: PolicyFile[] }
}

/** The bytes of `evidence.json` out of the run's artifact, and since when it is there; or why there are none. */
export type Artifact =
  | { ok: true; bytes: Uint8Array; artifact: number; createdAt: string | null }
  | { ok: false; reason: 'evidence-missing' | 'evidence-too-large' | 'evidence-malformed'; message: string }

export type BoardItem = {
  item: string
  title: string
  type: Card['type']
  archived: boolean
  place: Place
  updatedAt: string
  content: string | null
  /** Of the issue or pull request, `owner/name` and its number there; null for a draft, and where we may not see it. */
  repository: string | null
  number: number | null
  /** The first twenty names: enough to find one that asks for a move. */
  labels: string[]
}
export type BoardPage = { items: BoardItem[]; cursor: string | null; total: number }

/**
 * A board, and the cards that GitHub's own filter says were changed since a day, archived ones among them. `trusted`:
 * the filter's numbers add up; where they do not, it may have been read as something else.
 */
export type BoardNews = { id: string; title: string; changed: BoardPage; total: number; trusted: boolean }

/** What the timeline of one issue or pull request tells of its moves on a board, oldest first. `card`: `acme/bot#7`. */
export type MoveHistory = { content: string; card: string; moves: TimelineMove[] }

/** One try to hand over a delivery, as GitHub logged it. `heard`: an event that means something to us. */
export type Attempt = { id: number; guid: string; at: string; redelivery: boolean; heard: boolean; failed: boolean }

/** The app's log of deliveries on GitHub, which forgets after three days. */
export type DeliveryLog = {
  /** A hundred attempts, newest first. */
  page(cursor: string | null): Promise<{ attempts: Attempt[]; cursor: string | null }>
  /** Asks GitHub to deliver once more, under the same GUID; false where it no longer can. */
  redeliver(attempt: number): Promise<boolean>
}

export type NewIssue = { repository: string; title: string; body: string; labels: string[] }

/** Refused: GitHub will not open it now (issues are off, a right is missing). */
export type OpenedIssue = { ok: true; id: string; number: number; url: string } | { ok: false; message: string }

export type GitHub = {
  /** The app's own account on GitHub, `<slug>[bot]`. */
  self(): Promise<Actor>
  /** One GraphQL request. */
  readCard(wish: CardWish): Promise<CardReading>
  /** One GraphQL request for answers that `readCard` was not asked for. */
  answer(address: CardAddress, queries: GitHubQuery[]): Promise<Facts>
  /** One GraphQL request that carries all writes, in order; each has its own outcome. */
  write(writes: Write[]): Promise<Written[]>
  /** Starts a workflow on the default branch. Never repeated by itself. `input` is the JSON of contract 5. */
  dispatch(target: { repository: string; ref: string; file: string; input: string }): Promise<DispatchResult>
  /** The run whose name holds the request; null where there is none (yet). */
  findRun(target: { repository: string; file: string; request: string; since: string }): Promise<Run | null>
  run(repository: string, id: number): Promise<Run | null>
  evidence(repository: string, run: number): Promise<Artifact>
  /** Check runs of ours by name on a commit, to find again what a lost answer hid. */
  findChecks(target: {
    repository: string
    sha: string
  }): Promise<{ id: string; name: string; externalId: string | null }[]>
  /** How many annotations a check run has; null where it is gone. */
  annotations(check: string): Promise<number | null>
  /** Null: no such pull request. */
  pullFiles(repository: string, number: number): Promise<PullFiles | null>
  policyPull(repository: string, number: number): Promise<PolicyPull | null>
  findComment(subject: string, marker: string): Promise<{ id: string; url: string } | null>
  /** Opens an issue. Never repeated by itself. Labels that the repository does not have are made. */
  openIssue(wish: NewIssue): Promise<OpenedIssue>
  /** An issue of the app's own with this marker, changed since an instant. */
  findIssue(target: {
    repository: string
    marker: string
    since: string
  }): Promise<{ id: string; number: number; url: string } | null>
  /** Cards whose content is that issue or pull request, or that a pull request closes: item ids on open boards. */
  itemsOf(content: string): Promise<CardAddress[]>
  /** All policy files the installation can see: the organization's and each repository's, and what they may extend. */
  policies(owner: string): Promise<{ files: PolicyFile[]; bases: PolicyFile[] }>
  board(
    owner: string,
    number: number,
  ): Promise<{
    id: string
    title: string
    fields: { id: string; name: string; options: { id: string; name: string }[] }[]
  } | null>
  /** `all`: with the archived cards, which are left out otherwise. */
  boardPage(project: string, field: string, cursor: string | null, which?: 'shown' | 'all'): Promise<BoardPage>
  /** One request. `since`: a day, as in 2026-11-23; `cursor`: of the page of changed cards before. Null: no such board. */
  boardNews(
    board: { owner: string; number: number; field: string },
    since: string,
    cursor: string | null,
  ): Promise<BoardNews | null>
  /** The moves of issues and pull requests on one board since an instant; what GitHub does not show is left out. */
  histories(contents: string[], project: string, since: string): Promise<MoveHistory[]>
}

/**
 * A whole board, read in pages of a hundred cards. `hidden`: by item, what a page cannot hold: commits whose co-authors
 * are not named, or more pull requests or reviews than are listed. `facts`: who stands where, and the checks of the cards' commits.
 */
export type WholeBoard = {
  project: string
  readings: CardReading[]
  hidden: Map<string, 'co-authors' | 'pull-requests' | 'reviews'>
  facts: Facts
}

/** What the cards of a repository (null: the drafts) want to know. */
export type Asked = { repository: string | null; queries: GitHubQuery[] }

/** What looks at a board and touches nothing: it has no way to write, and none to start a workflow. */
export type BoardReader = {
  /** Null: no such board is shown. `instead` stands in for the repositories' own policies. */
  whole(board: { owner: string; number: number }, instead: PolicyFile | null): Promise<WholeBoard | null>
  /** All policy files that are shown: the organization's and each repository's. */
  policies(owner: string): Promise<{ files: PolicyFile[]; bases: PolicyFile[] }>
  /** The board without its cards; null where there is none to be seen. */
  board: GitHub['board']
  /** One card with all its people. */
  card(owner: string, item: string, instead: PolicyFile | null): Promise<CardReading>
  /** The card of an issue or pull request, as in `acme/bot#7`, on that board; null where it is not on it. */
  find(
    content: { repository: string; number: number },
    board: { owner: string; number: number },
  ): Promise<string | null>
  /**
   * Answers for many cards of one board in as few requests as may be, one for each of `asked`, in their order. `field`:
   * that of the board's policy. A search for issues is bounded by the repository it is asked for.
   */
  answers(board: { owner: string; project: string; field: string }, asked: Asked[]): Promise<Facts[]>
}

/** The GitHub of one account that has installed the app. A person's boards are shown to no app. */
export type Installation = { id: number; owner: string; kind: 'Organization' | 'User'; github: GitHub }
export type Installations = {
  all(): Promise<Installation[]>
  of(owner: string): Promise<Installation | null>
  /** Forgets what is known of an owner's installation, as a webhook says that it changed. */
  forget(owner: string): void
}
