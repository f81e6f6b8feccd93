// Reads the Markdown of comments, checks and descriptions into a tree of a few allowed elements; everything is untrusted.

/** `href` is an http(s) address and stands on `a` only; `align` on `th` and `td` only. All text is shown as it is. */
export type MarkdownNode = string | { tag: Tag; children: MarkdownNode[]; href?: string; align?: Align }
type Tag = (typeof TAGS)[number]
type Align = 'left' | 'center' | 'right'

/** All elements that can ever come out; the page draws no others. */
export const TAGS = [
  ...(['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'li', 'blockquote', 'pre', 'code', 'hr'] as const),
  ...(['table', 'thead', 'tbody', 'tr', 'th', 'td', 'strong', 'em', 'del', 'sub', 'sup', 'a', 'br'] as const),
] as const

/** GitHub's limit for a body; more is cut. */
const LONGEST = 65_536
const DEEPEST = 8

const FENCE = /^ {0,3}(`{3,}|~{3,})[^`]*$/
const HEADING = /^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*$/
const RULE = /^ {0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}$/
const ITEM = /^ {0,3}(?:([-*+])|\d{1,9}[.)])[ \t]+(.*)$/
const QUOTE = /^ {0,3}> ?(.*)$/
const DELIMITERS = /^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/

export function readMarkdown(text: string): MarkdownNode[] {
  return blocks(withoutComments(text.slice(0, LONGEST)).split(/\r\n|\n|\r/), 0)
}

/** An HTML comment without an end hides the rest, as on GitHub. */
function withoutComments(text: string): string {
  const [before = '', ...parts] = text.split('<!--')
  const shown: string[] = [before]
  for (const part of parts) {
    const end = part.indexOf('-->')
    if (end < 0) break
    shown.push(part.slice(end + 3))
  }
  return shown.join('')
}

function blocks(lines: string[], depth: number): MarkdownNode[] {
  const nodes: MarkdownNode[] = []
  let at = 0
  /** Takes lines as long as they match, and answers with what the pattern caught. */
  const take = (pattern: RegExp, group: number): string[] => {
    const from = at
    while (at < lines.length && pattern.test(lines[at] ?? '')) at += 1
    return lines.slice(from, at).map((line) => pattern.exec(line)?.[group] ?? '')
  }
  while (at < lines.length) {
    const line = lines[at] ?? ''
    const fence = FENCE.exec(line)?.[1]
    const heading = HEADING.exec(line)
    const item = ITEM.exec(line)
    if (line.trim() === '') at += 1
    else if (fence) {
      const from = at + 1
      do at += 1
      while (at < lines.length && !closes(lines[at] ?? '', fence))
      nodes.push(make('pre', [make('code', [lines.slice(from, at).join('\n')])]))
      at += 1
    } else if (heading) {
      nodes.push(make(`h${heading[1]?.length ?? 6}` as Tag, inline(heading[2] ?? '')))
      at += 1
    } else if (RULE.test(line)) {
      nodes.push(make('hr', []))
      at += 1
    } else if (item) {
      const items = take(ITEM, 2).map((text) => make('li', inline(text)))
      nodes.push(make(item[1] ? 'ul' : 'ol', items))
    } else if (QUOTE.test(line) && depth < DEEPEST) nodes.push(make('blockquote', blocks(take(QUOTE, 1), depth + 1)))
    else if (line.includes('|') && DELIMITERS.test(lines[at + 1] ?? '') && lines[at + 1]?.includes('-')) {
      const aligns = cells(lines[at + 1] ?? '').map(alignOf)
      const head = row(line, 'th', aligns)
      at += 2
      nodes.push(
        make('table', [
          make('thead', [head]),
          make(
            'tbody',
            take(/^(.*\|.*)$/, 1).map((text) => row(text, 'td', aligns)),
          ),
        ]),
      )
    } else {
      const from = at
      do at += 1
      while (at < lines.length && !endsParagraph(lines[at] ?? ''))
      nodes.push(make('p', inline(lines.slice(from, at).join('\n').trim())))
    }
  }
  return nodes
}

function endsParagraph(line: string): boolean {
  return line.trim() === '' || [FENCE, HEADING, ITEM, QUOTE].some((pattern) => pattern.test(line))
}

function closes(line: string, fence: string): boolean {
  const mark = line.trim()
  return mark.length >= fence.length && mark === (fence[0] ?? '').repeat(mark.length)
}

function cells(line: string): string[] {
  return line
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'))
}

function row(line: string, tag: 'th' | 'td', aligns: (Align | undefined)[]): MarkdownNode {
  const found = cells(line)
  return make(
    'tr',
    aligns.map((align, index) => ({ tag, children: inline(found[index] ?? ''), ...(align && { align }) })),
  )
}

function alignOf(cell: string): Align | undefined {
  if (cell.endsWith(':')) return cell.startsWith(':') ? 'center' : 'right'
  return cell.startsWith(':') ? 'left' : undefined
}

// Each part is bounded, so that a long text of opening marks is read in a time that grows with its length alone.
const INLINE = new RegExp(
  [
    /\\(?<escaped>[!-/:-@[-`{-~])/,
    /(?<!`)(?<ticks>`{1,3})(?!`)(?<code>[^\n]{1,1000}?)(?<!`)\k<ticks>(?!`)/,
    /\*\*(?<strong>(?!\s)[^\n]{1,2000}?)\*\*/,
    /~~(?<del>[^~\n]{1,500})~~/,
    /(?<![\w*])\*(?<em>(?![\s*])[^*\n]{1,500})\*(?!\w)/,
    /(?<![\w_])_(?<under>(?![\s_])[^_\n]{1,500})_(?!\w)/,
    /!?\[(?<words>[^[\]\n]{1,500})\]\((?<href>[^\s()<>]{1,2000})\)/,
    /<(?<low>su[bp])>(?<lowered>[^\n]{1,2000}?)<\/\k<low>>/,
    /(?<br><br ?\/?>|\n)/,
    /&(?<entity>lt|gt|amp|quot|#39|nbsp);/,
  ]
    .map((part) => part.source)
    .join('|'),
  'g',
)
const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', '#39': "'", nbsp: '\u00a0' }

function inline(text: string, depth = 0): MarkdownNode[] {
  if (depth > DEEPEST) return [text]
  const nodes: MarkdownNode[] = []
  const inner = (part: string) => inline(part, depth + 1)
  let from = 0
  for (const match of text.matchAll(INLINE)) {
    if (match.index > from) nodes.push(text.slice(from, match.index))
    from = match.index + match[0].length
    nodes.push(element(match.groups ?? {}, match[0], inner))
  }
  if (from < text.length) nodes.push(text.slice(from))
  return nodes
}

function element(
  found: Record<string, string | undefined>,
  whole: string,
  inner: (part: string) => MarkdownNode[],
): MarkdownNode {
  if (found.escaped) return found.escaped
  if (found.code) return make('code', [found.code.replace(/^ (.*[^ ].*) $/, '$1')])
  if (found.strong) return make('strong', inner(found.strong))
  if (found.del) return make('del', inner(found.del))
  if (found.em ?? found.under) return make('em', inner(found.em ?? found.under ?? ''))
  if (found.low) return make(found.low as 'sub' | 'sup', inner(found.lowered ?? ''))
  if (found.br) return make('br', [])
  if (found.entity) return ENTITIES[found.entity] ?? whole
  // Pictures would be loaded from elsewhere: of one, its words are shown. Links lead to the web or are no links.
  if (!found.href || whole.startsWith('!')) return found.words ?? whole
  return /^https?:\/\/\w/i.test(found.href) ? { ...make('a', inner(found.words ?? '')), href: found.href } : whole
}

function make(tag: Tag, children: MarkdownNode[]): Exclude<MarkdownNode, string> {
  return { tag, children }
}
