// Says where each card must be in the end and which decisions there must be, by its own model of the town's policy.
// It imports nothing of the app: what the app claims is held against what the board was seen to do.

/** A change of where a card stands, seen on GitHub itself. `at` in milliseconds; `since` as GitHub tells it. */
export type Sight = {
  card: string
  at: number
  by: 'people' | 'andon'
  column: string | null
  since: string | null
  archived: boolean
}

/** What people did beside moving. `sha`: the head it was about. */
export type Deed = {
  card: string
  at: number
  deed: 'added-ready' | 'added-unready' | 'asked' | 'pushed' | 'approved'
  sha: string | null
}

/** One move as the app's record has it. */
export type Claim = {
  card: string
  id: string
  openedAt: number
  from: string | null
  to: string | null
  since: string | null
  restored: boolean
  byLabel: boolean
  outcome: 'granted' | 'refused' | 'superseded' | 'withdrawn' | 'removed' | null
  endedAt: number
  reasons: string[]
}

export type Fault = { what: 'lost' | 'twice' | 'wrong' | 'astray'; card: string; why: string }
export type Verdict = { faults: Fault[]; overtaken: number }

const COLUMNS = ['Backlog', 'Ready', 'Evaluation', 'Staging', 'Production']
const LIMITS: Record<string, number> = { Evaluation: 4, Staging: 3 }
const GATED = ['Ready', 'Staging', 'Production']
/** Clocks of several processes agree to this many milliseconds. */
const SLACK = 500

/** What stands for longer is seen, whatever fails: several sweeps, and the longest back-off twice. */
const OVERTAKEN_MS = 900_000

export type Evidence = {
  sights: Sight[]
  deeds: Deed[]
  claims: Claim[]
  passes: (sha: string | null) => boolean
  /** Whether a run that was asked for this card ended in that time. */
  ended: (card: string, from: number, until: number) => boolean
}

/** Judges all cards, at rest. */
export function consult(evidence: Evidence): Verdict {
  const verdict: Verdict = { faults: [], overtaken: 0 }
  for (const card of new Set(evidence.sights.map((sight) => sight.card))) judgeCard(card, evidence, verdict)
  for (const claim of evidence.claims)
    if (!evidence.sights.some((sight) => sight.card === claim.card))
      verdict.faults.push({ what: 'wrong', card: claim.card, why: 'a move of a card that never was' })
  return verdict
}

/** How far the timeline and the board may be apart, in seconds, when they tell of one move. */
const SAME_SECONDS = 2

/** A move that ours overwrote is told by the timeline alone, whose second may be another than the board's. */
function isSameInstant(a: string | null, b: string | null): boolean {
  if (a === null || b === null) return a === b
  return Math.abs(Date.parse(a) - Date.parse(b)) <= SAME_SECONDS * 1000
}

function judgeCard(card: string, evidence: Evidence, verdict: Verdict): void {
  const sights = evidence.sights.filter((sight) => sight.card === card)
  const deeds = evidence.deeds.filter((deed) => deed.card === card)
  const claims = evidence.claims.filter((claim) => claim.card === card)
  const fault = (what: Fault['what'], why: string) => verdict.faults.push({ what, card, why })
  const acts = sights.filter((sight, n) => sight.by === 'people' && asksForMove(sight, sights[n - 1]))
  const asks = deeds.filter((deed) => deed.deed === 'asked')
  const answered = new Map<Sight, Claim>()
  let home: string | null = null

  for (const claim of claims) {
    const act = claim.byLabel
      ? asks.findLast((ask) => ask.at <= claim.openedAt + SLACK)
      : acts.findLast(
          (each) =>
            each.column === claim.to && isSameInstant(each.since, claim.since) && each.at <= claim.openedAt + SLACK,
        )
    if (act === undefined) {
      fault('wrong', `${say(claim)} was decided, and nobody asked for it`)
      continue
    }
    if ('column' in act) {
      const earlier = answered.get(act)
      if (earlier && !restoredBetween(sights, earlier.openedAt, claim.openedAt))
        fault('twice', `${say(claim)} was decided twice: ${earlier.id} and ${claim.id}`)
      answered.set(act, claim)
    }
    if (claim.from !== home) fault('wrong', `${say(claim)} should come from ${home}`)
    const why = objection(claim, act.at, sights, deeds, evidence)
    if (why)
      fault(
        'wrong',
        `${say(claim)} is ${claim.outcome ?? 'open'}${claim.reasons.length > 0 ? ` (${claim.reasons})` : ''}: ${why}`,
      )
    if (claim.outcome === 'granted') home = claim.to
    else home = claim.from
  }

  const end = sights.at(-1) as Sight
  const last = claims.at(-1)
  const lastAct = acts.at(-1)
  for (const act of acts) {
    if (act === lastAct || answered.has(act)) continue
    const next = sights.find(({ by, at }) => by === 'people' && at > act.at)
    const known = claims.findLast(({ openedAt }) => openedAt <= (next?.at ?? act.at) + SLACK)
    // Back home, or once more where the last move led to: nothing has to be decided.
    const asksNothing = act.column === (known?.from ?? null) || act.column === known?.to || asksAgain(act, claims)
    if (!asksNothing && next && next.at - act.at > OVERTAKEN_MS)
      fault('lost', `the move to ${act.column} at ${time(act.at)} stood until ${time(next.at)}, and was never decided`)
    else verdict.overtaken += 1
  }
  if (end.archived) return
  const unanswered = lastAct && !answered.has(lastAct) && !asksAgain(lastAct, claims)
  if (unanswered && lastAct.column !== home && lastAct.column !== last?.to)
    fault('lost', `the move to ${lastAct.column} at ${time(lastAct.at)} was never decided`)
  if (last?.outcome === null && last.to === 'Production' ? end.column !== last.from : end.column !== home)
    fault('astray', `it is in ${end.column}, and must be in ${last?.outcome === null ? last.from : home}`)
}

/** The same move was asked for once more while it waited: it is one move, and has one answer. */
function asksAgain({ at, column }: Sight, claims: Claim[]): boolean {
  return claims.some((claim) => claim.to === column && claim.openedAt <= at && at <= claim.endedAt + SLACK)
}

/** People put the card into another column, or brought it back from the archive. */
function asksForMove(sight: Sight, before: Sight | undefined): boolean {
  if (sight.archived) return false
  if (before === undefined) return sight.column !== null
  return sight.column !== before.column || sight.since !== before.since || before.archived
}

function restoredBetween(sights: Sight[], from: number, until: number): boolean {
  return sights.some(({ archived, at }) => archived && at >= from - SLACK && at <= until + SLACK)
}

/** Why the outcome cannot be right; null where it can. Times in between decide: something may have changed meanwhile. */
function objection(claim: Claim, actAt: number, sights: Sight[], deeds: Deed[], evidence: Evidence): string | null {
  const [from, to] = [COLUMNS.indexOf(claim.from ?? ''), COLUMNS.indexOf(claim.to ?? '')]
  const forward = claim.restored || to > from
  const skips = forward && (from >= 0 ? to > from + 1 : COLUMNS.slice(0, to).some((c) => GATED.includes(c)))
  const room = roomFor(claim, actAt, evidence.sights)
  const heads = headsBetween(deeds, actAt, claim.endedAt)
  const ready = deeds.some((deed) => deed.deed === 'added-ready')
  const approved = deeds.some(
    (deed) => deed.deed === 'approved' && heads.includes(deed.sha) && deed.at <= claim.endedAt + SLACK,
  )
  switch (claim.outcome) {
    case 'granted':
      if (!forward) return null
      if (skips) return 'it skips a column'
      if (!room.free) return 'the column was full'
      if (claim.to === 'Ready' && !ready) return 'it has no manifest'
      if (claim.to === 'Staging' && !heads.some(evidence.passes)) return 'no evaluation of it passes'
      if (claim.to === 'Production' && !approved) return 'nobody approved it'
      return null
    case 'refused':
      if (!forward) return 'it goes backward'
      if (skips || room.full) return null
      if (claim.to === 'Ready' && !ready) return null
      if (claim.to === 'Staging' && !heads.every(evidence.passes)) return null
      // Under GitHub's limits the run may have been asked for too late to end in time.
      if (claim.reasons.includes('run-timed-out') && !evidence.ended(claim.card, actAt, claim.endedAt - 10_000))
        return null
      return 'nothing stands against it'
    case 'superseded':
    case 'withdrawn':
    case 'removed': {
      const later = [
        ...sights.filter((sight) => sight.by === 'people'),
        ...deeds.filter((deed) => deed.deed === 'asked'),
      ]
      // Dragged and asked for by label between two looks: the label has the last word.
      const asked = evidence.claims.some(
        ({ card, byLabel, openedAt }) => byLabel && card === claim.card && Math.abs(openedAt - claim.endedAt) <= SLACK,
      )
      return asked || later.some(({ at }) => at > actAt && at <= claim.endedAt + SLACK)
        ? null
        : 'nobody did anything since'
    }
    case null: {
      if (claim.to !== 'Production') return 'it should have been decided by now'
      const head = heads.at(-1)
      const waits = head === null || !deeds.some((deed) => deed.deed === 'approved' && deed.sha === head)
      return waits ? null : 'it is approved'
    }
    default:
      return claim.outcome satisfies never
  }
}

/** Whether the column had room for this card, or had none, at any time while the app may have looked. */
function roomFor(claim: Claim, actAt: number, sights: Sight[]): { free: boolean; full: boolean } {
  const limit = LIMITS[claim.to ?? '']
  if (limit === undefined) return { free: true, full: false }
  const own = claim.since ?? '9'
  const times = sights.map(({ at }) => at).filter((at) => at >= actAt - SLACK && at <= claim.openedAt + SLACK)
  const counts = [actAt - SLACK, ...times].map((time) => {
    const stands = new Map<string, Sight>()
    for (const sight of sights) if (sight.at <= time) stands.set(sight.card, sight)
    const there = [...stands.values()].filter(
      ({ card, column, archived }) => card !== claim.card && column === claim.to && !archived,
    )
    return {
      before: there.filter(({ since }) => (since ?? '') < own).length,
      beforeOrWith: there.filter(({ since }) => (since ?? '') <= own).length,
    }
  })
  return {
    free: counts.some(({ before }) => before < limit),
    full: counts.some(({ beforeOrWith }) => beforeOrWith >= limit),
  }
}

/** The heads of the card's pull request in that time; [null] where it has none, and the default branch is tested. */
function headsBetween(deeds: Deed[], from: number, until: number): (string | null)[] {
  const pushes = deeds.filter(({ deed }) => deed === 'added-ready' || deed === 'added-unready' || deed === 'pushed')
  const first = pushes.findLast(({ at }) => at <= from + SLACK) ?? pushes[0]
  const later = pushes.filter(({ at }) => at > from && at <= until + SLACK)
  return [...new Set([...(first ? [first] : []), ...later].map(({ sha }) => sha))]
}

function say({ from, to, openedAt, restored }: Claim): string {
  return `the move ${restored ? '(restored) ' : ''}${from} → ${to} at ${time(openedAt)}`
}

function time(at: number): string {
  return new Date(at).toISOString().slice(11, 23)
}
