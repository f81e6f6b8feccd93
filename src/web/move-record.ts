// The lower half of a move's story: who approved, what Andon did, and the entries themselves.
import { html } from 'hono/html'
import type { Effect } from '../core/decision/effects.ts'
import { eventWords } from '../core/decision/explain/event-words.ts'
import { away, type Content, digest, moment, name, type Row, state, table, typed, words } from './markup.ts'
import { account } from './mover.ts'
import type { Act, Story } from './story.ts'

const MOST_ENTRIES = 300

/** Reviews and comments of people; null where there are none. Whether they counted, the gate says. */
export function peoplePart({ move, attempt }: Story): Content {
  const reviews = (move.seen?.card.pull?.reviews ?? [])
    .filter(({ state }) => state !== 'PENDING' && state !== 'COMMENTED')
    .map((review) => ({
      ...review,
      said: SAID[review.state] ?? review.state,
      current: review.sha !== null && review.sha === attempt.commit?.sha,
    }))
  const comments = move.approvals.map((approval) => ({
    ...approval,
    said: 'approved in a comment',
    current: approval.change === attempt.change,
  }))
  const all = [...reviews, ...comments].toSorted((a, b) => a.at.localeCompare(b.at))
  if (all.length === 0) return null
  return table(
    html`<span class="quiet">Reviews and approvals on this card; its gates say which of them counted</span>`,
    [{ title: 'Who' }, { title: 'Said' }, { title: 'About' }, { title: 'When' }],
    all.map(({ by, said, current, at, url }) => ({
      cells: [account(by), away(url, said), current ? 'this change' : 'another state of the change', moment(at)],
    })),
    'cards',
  )
}

/** What was accepted while this move was the card's latest, and what became of it; null where nothing was. */
export function waiversPart({ move, entries }: Story): Content {
  const given = entries.flatMap(({ event }) => (event.kind === 'gate-waived' ? [event] : []))
  const open = move.waivers.filter((waiver) => !given.some(({ url }) => url === waiver.url))
  if (given.length + open.length === 0) return null
  return table(
    html`<span class="quiet">Failures of gates that somebody accepted for a while</span>`,
    [
      { title: 'Gate' },
      { title: 'By' },
      { title: 'Until' },
      { title: 'Why' },
      { title: 'Meanwhile' },
      { title: 'State' },
    ],
    [...open, ...given].map((waiver) => ({
      cells: [
        name(waiver.gate),
        html`${account(waiver.by)} <span class="quiet">of ${typed(waiver.team)}</span>`,
        moment(waiver.until),
        away(waiver.url, typed(waiver.reason, 500)),
        waiver.compensate === null ? null : typed(waiver.compensate, 500),
        move.waivers.some(({ url }) => url === waiver.url) ? 'open' : 'ended',
      ],
    })),
    'cards',
  )
}

/** The emergency that this move was, and the reviews that the card owes; null where it owes none. */
export function emergencyPart({ move, entries }: Story): Content {
  const used = entries.flatMap(({ event }) => (event.kind === 'emergency-used' ? [event] : []))
  const owed = move.reviews.filter((review) => !used.some((event) => event.move === review.move))
  if (used.length + owed.length === 0) return null
  return table(
    html`<span class="quiet">Gates that were not asked, and the review that is owed for it</span>`,
    [{ title: 'By' }, { title: 'Skipped' }, { title: 'Review due' }, { title: 'Review' }],
    [...owed, ...used].map(({ move: id, by, team, skipped, due }) => {
      const open = move.reviews.find((review) => review.move === id)
      const issue = open?.issue
        ? away(open.issue.url, `issue ${open.issue.number}, open`)
        : 'its issue is still to be opened'
      return {
        cells: [
          html`${account(by)} <span class="quiet">of ${typed(team)}</span>`,
          skipped.map((gate, index) => [index > 0 ? ', ' : '', name(gate)]),
          moment(due),
          open ? issue : 'closed',
        ],
      }
    }),
    'cards',
  )
}

const SAID: Partial<Record<string, string>> = {
  APPROVED: 'approved',
  CHANGES_REQUESTED: 'asked for changes',
  DISMISSED: 'review dismissed',
}

export function actsPart(acts: Act[]): Content {
  if (acts.length === 0) return null
  const lines = acts.map(({ at, effect, done }) => {
    const waiting = done ? null : html` ${state('wait', 'still to be done')}`
    return html`<li>${moment(at)} <span>${actWords(effect)}${waiting}</span></li>`
  })
  return html`<ol class="acts">${lines}</ol>`
}

const WHY = {
  return: 'Returned the card to ',
  advance: 'Moved the card on to ',
  ask: 'Moved the card, as it was asked, to ',
}

function actWords(effect: Effect): Content {
  switch (effect.effect) {
    case 'place-card':
      return effect.column === null ? 'Took the card off its column' : [WHY[effect.why], typed(effect.column)]
    case 'archive-card':
      return 'Archived the card again'
    case 'write-check':
      return [
        'Wrote the check run ',
        name(effect.name),
        ` (${effect.conclusion ?? 'in progress'}): `,
        typed(effect.title),
      ]
    case 'write-comment':
      return 'Brought its comment on the card up to date'
    case 'remove-label':
      return ['Took the label ', name(effect.label), ' off the card']
    case 'open-issue':
      return 'Opened the issue for the review of the emergency'
    case 'dispatch-workflow':
      return ['Asked the workflow ', name(effect.file), ' to run']
    default:
      return effect satisfies never
  }
}

export function entriesPart({ stream, entries }: Story): Content {
  const rows: Row[] = entries.slice(0, MOST_ENTRIES).map(({ seq, id, event, hash }) => ({
    id: `entry-${seq}`,
    cells: [
      html`<span title="${id}">${seq}</span>`,
      moment(event.at),
      html`<span class="kind">${event.kind}</span> ${words(eventWords(event))}`,
      digest(hash),
    ],
  }))
  const left = entries.length - rows.length
  return [
    table(
      html`<span class="quiet">What was seen and decided, in order, of the stream ${name(stream)}</span>`,
      [{ title: 'Entry', align: 'end' }, { title: 'Time' }, { title: 'What' }, { title: 'Hash' }],
      rows,
      'cards entries',
    ),
    left > 0
      ? html`<p>${left} more entries are not shown here; <code>andon search --stream ${stream} --json</code> prints them.</p>`
      : null,
  ]
}
