// One line of Markdown, taken apart from its left: indentation counted in columns, quote and list marks.

export class Line {
  readonly #raw: string
  #rest: string
  #lead = 0
  #column = 0
  #touched = false

  constructor(raw: string) {
    this.#raw = raw
    this.#rest = raw
    this.#measure()
  }

  /** Columns of white space before the rest; a tab reaches to the next multiple of four. */
  indent(): number {
    return this.#lead
  }

  /** What is left, without the white space before it. */
  rest(): string {
    return this.#rest
  }

  /** What is left, with the white space before it. */
  whole(): string {
    return this.#touched ? ' '.repeat(this.#lead) + this.#rest : this.#raw
  }

  isBlank(): boolean {
    return this.#rest === ''
  }

  /** Takes up to this many columns of white space. */
  take(columns: number): void {
    const taken = Math.min(columns, this.#lead)
    this.#lead -= taken
    this.#column += taken
    if (taken > 0) this.#touched = true
  }

  /** Takes a `>` with the space after it; false where the line has none here. */
  takeQuote(): boolean {
    if (this.#lead > 3 || !this.#rest.startsWith('>')) return false
    this.#skip(1)
    this.take(1)
    return true
  }

  /** Takes a list mark; the number of columns by which the item's further lines must be indented. */
  takeItem(): number {
    const mark = /^(?:[-+*]|\d{1,9}[.)])/.exec(this.#rest)?.[0].length ?? 0
    const before = this.#lead + mark
    this.#skip(mark)
    const space = this.isBlank() || this.#lead > 4 ? 1 : this.#lead
    this.take(space)
    return before + space
  }

  #skip(characters: number): void {
    this.#column += this.#lead + characters
    this.#rest = this.#rest.slice(characters)
    this.#touched = true
    this.#measure()
  }

  #measure(): void {
    let column = this.#column
    let at = 0
    for (; this.#rest[at] === ' ' || this.#rest[at] === '\t'; at++)
      column += this.#rest[at] === '\t' ? 4 - (column % 4) : 1
    this.#lead = column - this.#column
    this.#rest = this.#rest.slice(at)
  }
}
