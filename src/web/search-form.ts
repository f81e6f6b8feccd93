// The form that searches the moves: a plain GET, so that every result has an address.
import { html } from 'hono/html'
import { REASONS } from '../core/facts/reason.ts'
import { VERDICTS } from '../core/facts/verdict.ts'
import type { Content, Html } from './markup.ts'
import type { Field, Query } from './query.ts'

export function searchForm(query: Query): Html {
  const { fields, problems } = query
  const narrowed = Object.keys(fields).some((field) => field !== 'words')
  return html`<search><form class="search" action="/" method="get">
<div class="line">
${field(query, 'words', 'Words', (rest) => html`<input type="search" ${rest} placeholder="title, repository, model, metric">`)}
<button type="submit">Search</button>
${Object.keys(fields).length > 0 ? html`<a class="clear" href="/">Clear</a>` : null}
</div>
<details ${narrowed || Object.keys(problems).length > 0 ? html`open` : ''}>
<summary>Filters</summary>
<div class="filters">
${field(query, 'actor', 'Moved by', (rest) => html`<input type="text" ${rest} autocapitalize="off" spellcheck="false">`)}
${field(query, 'gate', 'Gate', (rest) => html`<input type="text" ${rest} autocapitalize="off" spellcheck="false">`)}
${choice(query, 'verdict', 'Verdict of a gate', VERDICTS)}
${choice(query, 'reason', 'Reason', Object.keys(REASONS).toSorted())}
${field(query, 'from', 'Opened from', (rest) => html`<input type="date" ${rest}>`)}
${field(query, 'to', 'Opened until', (rest) => html`<input type="date" ${rest}>`)}
</div>
</details>
${problems.before ? html`<p class="problem">${problems.before}</p>` : null}
</form></search>`
}

function field(query: Query, name: Field, label: string, input: (rest: Html) => Html): Html {
  const value = query.fields[name] ?? ''
  return labelled(
    query,
    name,
    label,
    input(html`id="${name}" name="${name}" value="${value}"${described(query, name)}`),
  )
}

function choice(query: Query, name: Field, label: string, options: readonly string[]): Html {
  const chosen = query.fields[name]
  const shown = options.map((option) => html`<option ${option === chosen ? html`selected` : ''}>${option}</option>`)
  return labelled(
    query,
    name,
    label,
    html`<select id="${name}" name="${name}"${described(query, name)}><option value="">any</option>${shown}</select>`,
  )
}

function labelled({ problems }: Query, name: Field, label: string, input: Content): Html {
  const problem = problems[name]
  return html`<div class="field field-${name}"><label for="${name}">${label}</label>${input}${problem ? html`<p class="problem" id="${name}-problem">${problem}</p>` : null}</div>`
}

function described({ problems }: Query, name: Field): Html | string {
  return problems[name] ? html` aria-invalid="true" aria-describedby="${name}-problem"` : ''
}
