// The sentences of the record, and the way back from our Markdown to what people typed.
import { describe, expect, it } from 'vitest'
import { code, plain } from '../../../src/core/decision/explain/escape.ts'
import { eventWords } from '../../../src/core/decision/explain/event-words.ts'
import { pieces, unmarkedWords } from '../../../src/core/decision/explain/pieces.ts'
import type { Event } from '../../../src/core/facts/event.ts'
import { EVENT_KINDS } from '../../../src/core/facts/event-kinds.ts'

const at = '2026-11-23T10:00:00.000Z'

describe('an entry in words', () => {
  it('says what a gate found, and why a move was refused', () => {
    const judged: Event = {
      ...{ kind: 'gate-judged', at, move: 'M', gate: 'offline-eval', request: null },
      judgement: { verdict: 'fail', reason: 'criteria-missed', detail: ['accuracy is 0.7, and must be ≥ 0.9'] },
    }
    expect(unmarkedWords(eventWords(judged))).toBe(
      'The gate offline-eval says fail: A criterion is not met: accuracy is 0.7, and must be ≥ 0.9.',
    )
    const refused: Event = {
      ...{ kind: 'move-refused', at, move: 'M', from: 'Backlog', to: null },
      reasons: [
        { reason: 'on-hold', gate: null, detail: ['andon: hold'] },
        { reason: 'files-missing', gate: 'docs', detail: ['a.md'] },
      ],
    }
    expect(unmarkedWords(eventWords(refused))).toBe(
      'The move to no column was refused: The card bears the label andon: hold. docs: Files are missing at the commit under test: a.md.',
    )
  })

  it('calls no gate passed that was waived or skipped', () => {
    const judged = (reason: string) =>
      unmarkedWords(
        eventWords({
          ...{ kind: 'gate-judged', at, move: 'M', gate: 'offline-eval', request: null },
          judgement: { verdict: 'pass', reason, detail: ['ada', 'incident-response', 'andon: emergency'] },
        } as Event),
      )
    expect(judged('skipped-emergency')).toMatch(/^The gate offline-eval was skipped: Not asked: ada of the team/)
    expect(judged('waived')).toMatch(/^The gate offline-eval was waived: /)
    expect(judged('constructor')).toBe('The gate offline-eval says pass: constructor.')
  })

  it('names what a newer version wrote and this one does not know', () => {
    const kind = { kind: 'card-sold', at } as unknown as Event
    expect(eventWords(kind)).toBe('An entry of the kind `card-sold`, which this version of Andon does not know.')
    const reason = {
      kind: 'move-granted',
      at,
      move: 'M',
      from: null,
      to: 'X',
      reason: 'luck',
      change: null,
    } as unknown as Event
    expect(unmarkedWords(eventWords(reason))).toBe('The move to X was granted: luck.')
    const inherited = {
      kind: 'dispatch-refused',
      at,
      request: 'R',
      reason: 'constructor',
      detail: '',
    } as unknown as Event
    expect(unmarkedWords(eventWords(inherited))).toBe('constructor.')
  })

  it('can be asked for by every kind there is', () => {
    expect(EVENT_KINDS).toHaveLength(new Set(EVENT_KINDS).size)
    expect(EVENT_KINDS).toContain('move-opened')
  })
})

describe('Markdown taken apart', () => {
  it.each([
    'a *b* **c** _d_ ~~e~~ `f` [g](h) !i #7 GH-7 @ada <b> & &lt; &amp;amp; \\ \\\\ \\` 1. - + | > {x}',
    'https://example.com www.example.com @team/x',
    '** ** ` ` \\',
  ])('gives back what was typed: %s', (text) => {
    expect(unmarkedWords(plain(text, 1_000))).toBe(text)
    expect(unmarkedWords(`**${code('x')}** ${plain(text, 1_000)}`)).toBe(`x ${text}`)
    expect(pieces(plain(text, 1_000)).every((piece) => !piece.code && !piece.strong)).toBe(true)
  })

  it('keeps names and what is strong apart from the rest', () => {
    expect(pieces(`Back to **${code('In Evaluation')}**, \\*now\\*`)).toEqual([
      { text: 'Back to ', code: false, strong: false },
      { text: 'In Evaluation', code: true, strong: true },
      { text: ', *now*', code: false, strong: false },
    ])
  })
})
