// Writes what was ordered about a card, in one request. What was tried before is looked for first.
import type { Effect } from '../core/decision/effects.ts'
import { COMMENT_MARKER } from '../core/decision/explain/comment.ts'
import type { Card } from '../core/facts/card.ts'
import type { GitHub, Write, Written } from '../github/port.ts'
import type { PendingOrder } from '../ledger/port.ts'
import { indexOf } from './card-index.ts'
import { restDenied } from './installation.ts'
import type { Turn } from './turn.ts'
import { now, type World } from './world.ts'

/**
 * Everything that changes the card, its checks and its comment, in one request. False where the app lacks a permission
 * for some of it: that stays ordered, and the turn goes on without it.
 */
export async function performWrites(world: World, github: GitHub, turn: Turn): Promise<boolean> {
  const card = turn.move.seen?.card
  const pending = (await world.ledger.pending(turn.stream)).filter(
    ({ effect }) => effect.effect !== 'dispatch-workflow' && effect.effect !== 'open-issue',
  )
  if (pending.length === 0 || card === undefined) return true
  const handles = await world.ledger.handles(turn.stream)
  await findAgain(world, github, turn, pending, handles)
  const writes: { order: PendingOrder; write: Write }[] = []
  const idle: number[] = []
  for (const order of pending) {
    const write = writeOf(world, turn, card, order.effect, handles)
    if (write) writes.push({ order, write })
    else idle.push(order.id)
  }
  await world.ledger.done(idle)
  if (writes.length === 0) return true
  await world.ledger.attempting(writes.map(({ order }) => order.id))
  const outcomes = await github.write(writes.map(({ write }) => write))
  for (const [index, { order, write }] of writes.entries()) await settle(world, turn, order, write, outcomes[index])
  await turn.commit(indexOf(turn))
  const failed = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome]))
  const again = failed.find(({ why }) => why === 'outage')
  if (again) throw Object.assign(new Error(again.message), { transient: true, retryAfter: again.retryAfter ?? null })
  const denied = failed.find(({ why }) => why === 'denied')
  if (denied) restDenied(world, card.address.owner, denied.message)
  return denied === undefined
}

function writeOf(world: World, turn: Turn, card: Card, effect: Effect, handles: Record<string, string>): Write | null {
  const { project, item } = card.address
  switch (effect.effect) {
    case 'place-card': {
      // Somebody has moved the card since, or it is there already: then the order is void.
      if (turn.move.placing === null || card.field === null || card.archived) return null
      const option = card.field.options.find((column) => column.name === effect.column)
      if (effect.column !== null && option === undefined) return null
      return { write: 'place', project, item, field: card.field.id, option: option?.id ?? null }
    }
    case 'archive-card': {
      // Somebody has moved the card since: that is another wish, with an answer of its own.
      const { current } = turn.move
      const due = current?.outcome === 'refused' && current.restored && !card.archived
      return due ? { write: 'archive', project, item } : null
    }
    case 'write-check': {
      const repositoryId =
        card.pull?.repository === effect.repository ? card.pull.repositoryId : card.content?.repositoryId
      if (repositoryId === undefined) return null
      const text = fingerprint(world, effect)
      if (handles[`${checkHandle(effect)}:text`] === text) return null
      const { effect: _, ...check } = effect
      return {
        write: 'check',
        id: handles[checkHandle(effect)] ?? null,
        repositoryId,
        detailsUrl: `${world.recordUrl}/moves/${effect.externalId}`,
        ...check,
      }
    }
    case 'write-comment': {
      if (card.content === null || handles['comment:text'] === fingerprint(world, effect)) return null
      const body = effect.body.replaceAll('andon://', `${world.recordUrl}/`)
      return { write: 'comment', id: card.comment?.id ?? handles.comment ?? null, subject: card.content.id, body }
    }
    case 'remove-label': {
      const label = card.content?.labels.find(({ name }) => name === effect.label)
      if (!label || !card.content) return null
      // An earlier try took it off, and somebody has added it again: that is another wish, to be heard first.
      if (effect.added && label.added && label.added.id !== effect.added) return null
      return { write: 'remove-label', subject: card.content.id, label: label.id }
    }
    case 'dispatch-workflow':
    case 'open-issue':
      return null
    default:
      return effect satisfies never
  }
}

/** An earlier try may have done its work though the answer never came: what it made is found, not made again. */
async function findAgain(
  world: World,
  github: GitHub,
  turn: Turn,
  pending: PendingOrder[],
  handles: Record<string, string>,
): Promise<void> {
  for (const { effect, tries } of pending) {
    if (tries === 0) continue
    if (effect.effect === 'write-check' && handles[checkHandle(effect)] === undefined) {
      const found = await github.findChecks({ repository: effect.repository, sha: effect.sha })
      const own = found.find((check) => check.name === effect.name && check.externalId === effect.externalId)
      if (own) await remember(world, turn, handles, checkHandle(effect), own.id)
    }
    const content = turn.move.seen?.card.content
    if (
      effect.effect === 'write-comment' &&
      content &&
      !turn.move.seen?.card.comment &&
      handles.comment === undefined
    ) {
      const own = await github.findComment(content.id, COMMENT_MARKER)
      if (own) await remember(world, turn, handles, 'comment', own.id)
    }
  }
}

async function settle(
  world: World,
  turn: Turn,
  order: PendingOrder,
  write: Write,
  outcome: Written | undefined,
): Promise<void> {
  if (outcome === undefined) return
  if (!outcome.ok) {
    if (outcome.why !== 'refused') return
    // The record holds what the page does not.
    world.log.warn({ stream: turn.stream, write: write.write, reason: outcome.message }, 'GitHub refused a write')
    await world.ledger.done([order.id])
    return
  }
  const { effect } = order
  if (effect.effect === 'place-card') {
    turn.take({
      kind: 'card-placed',
      at: now(world),
      column: outcome.place?.column?.name ?? effect.column,
      since: outcome.place?.since ?? null,
    })
  }
  if (effect.effect === 'archive-card') turn.take({ kind: 'card-archived', at: now(world) })
  if (effect.effect === 'write-check' && outcome.id) await remember(world, turn, {}, checkHandle(effect), outcome.id)
  if (effect.effect === 'write-check')
    await remember(world, turn, {}, `${checkHandle(effect)}:text`, fingerprint(world, effect))
  if (effect.effect === 'write-comment' && outcome.id) await remember(world, turn, {}, 'comment', outcome.id)
  if (effect.effect === 'write-comment') await remember(world, turn, {}, 'comment:text', fingerprint(world, effect))
  await world.ledger.done([order.id])
}

async function remember(
  world: World,
  turn: Turn,
  handles: Record<string, string>,
  name: string,
  value: string,
): Promise<void> {
  handles[name] = value
  await world.ledger.keepHandle(turn.stream, name, value)
}

function checkHandle(effect: Extract<Effect, { effect: 'write-check' }>): string {
  return `check:${effect.externalId}:${effect.sha}:${effect.name}`
}

function fingerprint(world: World, effect: Effect): string {
  return world.seal(effect).digest
}
