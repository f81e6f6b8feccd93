// A plain notice about the tasks that were set aside: how many, which, why, and how to release them.
import { html } from 'hono/html'
import type { Ledger } from '../ledger/port.ts'
import { type Content, moment, name, typed } from './markup.ts'

const MOST_SHOWN = 10

export type Aside = Pick<Awaited<ReturnType<Ledger['backlog']>>, 'aside' | 'asideCount'>

/** Nothing where nothing is set aside. */
export function asideNotice({ aside, asideCount }: Aside): Content {
  if (asideCount === 0) return null
  const shown = aside.slice(0, MOST_SHOWN)
  const rows = shown.map(
    ({ key, why, since }) => html`<li>${name(key)} since ${moment(since)}: ${typed(why, 300)}</li>`,
  )
  return html`<section class="notice" aria-labelledby="aside">
<h2 id="aside">${asideCount === 1 ? 'One task is set aside' : `${asideCount} tasks are set aside`}</h2>
<p>Andon tried them again and again, and stopped. Their cards are not decided until they are released.</p>
<ul>${rows}${asideCount > shown.length ? html`<li>and ${asideCount - shown.length} more</li>` : null}</ul>
<p>Mend the cause, then run <code>andon release</code>; <code>andon release --list</code> shows them all.</p>
</section>`
}
