// Keeps secrets out of logs: every known secret, in the forms it commonly takes, becomes `***`.

export class Masks {
  readonly #words = new Set<string>()
  #longestFirst: string[] = []

  /** From now on the text, each of its lines, and its encoded forms are hidden. */
  add(secret: string): void {
    for (const line of [secret, ...secret.split(/\r?\n/)]) {
      const word = line.trim()
      if (word === '') continue
      for (const form of [word, encodeURIComponent(word), JSON.stringify(word).slice(1, -1), base64(word)])
        this.#words.add(form)
    }
    this.#longestFirst = [...this.#words].sort((a, b) => b.length - a.length)
  }

  hide(text: string): string {
    let hidden = text
    for (const word of this.#longestFirst) hidden = hidden.replaceAll(word, '***')
    return hidden
  }

  /** True for a text that holds a secret: a job's output that does is not handed on. */
  touches(text: string): boolean {
    return this.#longestFirst.some((word) => text.includes(word))
  }
}

function base64(word: string): string {
  return Buffer.from(word).toString('base64')
}
