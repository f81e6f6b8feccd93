// The frame around every page.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { html } from 'hono/html'
import { oneLine } from '../core/decision/explain/escape.ts'
import type { Content, Html } from './markup.ts'

const read = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8')

/** What the pages load, all of it ours, read once at the start. */
export const STYLE = read('./style.css')
export const ICON = read('./icon.svg')
/** In the addresses of what is loaded, so that browsers keep it until it changes. */
const VERSION = createHash('sha256').update(STYLE).update(ICON).digest('hex').slice(0, 12)

/** A whole page. `title` is plain text, and may be a card's. */
export function page(title: string, content: Content): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${oneLine(title, 120)} · Andon</title>
<link rel="stylesheet" href="/style.css?${VERSION}">
<link rel="icon" type="image/svg+xml" href="/icon.svg?${VERSION}">
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header class="top">
<a class="brand" href="/"><img src="/icon.svg?${VERSION}" alt="" width="20" height="20"> Andon</a>
<nav aria-label="Main"><a href="/">Moves</a></nav>
</header>
<main id="content" tabindex="-1">
${content}
</main>
<footer class="foot">All times are UTC. What stands here is read from the ledger; <code>andon verify</code> proves that it is whole.</footer>
</body>
</html>
`
}

/** A page of one message, for what is not there or does not work. */
export function message(title: string, content: Content): Html {
  return page(title, html`<h1>${title}</h1>${content}`)
}
