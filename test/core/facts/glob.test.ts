// Patterns of paths: what they match, and that a hostile one costs no more than another.
import { describe, expect, it } from 'vitest'
import { isGlob, matchesGlob } from '../../../src/core/facts/glob.ts'

describe('a pattern', () => {
  it.each([
    ['prompts/system.md', 'prompts/system.md', true],
    ['prompts/system.md', 'prompts/system.md.bak', false],
    ['prompts/system.md', 'old/prompts/system.md', false],
    ['guardrails/**', 'guardrails/pii.yml', true],
    ['guardrails/**', 'guardrails/deep/er/pii.yml', true],
    ['guardrails/**', 'guardrails-old/pii.yml', false],
    ['**/*.md', 'README.md', true],
    ['**/*.md', 'docs/a/b.md', true],
    ['**/*.md', 'docs/a.md/b.txt', false],
    ['a/**/z', 'a/z', true],
    ['a/**/z', 'a/b/c/z', true],
    ['a/**/b/**/z', 'a/b/x/b/y/z', true],
    ['*.md', 'docs/README.md', false],
    ['prompts/*', 'prompts/a/b', false],
    ['p*t?.md', 'prompts.md', true],
    ['prompt?.md', 'prompt.md', false],
    ['prompt?.md', 'prompt/.md', false],
    ['?.md', '\u{1f600}.md', true],
    ['*a*b*', 'xxaxxaxb', true],
    ['**', 'anything/at/all', true],
    ['.github/**', '.github/workflows/x.yml', true],
    ['a.c', 'abc', false],
    ['Guardrails/**', 'guardrails/pii.yml', false],
  ])('%s, of %s: %s', (glob, path, expected) => expect(matchesGlob(glob, path)).toBe(expected))

  it.each(['/a', 'a/', 'a//b', './a', '../a', '', '!a', '{a,b}', '[ab]', 'a\\*', 'a\nb'])('may not be %j', (glob) =>
    expect(isGlob(glob)).toBe(false),
  )
})

it('tries nothing twice over: a hostile pattern on a hostile path is soon answered', () => {
  // Where every wildcard were tried with every other, this would take longer than the world has stood.
  expect(matchesGlob(`${'*a'.repeat(99)}b`, 'a'.repeat(4000))).toBe(false)
  expect(matchesGlob(`${'**/a/'.repeat(39)}b`, `${'a/'.repeat(2000)}c`)).toBe(false)
})
