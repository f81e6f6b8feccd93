// Tells stories of the pure core: a card and a policy, what is seen of them, and what was decided.
import { decide, wanted } from '../../src/core/decision/decide.ts'
import { type Effect, effects, orderKey } from '../../src/core/decision/effects.ts'
import { evolve, type Move, NEW_MOVE } from '../../src/core/decision/move.ts'
import type { Actor } from '../../src/core/facts/actor.ts'
import { type Card, commitUnderTest } from '../../src/core/facts/card.ts'
import type { Change } from '../../src/core/facts/change.ts'
import type { Event } from '../../src/core/facts/event.ts'
import type { EvidenceSummary } from '../../src/core/facts/evidence.ts'
import { type Facts, mergeFacts, NO_FACTS, type Query } from '../../src/core/facts/query.ts'
import { GATES } from '../../src/core/gates/index.ts'
import type { ColumnRule, GateRule, Policy } from '../../src/core/policy/policy.ts'

export const ada: Actor = { login: 'ada', id: 1, type: 'User' }
export const bo: Actor = { login: 'bo', id: 2, type: 'User' }
export const cy: Actor = { login: 'cy', id: 3, type: 'User' }
const ANDON: Actor = { login: 'andon[bot]', id: 99, type: 'Bot' }

export const SHA = 'a'.repeat(40)

/** A column; what it does not say it does not ask. */
export function column(name: string, rule: Partial<ColumnRule> = {}): ColumnRule {
  return { name, limit: null, leave: [], enter: [], start: [], then: [], whileWaiting: 'stay', ...rule }
}

/** A gate; its settings go through the kind's own schema, as the policy's parser does it. */
export function gate(
  kind: keyof typeof GATES,
  settings: unknown = {},
  rule: Partial<GateRule> = {},
): Omit<GateRule, 'name'> {
  return { kind, enforce: true, when: null, settings: GATES[kind].settings.parse(settings), ...rule }
}

export function policyOf(
  columns: ColumnRule[],
  gates: Record<string, Omit<GateRule, 'name'>> = {},
  more: Partial<Policy> = {},
): Policy {
  return {
    version: 1,
    board: { project: 12, field: 'Status' },
    changes: [],
    risk: [],
    columns,
    moves: { forward: 'next', backward: 'any' },
    gates: Object.fromEntries(Object.entries(gates).map(([name, rule]) => [name, { name, ...rule }])),
    workflows: {},
    labels: { hold: 'andon: hold', move: {} },
    ...more,
  }
}

export class CoreStory {
  move: Move = NEW_MOVE
  readonly events: Event[] = []
  readonly ordered = new Map<string, Effect>()
  policy: Policy
  policyDigest = 'sha256:policy-1'
  policySince: string | null = null
  problems: { message: string }[] = []
  facts: Facts = NO_FACTS
  change: Change | null
  /** Whom a delivery names as the mover. */
  mover: Actor | null = null
  card: Card
  private clock = Date.parse('2026-11-23T10:00:00.000Z')
  private ids = 0

  constructor(policy: Policy, options: { card?: Partial<Card>; at?: string; change?: Change | null } = {}) {
    this.policy = policy
    if (options.at) this.clock = Date.parse(options.at)
    this.card = { ...card(policy), ...options.card }
    this.change = options.change === undefined ? aChange() : options.change
  }

  get at(): string {
    return new Date(this.clock).toISOString()
  }

  /** The card stood in this column when its board came under the policy. */
  adopted(name: string | null): this {
    this.put(name)
    return this.take({ kind: 'card-adopted', at: this.at, column: name, since: this.card.place.since })
  }

  /** Somebody drags the card, and Andon looks. */
  moved(name: string | null, by: Actor = ada): Event[] {
    this.wait(10)
    this.put(name, by)
    return this.seen()
  }

  /** The field has this value now, though nobody looked yet. */
  put(name: string | null, by: Actor = ada): void {
    const from = this.card.place.column?.name ?? ''
    const option =
      this.card.field?.options.find((each) => each.name === name) ?? (name === null ? null : { id: name, name })
    this.card = { ...this.card, place: { column: option, since: this.at } }
    const own = by === ANDON ? ({ own: true } as const) : {}
    const entry = { id: `event-${++this.ids}`, from, to: name ?? '', by, at: this.at, automated: false, ...own }
    if (this.card.type !== 'DraftIssue') this.card = { ...this.card, timeline: [...this.card.timeline, entry] }
  }

  /** Andon looks at the card; answers what was decided. */
  seen(): Event[] {
    const event: Event = {
      kind: 'card-seen',
      id: `01J${String(++this.ids * 1000).padStart(23, '0')}`,
      at: this.at,
      card: this.card,
      commit: commitUnderTest(this.card),
      facts: this.facts,
      change: this.change,
      manifestProblems: [],
      policy: { digest: this.policyDigest, since: this.policySince, sources: [], problems: this.problems },
      mover: this.mover,
    }
    this.take(event)
    const decided = decide(this.move, event, this.policy)
    for (const each of decided) this.take(each)
    return decided
  }

  /** What a look at the card would still have to ask of GitHub. */
  asks(): Query[] {
    const event: Event = {
      kind: 'card-seen',
      id: '01J00000000000000000000000',
      at: this.at,
      card: this.card,
      commit: commitUnderTest(this.card),
      facts: this.facts,
      change: this.change,
      manifestProblems: [],
      policy: { digest: this.policyDigest, since: this.policySince, sources: [], problems: [] },
      mover: null,
    }
    return wanted(evolve(this.move, event), event, this.policy)
  }

  take(event: Event): this {
    this.move = evolve(this.move, event)
    this.events.push(event)
    for (const effect of effects(this.move, event)) this.ordered.set(orderKey(effect), effect)
    return this
  }

  know(facts: Partial<Facts>): this {
    this.facts = mergeFacts(this.facts, { ...NO_FACTS, ...facts })
    return this
  }

  /** Our own move of the card took place, and a later read shows it. */
  placed(name: string | null): this {
    this.wait(1)
    this.put(name, ANDON)
    return this.take({ kind: 'card-placed', at: this.at, column: name, since: this.card.place.since })
  }

  wait(seconds: number): this {
    this.clock += seconds * 1000
    return this
  }

  /** The run that this gate asked for ended, and handed in these metrics. */
  measured(gateName: string, metrics: EvidenceSummary['metrics']): Event[] {
    this.wait(60)
    const request = Object.values(this.move.requests).findLast((each) => each.name === gateName)
    if (request === undefined) throw new Error(`${gateName} was not asked`)
    this.take({ kind: 'run-started', at: this.at, request: request.id, run: 7, url: 'https://github.example/runs/7' })
    this.take({
      kind: 'run-ended',
      at: this.at,
      request: request.id,
      run: 7,
      attempt: 1,
      conclusion: 'success',
      url: 'https://github.example/runs/7',
    })
    this.take({
      kind: 'evidence-received',
      at: this.at,
      request: request.id,
      digest: 'sha256:evidence',
      run: 7,
      evidence: { andon: 1, request: request.id, sha: SHA, metrics },
    })
    return this.seen()
  }

  effectsOf<K extends Effect['effect']>(kind: K): Extract<Effect, { effect: K }>[] {
    return [...this.ordered.values()].filter(
      (effect): effect is Extract<Effect, { effect: K }> => effect.effect === kind,
    )
  }

  get comment(): string {
    return this.effectsOf('write-comment').at(-1)?.body ?? ''
  }
}

/** The kinds of what was decided, in order. */
export function kinds(events: Event[]): string[] {
  return events.map((event) => event.kind)
}

export function aChange(digest = 'sha256:change-1', sha = SHA): Change {
  return { digest, repository: 'acme/bot', sha, kind: 'model-version', manifest: { kind: 'model-version' }, parts: [] }
}

function card(policy: Policy): Card {
  return {
    address: { owner: 'acme', project: 'PVT_1', number: 12, item: 'PVTI_1' },
    type: 'PullRequest',
    title: 'Answer refunds better',
    archived: false,
    field: {
      id: 'PVTSSF_1',
      name: 'Status',
      options: policy.columns.map(({ name }, index) => ({ id: `option-${index}`, name })),
    },
    place: { column: null, since: null },
    timeline: [],
    content: {
      type: 'PullRequest',
      id: 'PR_7',
      repository: 'acme/bot',
      repositoryId: 'R_1',
      defaultBranch: 'main',
      defaultSha: 'd'.repeat(40),
      number: 7,
      title: 'Answer refunds better',
      url: 'https://github.example/acme/bot/pull/7',
      open: true,
      author: bo,
      assignees: [],
      labels: [],
    },
    pull: {
      id: 'PR_7',
      repository: 'acme/bot',
      repositoryId: 'R_1',
      number: 7,
      url: 'https://github.example/acme/bot/pull/7',
      open: true,
      merged: false,
      sha: SHA,
      author: bo,
      committers: [bo],
      reviews: [],
    },
    manifest: { source: 'pull-request', text: 'kind: model-version', line: 1 },
    comment: null,
  }
}
