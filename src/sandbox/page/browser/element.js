// Makes the page's elements. Nothing here reads HTML: text stays text, whoever wrote it.

const TAGS = new Set(
  'p h1 h2 h3 h4 h5 h6 ul ol li blockquote pre code hr table thead tbody tr th td strong em del sub sup a br'.split(
    ' ',
  ),
)
const SIGNS = { pass: '✓', wait: '…', unsure: '?', fail: '✕', none: '–' }

/** `properties`: `class`, `on<event>` functions, `data` entries, and attributes; null, false and undefined leave out. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue
    if (name === 'data') Object.assign(element.dataset, value)
    else if (name.startsWith('on')) element.addEventListener(name.slice(2), value)
    else element.setAttribute(name, value === true ? '' : value)
  }
  element.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false))
  return element
}

/** Draws what the server read out of Markdown: only elements it knows, and links to the web only. */
export function drawMarkdown(nodes) {
  return nodes.map((node) => {
    if (typeof node === 'string') return node
    if (!TAGS.has(node.tag)) return ''
    // Headings of a comment stand below those of the page.
    const tag = /^h[1-6]$/.test(node.tag) ? `h${Math.min(6, Math.max(4, Number(node.tag[1])))}` : node.tag
    const link = node.tag === 'a' && /^https?:\/\//i.test(node.href ?? '')
    const element = make(
      tag,
      {
        class: node.align,
        tabindex: tag === 'pre' ? '0' : null,
        ...(link && { href: node.href, rel: 'noopener noreferrer', target: '_blank' }),
      },
      drawMarkdown(node.children),
    )
    // A wide table scrolls by itself, with the keyboard too.
    return tag === 'table'
      ? make('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Table' }, element)
      : element
  })
}

/** A state as a sign and a word. */
export function drawState({ tone, word }) {
  return make('span', { class: `state ${tone}` }, make('span', { 'aria-hidden': 'true' }, `${SIGNS[tone]} `), word)
}

export function drawLabel({ name, color }) {
  const dot = make('span', { class: 'dot', 'aria-hidden': 'true' })
  if (/^[0-9a-f]{6}$/i.test(color)) dot.style.background = `#${color}`
  return make('span', { class: 'label' }, dot, name)
}

export function drawTime(iso) {
  const time = new Date(iso).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
  return make('time', { datetime: iso, title: iso }, time)
}
