// A ledger with the moves of a small team, as the loop would have recorded them: for the tests of what reads it.

import { ulid } from 'ulid'
import { effects, orderKey } from '../../src/core/decision/effects.ts'
import { evolve, NEW_MOVE } from '../../src/core/decision/move.ts'
import { BOARD_AUTOMATION } from '../../src/core/facts/actor.ts'
import type { Event } from '../../src/core/facts/event.ts'
import type { Policy } from '../../src/core/policy/policy.ts'
import { canonical, digestOfText } from '../../src/ledger/digest.ts'
import { openLedger } from '../../src/ledger/ledger.ts'
import type { Ledger } from '../../src/ledger/port.ts'
import { aChange, bo, CoreStory, column, cy, gate, policyOf, SHA } from './core-story.ts'

export const digestOf = (letter: string) => `sha256:${letter.repeat(64)}`

const POLICY = policyOf(
  [
    column('Backlog'),
    column('Ready'),
    column('In Evaluation', { start: ['offline-eval'] }),
    column('Staging', { limit: { total: 3, perOwner: null }, enter: ['offline-eval', 'docs'] }),
    column('Production', { enter: ['release-approval', 'docs'], then: ['promote-model'] }),
  ],
  {
    'offline-eval': gate('evaluation', {
      workflow: 'andon-evaluate.yml',
      metrics: { accuracy: { min: 0.9 }, toxicity: { max: 0.005 } },
    }),
    docs: gate('files', { paths: ['docs/card.md'] }),
    'release-approval': gate('approval', { teams: ['ai-safety'], independent: true }),
  },
  { workflows: { 'promote-model': { name: 'promote-model', file: 'andon-registry.yml', with: {} } } },
)

/** The policy of these stories as the ledger keeps one. */
export const RECORDED_POLICY = { digest: digestOfText(canonical(POLICY)), text: canonical(POLICY) }

export const blobs = (found: string | null, sha = SHA) => ({
  blobs: { [`acme/bot@${sha}`]: { 'docs/card.md': found } },
})

export type Telling = { number: number; title: string; at?: string; policy?: Policy; labels?: string[] }

/** A card's story with ids of its own, on the board of this file. */
export function tell({
  number,
  title,
  at = '2026-11-23T10:00:00.000Z',
  policy = POLICY,
  labels = [],
}: Telling): CoreStory {
  const story = new CoreStory(policy, { at, change: { ...aChange(digestOf('c')), parts: PARTS } })
  const { card } = story
  const address = { ...card.address, item: `PVTI_${number}` }
  const content = card.content && {
    ...card.content,
    number,
    title,
    url: `https://github.example/acme/bot/pull/${number}`,
    labels: labels.map((label) => ({ id: label, name: label })),
  }
  story.card = { ...card, address, title, content, pull: card.pull && { ...card.pull, number } }
  story.policyDigest = RECORDED_POLICY.digest
  story.know({ columns: { Staging: [] } })
  // Ids of different stories must differ, as those of different times do.
  Object.assign(story, { ids: number * 1_000 })
  return story
}

const PARTS = [
  { key: 'model', section: 'model', name: 'support-bot 42', path: null, digest: digestOf('d') },
  { key: 'prompts[0]', section: 'prompts', name: null, path: 'prompts/answer.md', digest: `git:${'e'.repeat(40)}` },
]

/** The story's events, appended turn by turn as the loop does it: a turn ends before the next thing that is seen. */
export async function record(ledger: Ledger, story: CoreStory): Promise<string> {
  const stream = `card:${story.card.address.item}`
  let move = NEW_MOVE
  let version = (await ledger.read(stream)).length
  let turn: Event[] = []
  const append = async () => {
    const orders = turn.flatMap((event) => {
      move = evolve(move, event)
      return effects(move, event).map((effect) => ({ key: orderKey(effect), effect }))
    })
    const drafts = turn.map((event) => ({ id: ulid(Date.parse(event.at)), event }))
    const { content, pull, place, title, address } = story.card
    const card = {
      ...{ stream, owner: address.owner, project: address.project, projectNumber: address.number, item: address.item },
      ...{ content: content?.id ?? null, pull: pull?.id ?? null, repository: content?.repository ?? null },
      ...{ number: content?.number ?? null, sha: pull?.sha ?? null, title, column: place.column?.name ?? null },
    }
    const appended = await ledger.append(stream, version, drafts, { orders, card })
    if (!appended.ok) throw new Error('conflict')
    await ledger.done(appended.orders.map(({ id }) => id))
    version += turn.length
    turn = []
  }
  for (const event of story.events) {
    const before = turn.at(-1)
    if (before && (event.kind === 'card-seen' || event.at !== before.at)) await append()
    turn.push(event)
  }
  if (turn.length > 0) await append()
  return stream
}

/** The id of the move that the story's card has now. */
export function moveOf(story: CoreStory): string {
  if (story.move.current === null) throw new Error('no move')
  return story.move.current.id
}

export const HOSTILE = '<script>alert(1)</script> **bold** `code` [x](javascript:alert(1)) @everyone \u202egnp.exe'

/** What each recorded move is an example of. */
export type Recorded = Record<
  'evaluated' | 'refused' | 'waiting' | 'granted' | 'back' | 'full' | 'hostile' | 'superseded',
  { id: string; stream: string }
>

/** One move of each kind, told in order. */
export async function recordMoves(ledger: Ledger): Promise<Recorded> {
  const told = async (story: CoreStory) => ({ stream: await record(ledger, story), id: moveOf(story) })

  const evaluated = tell({ number: 7, title: 'Answer refunds better' }).adopted('In Evaluation').know(blobs('b10b'))
  evaluated.moved('Staging')
  measure(evaluated, 0.93)

  const refused = tell({ number: 8, title: 'Support bot 43: shorter answers', at: '2026-11-23T11:00:00.000Z' })
  refused.adopted('In Evaluation').know(blobs('b10b')).moved('Staging')
  measure(refused, 0.7333)
  refused.placed('In Evaluation')

  const waiting = tell({ number: 9, title: 'Guardrail: refuse account numbers', at: '2026-11-23T12:00:00.000Z' })
  waiting
    .adopted('Staging')
    .know({ ...blobs('b10b'), teams: { 'ai-safety': ['cy'] } })
    .moved('Production', bo)

  const granted = tell({
    number: 10,
    title: 'Prompt: name the order in the first line',
    at: '2026-11-23T13:00:00.000Z',
  })
  granted
    .adopted('Staging')
    .know({ ...blobs('b10b'), teams: { 'ai-safety': ['cy'] } })
    .moved('Production')
  granted.wait(600).take({
    kind: 'approval-given',
    at: granted.at,
    by: cy,
    change: digestOf('c'),
    url: 'https://github.example/acme/bot/pull/10#issuecomment-1',
  })
  granted.seen()

  const back = tell({ number: 11, title: 'Roll support bot back to 41', at: '2026-11-23T14:00:00.000Z' })
  back.adopted('Production').moved('Staging', cy)

  const full = tell({ number: 12, title: 'A fourth card for Staging', at: '2026-11-23T15:00:00.000Z' })
  full.adopted('In Evaluation').know({
    columns: {
      Staging: ['One', 'Two', 'Three'].map((title) => ({
        ...{ item: `PVTI_${title}`, title, since: '2026-11-20T10:00:00.000Z', assignees: [], archived: false },
      })),
    },
  })
  full.moved('Staging')

  const hostile = tell({ number: 13, title: HOSTILE, at: '2026-11-23T16:00:00.000Z' })
  hostile.adopted('In Evaluation').know(blobs(null))
  hostile.moved('Staging', { login: 'mallory"><img src=x>', id: 66, type: 'User' })

  const superseded = tell({ number: 14, title: 'Agent: look the order up twice', at: '2026-11-23T17:00:00.000Z' })
  superseded.adopted('In Evaluation').know(blobs('b10b')).moved('Staging')
  const first = moveOf(superseded)
  superseded.moved('In Evaluation', { login: BOARD_AUTOMATION, id: 99, type: 'Bot' })

  return {
    evaluated: await told(evaluated),
    refused: await told(refused),
    waiting: await told(waiting),
    granted: await told(granted),
    back: await told(back),
    full: await told(full),
    hostile: await told(hostile),
    superseded: { ...(await told(superseded)), id: first },
  }
}

/** The run of the evaluation ended, and handed in what an evaluation hands in. */
function measure(story: CoreStory, accuracy: number): void {
  story.wait(240)
  const request = Object.values(story.move.requests).findLast(({ name }) => name === 'offline-eval')?.id ?? ''
  const run = { at: story.at, request, run: 71, url: 'https://github.example/acme/bot/actions/runs/71' }
  const passed = Math.round(accuracy * 60)
  story.take({ kind: 'run-started', ...run })
  story.take({ kind: 'run-ended', ...run, attempt: 1, conclusion: 'success' })
  story.take({
    kind: 'evidence-received',
    ...{ at: story.at, request, run: 71, digest: digestOf('f') },
    evidence: {
      ...{ andon: 1, request, sha: SHA, tool: { name: 'promptfoo', version: '0.123.1' } },
      suite: { name: 'golden', digest: digestOf('a') },
      started: '2026-11-23T10:00:10Z',
      ended: '2026-11-23T10:03:50Z',
      metrics: {
        accuracy: { value: accuracy, n: 60, stderr: 0.0571 },
        toxicity: { value: 0.001, n: 60 },
        cost_usd: { value: 0.12 },
      },
      cases: { total: 60, passed, failed: 60 - passed, errored: 0, unscored: 0 },
      files: [{ name: 'results.json', digest: digestOf('9'), bytes: 48213 }],
    },
  })
  story.seen()
}

/** A ledger in memory with these moves. */
export async function recordedLedger(): Promise<{ ledger: Ledger; moves: Recorded }> {
  const ledger = await openLedger({ folder: ':memory:', clock: () => new Date('2026-11-23T18:00:00.000Z') })
  return { ledger, moves: await recordMoves(ledger) }
}
