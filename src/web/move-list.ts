// The list of moves, newest first, with its search.
import { html } from 'hono/html'
import type { Attempt } from '../core/decision/move.ts'
import type { FoundMove, Ledger } from '../ledger/port.ts'
import { page } from './layout.ts'
import { type Content, type Html, moment, name, type Row, table, typed } from './markup.ts'
import { mover } from './mover.ts'
import { pageAddress, type Query } from './query.ts'
import { searchForm } from './search-form.ts'
import { attemptsOf } from './story.ts'
import { decidedBy, outcomeState, verdictOf, verdictState } from './verdicts.ts'

const PAGE = 50

type Found = { moves: FoundMove[]; attempts: Map<string, Attempt>; more: boolean }

/** Two queries for the moves and one for their cards, however many entries their streams have. */
export async function findMoves(ledger: Pick<Ledger, 'moves' | 'entriesOfMoves'>, query: Query): Promise<Found> {
  if (Object.keys(query.problems).length > 0) return { moves: [], attempts: new Map(), more: false }
  const found = await ledger.moves({ ...query.search, limit: PAGE + 1 })
  const moves = found.slice(0, PAGE)
  const ids = moves.flatMap(({ opened: { event } }) => (event.kind === 'move-opened' ? [event.move] : []))
  return { moves, attempts: attemptsOf(await ledger.entriesOfMoves(ids)), more: found.length > PAGE }
}

export function listPage(query: Query, found: Found, notice: Content = null): Html {
  return page('Moves', html`<h1>Moves</h1>${notice}${searchForm(query)}${results(query, found)}`)
}

function results(query: Query, { moves, attempts, more }: Found): Content {
  if (Object.keys(query.problems).length > 0)
    return html`<p class="empty">Nothing was searched: mend what is marked.</p>`
  if (moves.length === 0) return nothing(query)
  const last = moves.at(-1)?.opened.seq ?? null
  const rows = moves.flatMap((move) => rowOf(move, attempts))
  const columns = ['Card', 'Move', 'By', 'Opened', 'Outcome', 'Verdict', 'Change'].map((title) => ({ title }))
  return [
    table(html`<span class="quiet">${caption(query, moves.length, more)}</span>`, columns, rows, 'cards moves'),
    html`<nav class="pages" aria-label="Pages">
${query.search.before === undefined ? null : html`<a href="${pageAddress(query, null)}">Newest</a>`}
${more ? html`<a rel="next" href="${pageAddress(query, last)}">Older</a>` : null}
</nav>`,
  ]
}

function caption(query: Query, count: number, more: boolean): string {
  const which = Object.keys(query.fields).length === 0 ? '' : count === 1 ? ' that matches' : ' that match'
  const older = query.search.before === undefined ? '' : 'Older: '
  return `${older}${more ? `the newest ${count}` : count} ${count === 1 ? 'move' : 'moves'}${which}, newest first`
}

function rowOf({ opened, card }: FoundMove, attempts: Map<string, Attempt>): Row[] {
  const attempt = opened.event.kind === 'move-opened' ? attempts.get(opened.event.move) : undefined
  if (!attempt) return []
  const place = card?.repository ? `${card.repository}#${card.number ?? ''}` : null
  const gates = decidedBy(attempt)
  return [
    {
      cells: [
        html`<a class="title" href="/moves/${attempt.id}">${typed(card?.title || 'Untitled card', 160)}</a>${place ? html` <span class="quiet">${typed(place)}</span>` : null}`,
        wayOf(attempt),
        html`<span class="who">${mover(attempt)}</span>`,
        moment(attempt.openedAt),
        outcomeState(attempt),
        html`${verdictState(verdictOf(attempt))}${gates.length > 0 ? html` <span class="gates">${listed(gates)}</span>` : null}`,
        attempt.changeKind
          ? html`<span class="kind">${typed(attempt.changeKind, 60)}</span>`
          : html`<span class="quiet">none named</span>`,
      ],
    },
  ]
}

/** "Backlog → Staging", read aloud as "from Backlog to Staging". */
export function wayOf({ from, to }: Pick<Attempt, 'from' | 'to'>): Html {
  const column = (named: string | null) =>
    named === null ? html`<span class="quiet">no column</span>` : typed(named, 60)
  return html`<span class="way"><span class="unseen">from </span>${column(from)} <span class="arrow" aria-hidden="true">→</span><span class="unseen"> to </span> ${column(to)}</span>`
}

function listed(gates: string[]): Content[] {
  const [first, second, ...others] = gates
  const shown = [first, second].flatMap((gate) => (gate === undefined ? [] : [name(gate, 60)]))
  return [
    ...shown.flatMap((gate, index) => (index > 0 ? [', ', gate] : [gate])),
    others.length > 0 ? ` and ${others.length} more` : null,
  ]
}

function nothing(query: Query): Html {
  if (query.search.before !== undefined)
    return html`<p class="empty">There are no older moves. <a href="${pageAddress(query, null)}">Show the newest</a>.</p>`
  if (Object.keys(query.fields).length > 0)
    return html`<p class="empty">No move matches. Words match from their beginning; a gate, a verdict and a reason must be of one answer. <a href="/">Show all moves</a>.</p>`
  return html`<section class="empty" aria-labelledby="first-steps">
<h2 id="first-steps">Nothing has moved yet</h2>
<p>Andon has recorded no move. To see one:</p>
<ol>
<li>Install the GitHub App on your organization, and see that <code>/readyz</code> answers that Andon is ready.</li>
<li>Put a policy into <code>.github/andon.yml</code> on the default branch; <code>andon check .github/andon.yml</code> shows all its problems at once.</li>
<li>Drag a card on the board that the policy names. The move is listed here as soon as Andon has seen it.</li>
</ol>
<p>No board at hand? <code>npm run demo</code> brings one, with a GitHub of its own on this machine.</p>
</section>`
}
