// Holds the record and GitHub against each other when all is quiet: what was lost, done twice, or left undone.
import { replay } from '../../src/core/decision/replay.ts'
import type { Event } from '../../src/core/facts/event.ts'
import type { Policy } from '../../src/core/policy/policy.ts'
import { findGaps } from '../../src/flow/find-gaps.ts'
import { connect } from '../../src/github/client.ts'
import { canonical, digestOfText } from '../../src/ledger/digest.ts'
import type { Entry, Ledger } from '../../src/ledger/port.ts'
import { verifyEntries } from '../../src/ledger/verify.ts'
import { readPresets } from '../../src/presets.ts'
import type { Claim } from './oracle.ts'
import type { Town } from './town.ts'

/** Sentences, each about one thing that must not be. */
export type Audit = {
  decided: number
  asked: number
  twice: string[]
  undone: string[]
  chain: string[]
  replay: string[]
  gaps: string[]
  claims: Claim[]
  entries: Entry[]
}

export async function audit(ledger: Ledger, town: Town): Promise<Audit> {
  const entries: Entry[] = []
  for await (const entry of ledger.entries()) entries.push(entry)
  const streams = Map.groupBy(entries, ({ stream }) => stream)
  const claims = [...streams].flatMap(([stream, list]) => claimsOf(stream, list))
  const chain = await verifyEntries(entries, await ledger.head())
  const kinds = (kind: Event['kind']) => entries.filter(({ event }) => event.kind === kind).length
  return {
    decided: kinds('move-granted') + kinds('move-refused') + kinds('move-ended'),
    asked: kinds('move-asked'),
    twice: [...doubledComments(town), ...doubledChecks(town), ...doubledRuns(town), ...doubledReturns(town, streams)],
    undone: [...missingChecks(town, streams), ...(await leftOvers(ledger, streams))],
    chain: chain.ok ? [] : [chain.sentence],
    replay: await differences(ledger, streams),
    gaps: [...gaps(town, streams), ...(await ownGaps(ledger, town))],
    claims,
    entries,
  }
}

function claimsOf(stream: string, entries: Entry[]): Claim[] {
  const claims: Claim[] = []
  for (const { event } of entries) {
    const claim = claims.at(-1)
    if (event.kind === 'move-opened') {
      const { move: id, from, to, since, restored, via } = event
      claims.push({
        ...{ card: stream.slice('card:'.length), id, from, to, since, restored },
        openedAt: Date.parse(event.at),
        byLabel: via === 'label',
        outcome: null,
        endedAt: Number.MAX_SAFE_INTEGER,
        reasons: [],
      })
    } else if (event.kind === 'move-granted' && claim) {
      Object.assign(claim, { outcome: 'granted', endedAt: Date.parse(event.at), reasons: [event.reason] })
    } else if (event.kind === 'move-refused' && claim) {
      const reasons = event.reasons.map(({ reason }) => reason)
      Object.assign(claim, { outcome: 'refused', endedAt: Date.parse(event.at), reasons })
    } else if (event.kind === 'move-ended' && claim) {
      Object.assign(claim, { outcome: event.outcome, endedAt: Date.parse(event.at) })
    }
  }
  return claims
}

function doubledComments(town: Town): string[] {
  return [...town.repository.threads.values()].flatMap(({ number, comments }) => {
    const own = comments.filter(({ author }) => author.login === 'andon[bot]').length
    return own > 1 ? [`#${number} has ${own} comments of ours`] : []
  })
}

function ownChecks(town: Town) {
  return [...town.repository.suites.values()]
    .flat()
    .filter(({ app }) => app.slug === 'andon')
    .flatMap(({ sha, runs }) => runs.map((run) => ({ sha, run })))
}

function doubledChecks(town: Town): string[] {
  return doubled(ownChecks(town).map(({ sha, run }) => `check ${run.name} of ${run.externalId} on ${sha}`))
}

function doubledRuns(town: Town): string[] {
  const asked = town.repository.runs.flatMap(({ inputs }) => (inputs.andon ? [JSON.parse(inputs.andon).request] : []))
  return doubled(asked.map((request) => `dispatch of ${request}`))
}

/** Our own moves of a card that no decision ordered. */
function doubledReturns(town: Town, streams: Map<string, Entry[]>): string[] {
  const found: string[] = []
  for (const card of new Set(town.sights.map(({ card }) => card))) {
    const events = (streams.get(`card:${card}`) ?? []).map(({ event }) => event)
    const parked = new Set(events.flatMap((event) => (event.kind === 'move-parked' ? [event.move] : [])))
    const away = openedAway(events)
    const ordered = events.filter(
      (event) =>
        event.kind === 'move-refused' ||
        event.kind === 'move-parked' ||
        (event.kind === 'move-opened' && (event.via === 'label' || away.has(event.move))) ||
        (event.kind === 'move-granted' && parked.has(event.move)),
    ).length
    const sights = town.sights.filter((sight) => sight.card === card)
    const done = sights.filter((sight, n) => sight.by === 'andon' && sight.column !== sights[n - 1]?.column).length
    if (done > ordered) found.push(`${card} was moved ${done} times by us, and ${ordered} were ordered`)
  }
  return found
}

/** Moves that were opened while the card stood elsewhere: ours had overwritten a person's, which is put right. */
function openedAway(events: Event[]): Set<string> {
  const found = new Set<string>()
  let column: string | null = null
  for (const event of events) {
    if (event.kind === 'card-seen') column = event.card.place.column?.name ?? null
    if (event.kind === 'card-placed') column = event.column
    if (event.kind === 'move-opened' && event.to !== column) found.add(event.move)
  }
  return found
}

function doubled(names: string[]): string[] {
  const counts = Map.groupBy(names, (name) => name)
  return [...counts].flatMap(([name, list]) => (list.length > 1 ? [`${name} was made ${list.length} times`] : []))
}

const CONCLUSIONS: Record<string, string> = {
  granted: 'success',
  refused: 'failure',
  superseded: 'cancelled',
  withdrawn: 'cancelled',
  removed: 'cancelled',
}

/** Each gated move that was settled shows its outcome on the commit it was judged by. */
function missingChecks(town: Town, streams: Map<string, Entry[]>): string[] {
  const checks = ownChecks(town)
  const found: string[] = []
  for (const entries of streams.values()) {
    const bound = new Map<string, { sha: string; gates: number }>()
    for (const { event } of entries) {
      if ((event.kind === 'move-opened' || event.kind === 'gates-voided') && event.commit && !event.commit.floating)
        bound.set(event.move, { sha: event.commit.sha, gates: event.gates.length })
      const end = event.kind === 'move-granted' || event.kind === 'move-refused' || event.kind === 'move-ended'
      if (!end) continue
      const on = bound.get(event.move)
      if (on === undefined || on.gates === 0) continue
      const outcome = event.kind === 'move-ended' ? event.outcome : event.kind.slice('move-'.length)
      const check = checks.find(
        ({ sha, run }) => sha === on.sha && run.name === 'andon' && run.externalId === event.move,
      )
      if (check?.run.conclusion !== CONCLUSIONS[outcome])
        found.push(`move ${event.move} was ${outcome}, and its check says ${check ? check.run.conclusion : 'nothing'}`)
    }
  }
  return found
}

async function leftOvers(ledger: Ledger, streams: Map<string, Entry[]>): Promise<string[]> {
  const found: string[] = []
  for (const stream of streams.keys())
    for (const { key, tries } of await ledger.pending(stream))
      found.push(`${stream} still waits: ${key}, ${tries} tries`)
  const { aside, deliveries } = await ledger.backlog(new Date(8.64e15).toISOString())
  for (const { key, why } of aside) found.push(`${key} was set aside: ${why}`)
  if (deliveries > 0) found.push(`${deliveries} deliveries wait`)
  return found
}

async function differences(ledger: Ledger, streams: Map<string, Entry[]>): Promise<string[]> {
  const found: string[] = []
  const policies = new Map<string, Policy>()
  const digests = [...streams.values()]
    .flat()
    .flatMap(({ event }) => (event.kind === 'card-seen' ? [event.policy?.digest] : []))
  for (const digest of new Set(digests)) {
    const text = digest && (await ledger.document(digest))
    if (digest && text) policies.set(digest, JSON.parse(text))
  }
  for (const [stream, entries] of streams) {
    if (!stream.startsWith('card:')) continue
    const events = entries.map(({ event }) => event)
    const replayed = replay(events, (digest) => (digest && policies.get(digest)) || null)
    for (const { id } of replayed.differences) found.push(`${stream} at ${id}`)
  }
  return found
}

/** Moves that people's timelines tell of, and the record does not. */
function gaps(town: Town, streams: Map<string, Entry[]>): string[] {
  const found: string[] = []
  for (const { number, timeline } of town.repository.threads.values()) {
    for (const event of timeline) {
      if (event.kind !== 'ProjectV2ItemStatusChangedEvent' || event.actor?.login === 'andon[bot]') continue
      const known = (streams.get(`card:${event.item.node}`) ?? []).some(
        (entry) => entry.event.kind === 'card-seen' && entry.event.card.timeline.some(({ id }) => id === event.node),
      )
      if (!known) found.push(`#${number}: ${event.previousStatus} → ${event.status} at ${event.createdAt}`)
    }
  }
  return found
}

/** What `andon audit gaps` says itself, of both sides, a minute later. */
async function ownGaps(ledger: Ledger, town: Town): Promise<string[]> {
  const { apps, apiUrl, graphqlUrl, world } = town.sandbox
  const log = { warn: () => undefined, debug: () => undefined }
  const app = { appId: apps[0]?.app.id ?? 0, privateKey: apps[0]?.privateKey ?? '' }
  const installation = await connect({ ...app, apiUrl, graphqlUrl, log }).of(town.acme.login)
  if (installation === null) return ['the app is not installed']
  const seal = (value: unknown) => ({ text: canonical(value), digest: digestOfText(canonical(value)) })
  const now = new Date(world.time() + 61_000).toISOString()
  const found = await findGaps({ ledger, seal, presets: readPresets(), now }, installation)
  return [
    ...found.gaps.map(
      ({ told, card, from, to, at, by }) => `${told} only: ${card} ${from ?? '?'} → ${to} by ${by} at ${at}`,
    ),
    ...found.unseen,
    ...(found.unread > 0 ? [`${found.unread} cards could not be compared`] : []),
    ...(found.moves === 0 ? ['no moves were compared'] : []),
  ]
}
