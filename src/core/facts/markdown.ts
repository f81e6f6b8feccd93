// Finds headings and fenced code in Markdown as GitHub reads it: quotes, lists, comments and HTML are seen through.
import { Line } from './markdown-line.ts'

/** `line`: of the fence's first line of text, or of the heading, counted from 1. `nested`: within a quote or a list. */
export type Block =
  | { block: 'heading'; level: number; text: string; line: number; nested: boolean }
  | { block: 'code'; info: string; text: string; line: number; nested: boolean }

type Container = { holds: 'quote' } | { holds: 'item'; indent: number; empty: boolean }
type Fence = { mark: string; length: number; indent: number; info: string; lines: string[]; line: number }
type Leaf =
  | { leaf: 'none' }
  | { leaf: 'paragraph'; text: string; lines: number }
  | { leaf: 'html'; end: RegExp }
  | ({ leaf: 'fence' } & Fence)

const NONE: Leaf = { leaf: 'none' }
const DEEPEST = 50

const FENCE = /^(`{3,})([^`]*)$|^(~{3,})(.*)$/
const RULE = /^(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$/
const ITEM = /^([-+*]|\d{1,9}[.)])(?=[ \t]|$)/
const INTERRUPTING_ITEM = /^(?:[-+*]|1[.)])[ \t]+[^ \t]/
const BLANK = /^[ \t]*$/

/** HTML that ends with a mark of its own, and HTML that ends with a blank line; GitHub shows neither as code. */
const HTML: [start: RegExp, end: RegExp, interrupts: boolean][] = [
  [/^<(?:script|pre|style|textarea)(?:\s|>|$)/i, /<\/(?:script|pre|style|textarea)>/i, true],
  [/^<!--/, /-->/, true],
  [/^<\?/, /\?>/, true],
  [/^<![A-Za-z]/, />/, true],
  [/^<!\[CDATA\[/, /\]\]>/, true],
  [
    /^<\/?(?:address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul)(?:\s|\/?>|$)/i,
    BLANK,
    true,
  ],
  [
    /^(?:<[A-Za-z][A-Za-z0-9-]*(?:\s+[A-Za-z_:][\w.:-]*(?:\s*=\s*(?:[^\s"'=<>`]+|'[^']*'|"[^"]*"))?)*\s*\/?>|<\/[A-Za-z][A-Za-z0-9-]*\s*>)[ \t]*$/,
    BLANK,
    false,
  ],
]

/** The headings and fenced code blocks of a text, in order. A fence that is never closed ends with what holds it. */
export function blocksOf(markdown: string): Block[] {
  const reader = new BlockReader()
  const lines = markdown.split(/\r\n|\n|\r/)
  for (const [index, line] of lines.entries()) reader.read(line, index + 1)
  reader.close()
  return reader.blocks
}

class BlockReader {
  readonly blocks: Block[] = []
  #containers: Container[] = []
  #leaf: Leaf = NONE

  read(text: string, number: number): void {
    const line = new Line(text)
    const matched = this.#matchContainers(line)
    const open = matched === this.#containers.length
    if (open && this.#leaf.leaf === 'fence') this.#readFence(this.#leaf, line)
    else if (open && this.#leaf.leaf === 'html') {
      if (this.#leaf.end.test(line.rest())) this.#leaf = NONE
    } else {
      if (!open && this.#leaf.leaf !== 'paragraph') this.#leave(matched)
      this.#readNew(line, matched, number)
    }
  }

  close(): void {
    this.#leave(0)
  }

  /** How many of the open containers the line goes on with; their marks are taken off it. */
  #matchContainers(line: Line): number {
    let matched = 0
    for (const container of this.#containers) {
      if (container.holds === 'quote') {
        if (!line.takeQuote()) break
      } else if (line.isBlank()) {
        // An item that begins with an empty line ends with the next one.
        if (container.empty) break
        line.take(container.indent)
      } else if (line.indent() >= container.indent) {
        line.take(container.indent)
        container.empty = false
      } else break
      matched++
    }
    return matched
  }

  #readFence(fence: Fence, line: Line): void {
    const mark = line.indent() <= 3 ? /^(`+|~+)[ \t]*$/.exec(line.rest()) : null
    if (mark?.[1]?.startsWith(fence.mark) && mark[1].length >= fence.length) this.#leave(this.#containers.length)
    else {
      line.take(fence.indent)
      fence.lines.push(line.whole())
    }
  }

  #readNew(line: Line, matched: number, number: number): void {
    const kept = this.#openContainers(line, matched)
    const inParagraph = this.#leaf.leaf === 'paragraph'
    // A paragraph goes on over a line that lacks its quote's mark or its item's indentation.
    const lazy = kept < this.#containers.length
    if (line.isBlank() || (line.indent() > 3 && !inParagraph)) this.#leave(kept)
    if (line.isBlank() || line.indent() > 3) return
    const rest = line.rest()
    if (this.#startBlock(rest, line.indent(), kept, number)) return
    if (!lazy && this.#underline(rest, number)) return
    if (RULE.test(rest)) this.#leave(kept)
    else if (this.#leaf.leaf === 'paragraph') this.#leaf.lines++
    else this.#leaf = { leaf: 'paragraph', text: rest, lines: 1 }
  }

  /** Opens the quotes and list items that begin on this line; the number of containers it then stands in. */
  #openContainers(line: Line, matched: number): number {
    let kept = matched
    while (line.indent() <= 3 && kept < DEEPEST) {
      const rest = line.rest()
      const paragraph = this.#leaf.leaf === 'paragraph' && kept === this.#containers.length
      if (line.takeQuote()) this.#enter(kept++, { holds: 'quote' })
      else if (!RULE.test(rest) && ITEM.test(rest) && (!paragraph || INTERRUPTING_ITEM.test(rest))) {
        const indent = line.takeItem()
        this.#enter(kept++, { holds: 'item', indent, empty: line.isBlank() })
      } else break
    }
    return kept
  }

  #startBlock(rest: string, indent: number, kept: number, line: number): boolean {
    const nested = kept > 0
    const heading = /^#{1,6}(?=[ \t]|$)/.exec(rest)?.[0]
    const fence = FENCE.exec(rest)
    const html = HTML.find(
      ([start, , interrupts]) => start.test(rest) && (interrupts || this.#leaf.leaf !== 'paragraph'),
    )
    if (heading === undefined && !fence && !html) return false
    this.#leave(kept)
    if (heading !== undefined)
      this.blocks.push({ block: 'heading', level: heading.length, text: titleOf(rest), line, nested })
    else if (fence) {
      const mark = fence[1] ?? fence[3] ?? ''
      const info = (fence[2] ?? fence[4] ?? '').trim()
      this.#leaf = { leaf: 'fence', mark: mark.charAt(0), length: mark.length, indent, info, lines: [], line: line + 1 }
    } else if (html && !html[1].test(rest)) this.#leaf = { leaf: 'html', end: html[1] }
    return true
  }

  /** A line of `=` or `-` under a paragraph makes a heading of it. */
  #underline(rest: string, line: number): boolean {
    if (this.#leaf.leaf !== 'paragraph' || !/^(?:=+|-+)[ \t]*$/.test(rest)) return false
    const { text, lines } = this.#leaf
    const level = rest.startsWith('=') ? 1 : 2
    if (lines === 1)
      this.blocks.push({
        block: 'heading',
        level,
        text: text.trim(),
        line: line - 1,
        nested: this.#containers.length > 0,
      })
    this.#leaf = NONE
    return true
  }

  #enter(depth: number, container: Container): void {
    this.#leave(depth)
    this.#containers.push(container)
  }

  /** Ends what is open: the leaf, and the containers deeper than `depth`. */
  #leave(depth: number): void {
    if (this.#leaf.leaf === 'fence') {
      const { info, lines, line } = this.#leaf
      this.blocks.push({
        block: 'code',
        info,
        text: lines.map((text) => `${text}\n`).join(''),
        line,
        nested: this.#containers.length > 0,
      })
    }
    this.#leaf = NONE
    this.#containers.length = Math.min(this.#containers.length, depth)
  }
}

/** The words of a `# heading #`, without its marks. */
function titleOf(rest: string): string {
  const words = rest.replace(/^#+/, '').trim()
  let end = words.length
  while (words.charAt(end - 1) === '#') end--
  return end === 0 || /[ \t]/.test(words.charAt(end - 1)) ? words.slice(0, end).trim() : words
}
