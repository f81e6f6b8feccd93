// The small pieces all pages are made of: words, times, digests, links, verdicts and tables. Everything is escaped.
import { html } from 'hono/html'
import { oneLine } from '../core/decision/explain/escape.ts'
import { short } from '../core/decision/explain/numbers.ts'
import { pieces } from '../core/decision/explain/pieces.ts'

export type Html = ReturnType<typeof html>
export type Content = Html | string | number | null | Content[]

/** What people or workflows wrote, on one line: no control characters, cut, and kept from turning its neighbours round. */
export function typed(text: string, most = 200): Html {
  return html`<bdi>${oneLine(text, most)}</bdi>`
}

/** The same, set as a name. */
export function name(text: string, most = 120): Html {
  return html`<code><bdi>${oneLine(text, most)}</bdi></code>`
}

/** Sentences of `explain`, which are Markdown, as HTML. */
export function words(markdown: string): Html {
  const runs = pieces(markdown).map(({ text, code, strong }) => {
    const shown = text.replaceAll('\u200b', '')
    const set = code ? html`<code><bdi>${shown}</bdi></code>` : shown
    return strong ? html`<strong>${set}</strong>` : set
  })
  return html`${runs}`
}

/** "2026-11-23 10:04" in UTC; the page says so once. */
export function moment(iso: string): Html {
  return html`<time datetime="${iso}" title="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 16)}</time>`
}

/** The first characters of a digest, commit or hash, with the whole in the title. */
export function digest(whole: string): Html {
  return html`<code class="digest" title="${oneLine(whole)}">${oneLine(short(whole), 16)}</code>`
}

/** A link to another site, where the address is one of the web; else the words alone. */
export function away(url: string | null | undefined, shown: Content): Html {
  return url && /^https?:\/\/[^\s<>"'`\\]+$/.test(url)
    ? html`<a href="${url}" rel="noopener noreferrer">${shown}</a>`
    : html`${shown}`
}

/** The tones a state can have. `none`: it decides nothing. */
export type Tone = 'pass' | 'wait' | 'unsure' | 'error' | 'fail' | 'none'

const SIGNS: Record<Tone, string> = { pass: '✓', wait: '…', unsure: '?', error: '!', fail: '✕', none: '–' }

/** The sign alone, beside words that say the same. */
export function sign(tone: Tone): Html {
  return html`<span class="state ${tone}"><span class="sign" aria-hidden="true">${SIGNS[tone]}</span></span>`
}

/** A state as a sign and a word, so that nobody has to tell colours apart. */
export function state(tone: Tone, word: string): Html {
  return html`<span class="state ${tone}"><span class="sign" aria-hidden="true">${SIGNS[tone]}</span> ${word}</span>`
}

export type Column = { title: string; align?: 'end' }
export type Row = { id?: string; cells: Content[] }

/** A table that becomes a list of cards where the screen is narrow. The first cell of a row names it. */
export function table(caption: Content, columns: Column[], rows: Row[], className = ''): Html {
  const end = (index: number) => (columns[index]?.align === 'end' ? 'end' : '')
  const body = rows.map(({ id, cells }) => {
    const marked = id ? html` id="${id}"` : ''
    const inside = cells.map((cell, index) =>
      index === 0
        ? html`<th scope="row" role="rowheader" data-label="${columns[0]?.title ?? ''}" class="${end(0)}"><div>${cell}</div></th>`
        : html`<td role="cell" data-label="${columns[index]?.title ?? ''}" class="${end(index)}"><div>${cell}</div></td>`,
    )
    return html`<tr role="row"${marked}>${inside}</tr>`
  })
  // Roles are said again because a table that is laid out as blocks is no table to a screen reader.
  return html`<table role="table" class="${className}">
<caption>${caption}</caption>
<thead role="rowgroup"><tr role="row">${columns.map((column, index) => html`<th scope="col" role="columnheader" class="${end(index)}">${column.title}</th>`)}</tr></thead>
<tbody role="rowgroup">${body}</tbody>
</table>`
}

/** Names and values; what has no value is left out. */
export function facts(pairs: [string, Content][]): Html {
  const shown = pairs.filter(([, value]) => value !== null && value !== '')
  return html`<dl class="facts">${shown.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>`
}
