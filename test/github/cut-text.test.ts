// Text that is too long ends at a safe place and says so.
import { describe, expect, it } from 'vitest'
import { cutText } from '../../src/github/cut-text.ts'

const CLOSING = 'The rest is left out here'

describe('a long text', () => {
  it('stays as it is while it fits', () => {
    expect(cutText('a'.repeat(1000), 1000)).toBe('a'.repeat(1000))
  })
  it('ends after a whole line, with a closing sentence', () => {
    const cut = cutText('| a | b |\n'.repeat(500), 2000)
    expect(cut.length).toBeLessThanOrEqual(2000)
    expect(cut.split('\n\n…')[0]).toMatch(/\| a \| b \|$/)
    expect(cut).toContain(CLOSING)
  })
  it('is never cut within a character', () => {
    for (const limit of [1000, 1001])
      expect(cutText('😀'.repeat(2000), limit)).not.toMatch(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])/)
  })
  it.each([
    ['```js\n', '\n```\n'],
    ['~~~~\n```\n', '\n~~~~\n'],
    ['<details><summary>x</summary>\n', '</details>'],
    ['<!-- ', ' -->'],
  ])('closes what it leaves open: %s', (open, close) => {
    const cut = cutText(`${open}${'word '.repeat(1000)}`, 2000)
    expect(cut.slice(0, cut.indexOf('…')).trimEnd().endsWith(close.trim())).toBe(true)
  })
  it('keeps the marker by which it is found again', () => {
    expect(cutText(`${'x'.repeat(3000)}<!-- m -->`, 1000, '<!-- m -->')).toContain('<!-- m -->')
  })
})
