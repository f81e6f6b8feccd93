// The sandbox's GitHub as one object in memory: everything there is, its clock, its counters, its listeners.
import { createHash } from 'node:crypto'
import type { Organization, Person, Team } from './account.ts'
import type { App, Installation } from './app.ts'
import type { BoardWorkflow, Draft, Field, FieldValue, Item, Project } from './board.ts'
import type { CheckRun, CheckSuite, CommitStatus } from './check.ts'
import type { Delivery } from './delivery.ts'
import type { Repository } from './repository.ts'
import type { Artifact, Workflow, WorkflowRun } from './run.ts'
import type { Comment, Issue, Label, Pull, Review } from './thread.ts'
import type { TimelineEvent } from './timeline.ts'

/** Everything that has a node id. Git objects are found through their repository. */
export type Entity =
  | Person
  | Organization
  | Team
  | App
  | Repository
  | Label
  | Issue
  | Pull
  | Review
  | Comment
  | Project
  | Field
  | Item
  | Draft
  | BoardWorkflow
  | (FieldValue & { kind: 'FieldValue' })
  | CheckSuite
  | CheckRun
  | CommitStatus
  | Workflow
  | WorkflowRun
  | Artifact
  | (TimelineEvent & { kind: Exclude<TimelineEvent['kind'], 'IssueComment'> })
  | { kind: 'Commit' | 'Tree' | 'Blob'; node: string; repository: Repository; sha: string }

/** One event for one app's installation. `payload` is the JSON that is sent. */
export type Emission = {
  event: string
  action: string | null
  payload: Record<string, unknown>
  app: App
  installationId: number
  repositoryId: number | null
  at: string
}

/** What a page that shows the world may want to draw again. */
export type Change =
  | { what: 'board'; project: Project }
  | { what: 'thread'; repository: Repository; number: number }
  | { what: 'check'; repository: Repository; sha: string }
  | { what: 'run'; run: WorkflowRun }
  | { what: 'push'; repository: Repository; ref: string; before: string | null; after: string | null }
  | { what: 'people' }

type Listeners = {
  webhook: (emission: Emission) => void
  changed: (change: Change) => void
  /** A run or a new attempt of it waits for a runner. */
  'run-queued': (run: WorkflowRun) => void
  'run-cancelled': (run: WorkflowRun) => void
}

/** GitHub's less pleasant habits, to be switched on by a test. */
export type Quirks = {
  /** What a webhook says about the value a field had before. */
  from: 'true' | 'stale' | 'missing'
  /** Which events a drag gives rise to where the mover does not say. */
  drag: 'edited' | 'reordered' | 'both'
  /** Seconds until a status change shows up in the timeline. */
  timelineLag: number
  /** An organization's rule against dispatches: the run is made and fails at once. */
  blockDispatch: boolean
}

type WorldOptions = {
  clock?: () => Date
  seed?: number
  /** Address of the web pages; the API is below it, as on a GitHub Enterprise host. */
  url?: string
}

export class World {
  readonly nodes = new Map<string, Entity>()
  /** By lower-case login. */
  readonly people = new Map<string, Person>()
  readonly organizations = new Map<string, Organization>()
  readonly apps = new Map<number, App>()
  readonly installations = new Map<number, Installation>()
  /** By lower-case `owner/name`. */
  readonly repositories = new Map<string, Repository>()
  readonly projects = new Map<number, Project>()
  readonly items = new Map<number, Item>()
  readonly comments = new Map<number, Comment>()
  readonly checkSuites = new Map<number, CheckSuite>()
  readonly checkRuns = new Map<number, CheckRun>()
  readonly workflowRuns = new Map<number, WorkflowRun>()
  readonly artifacts = new Map<number, Artifact>()
  readonly deliveries: Delivery[] = []
  readonly quirks: Quirks = { from: 'true', drag: 'edited', timelineLag: 0, blockDispatch: false }
  /** Gives a run its title from the workflow's `run-name`; set by whoever can evaluate expressions. */
  nameRun: (run: WorkflowRun, workflowText: string) => string | null = () => null
  url: string
  readonly #clock: () => Date
  readonly #seed: number
  readonly #counters = new Map<string, number>()
  readonly #listeners: { [K in keyof Listeners]: Set<Listeners[K]> } = {
    webhook: new Set(),
    changed: new Set(),
    'run-queued': new Set(),
    'run-cancelled': new Set(),
  }

  constructor(options: WorldOptions = {}) {
    this.#clock = options.clock ?? (() => new Date())
    this.#seed = options.seed ?? 1
    this.url = options.url ?? 'https://github.example'
  }

  get api(): string {
    return `${this.url}/api/v3`
  }

  /** Milliseconds since the epoch, by the world's clock. */
  time(): number {
    return this.#clock().getTime()
  }

  /** The time as GitHub writes it: UTC, whole seconds. */
  now(): string {
    return stamp(this.time())
  }

  /** The next database id of a kind of thing; kinds count apart from each other. */
  nextId(kind: string): number {
    const next = (this.#counters.get(kind) ?? this.#firstId(kind)) + 1
    this.#counters.set(kind, next)
    return next
  }

  /** `length` hex digits that are new in this world and the same in the next run of it. */
  nextHex(kind: string, length: number): string {
    return createHash('sha256')
      .update(`${this.#seed}/${kind}/${this.nextId(kind)}`)
      .digest('hex')
      .slice(0, length)
  }

  register<T extends Entity>(entity: T): T {
    this.nodes.set(entity.node, entity)
    return entity
  }

  /** Calls the listener from now on; the answer ends that. */
  on<K extends keyof Listeners>(event: K, listener: Listeners[K]): () => void {
    this.#listeners[event].add(listener)
    return () => this.#listeners[event].delete(listener)
  }

  emit<K extends keyof Listeners>(event: K, what: Parameters<Listeners[K]>[0]): void {
    for (const listener of this.#listeners[event]) (listener as (what: unknown) => void)(what)
  }

  changed(change: Change): void {
    this.emit('changed', change)
  }

  #firstId(kind: string): number {
    const digest = createHash('sha256').update(`${this.#seed}/${kind}`).digest()
    return 1_000_000 + (digest.readUInt32BE(0) % 90_000_000)
  }
}

/** A time as GitHub writes it. */
export function stamp(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`
}
