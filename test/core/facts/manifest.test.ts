// Where a manifest is found in what people write, how it is read, and what its parts resolve to.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findManifest, manifestPaths, parseManifest, resolveParts } from '../../../src/core/facts/manifest.ts'

const inPull = (body: string) => findManifest({ pull: body, issue: null, file: null })
const textIn = (body: string) => inPull(body)?.text ?? null
const parse = (text: string) => parseManifest({ source: 'pull-request', text, line: 1 })
const problems = (text: string) => {
  const read = parse(text)
  return read.ok ? [] : read.problems.map((problem) => `${problem.line}:${problem.column} ${problem.message}`)
}
const value = (text: string) => {
  const read = parse(text)
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return read.value
}
const OID = 'c'.repeat(40)
const DIGEST = `sha256:${'d'.repeat(64)}`

describe('a manifest is found', () => {
  it('in the pull request before the issue, in the issue before the file', () => {
    const block = (kind: string) => `\`\`\`andon\nkind: ${kind}\n\`\`\``
    expect(findManifest({ pull: block('a'), issue: block('b'), file: 'kind: c' })).toEqual({
      source: 'pull-request',
      text: 'kind: a\n',
      line: 2,
    })
    expect(findManifest({ pull: 'none here', issue: block('b'), file: 'kind: c' })?.source).toBe('issue')
    expect(findManifest({ pull: null, issue: '', file: 'kind: c' })).toEqual({
      source: 'file',
      text: 'kind: c',
      line: 1,
    })
    expect(findManifest({ pull: null, issue: null, file: null })).toBeNull()
  })

  it('as an issue form writes it, and only under its own heading', () => {
    const form =
      '### What\n\n```yaml\nnot: this\n```\n\n### Change\n\n```yaml\nkind: a\n```\n\n### Other\n\n```yaml\nkind: b\n```\n'
    expect(inPull(form)).toEqual({ source: 'pull-request', text: 'kind: a\n', line: 10 })
    expect(textIn('### Change\n\n_No response_\n\n### Notes\n\n```yaml\nkind: b\n```')).toBeNull()
    expect(textIn('Change\n------\n\n#### Details\n\n~~~yml\nkind: a\n~~~')).toBe('kind: a\n')
  })

  it.each([
    ['with CRLF', 'Hello\r\n```andon\r\nkind: a\r\n```\r\n', 'kind: a\n'],
    ['after a longer fence that shows one', '````\n```andon\nkind: a\n```\n````\n```andon\nkind: b\n```', 'kind: b\n'],
    ['in a longer fence that holds a shorter one', '````andon\nkind: a\n```\n````', 'kind: a\n```\n'],
    ['in tildes', '~~~ andon\nkind: a\n```\n~~~', 'kind: a\n```\n'],
    ['indented by three, and its text as far', '   ```andon\n   kind: a\n     b: c\n   ```', 'kind: a\n  b: c\n'],
    ['never closed, to the end', '```andon\nkind: a\n', 'kind: a\n\n'],
    ['in a quote, which ends it', '> ```andon\n> kind: a\nnot: this', 'kind: a\n'],
    ['in a list', '- Change:\n\n  ```andon\n  kind: a\n  ```\n', 'kind: a\n'],
    ['right after a paragraph', 'words\n```andon\nkind: a\n```', 'kind: a\n'],
    ['with more words in its info string', '```andon title=x\nkind: a\n```', 'kind: a\n'],
    ['in open details', '<details>\n\n```andon\nkind: a\n```\n\n</details>', 'kind: a\n'],
  ])('%s', (_, body, expected) => expect(textIn(body)).toBe(expected))

  it.each([
    ['in a comment, as templates have it', '<!--\n```andon\nkind: a\n```\n-->'],
    ['in a comment after words', '<!-- Example:\n\n```andon\nkind: a\n```\n\n-->\n'],
    ['in <pre>', '<pre>\n\n```andon\nkind: a\n```\n</pre>'],
    ['in an HTML block', '<div>\n```andon\nkind: a\n```\n</div>'],
    ['indented as code', '    ```andon\n    kind: a\n    ```'],
    ['indented by a tab', '\t```andon\n\tkind: a\n\t```'],
    ['behind an empty list item, indented as code', '-\n\n      ```andon\n      kind: a\n      ```'],
    ['in the text of another block', '```text\n```andon\nkind: a\n```'],
    ['as inline code', 'see ```andon kind: a```'],
    ['by another name', '```andonx\nkind: a\n```'],
    ['with a backtick in the info string', '```andon `x`\nkind: a\n```'],
    ['under a heading that only begins so', '### Changes\n```yaml\nkind: a\n```'],
  ])('never %s', (_, body) => expect(inPull(body)).toBeNull())

  it('in any text without throwing, and never in what is not there', () => {
    const piece = fc.constantFrom(
      '```',
      '~~~',
      '````',
      '> ',
      '- ',
      '1. ',
      '    ',
      '\t',
      '\n',
      '\r\n',
      'andon',
      'yaml',
      '### Change',
      '<!--',
      '-->',
      '<pre>',
      '</pre>',
      'kind: a',
      '# ',
      '===',
      '---',
      '* * *',
      ' ',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 4 })), { maxLength: 40 }), (pieces) => {
        const body = pieces.join('')
        const found = inPull(body)
        if (found === null) return
        expect(/andon|yaml/.test(body)).toBe(true)
        // What was declared stands in the body, line by line, at the line that is said.
        const lines = body.split(/\r\n|\n|\r/)
        for (const [index, line] of found.text.split('\n').slice(0, -1).entries()) {
          expect(lines[found.line - 1 + index]?.trim().endsWith(line.trim())).toBe(true)
        }
      }),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['quotes', '> '.repeat(30_000)],
    ['lists', '- '.repeat(30_000)],
    ['backticks', '`'.repeat(65_000)],
    ['attributes', `<a ${'b '.repeat(30_000)}`],
  ])('in a body of 65,000 characters of %s, too', (_, text) =>
    expect(inPull(`${text}\n\n\`\`\`andon\nkind: a\n\`\`\``)?.text ?? 'not found').toMatch(/kind: a|not found/),
  )
})

describe('a manifest is read', () => {
  it('with versions as they were typed', () => {
    const read = value(
      'kind: a\nmodel: { name: bot, version: 1.10 }\nrollback: { to: 0042 }\ndatasets:\n  - { name: 007, region: no }\n',
    )
    expect(read.model).toEqual({ name: 'bot', version: '1.10' })
    expect(read.rollback).toEqual({ to: '0042' })
    expect(read.datasets).toEqual([{ name: '007', region: 'no' }])
  })

  it('with one part where a list is meant, as the same change', () => {
    expect(value('prompts: { path: a.md }')).toEqual(value('prompts:\n  - path: a.md'))
  })

  it('with keys that Andon does not know, which travel along', () => {
    expect(value('kind: a\nticket: ACME-1\nmodel: { name: x, temperature: 0.2 }')).toEqual({
      kind: 'a',
      ticket: 'ACME-1',
      model: { name: 'x', temperature: 0.2 },
    })
  })

  it('and its problems are told where they stand in the body', () => {
    const read = parseManifest({
      source: 'issue',
      text: 'kind: a\nmodel: []\nprompts:\n  - path: ../../etc/passwd\n',
      line: 11,
    })
    expect(read.ok ? [] : read.problems.map(({ line, column, path }) => [line, column, path])).toEqual([
      [12, 8, 'model'],
      [14, 11, 'prompts.0.path'],
    ])
  })

  it.each([
    ['an alias', 'a: &x [1]\nb: *x', '1:7 `&x` is an anchor.'],
    ['a doubled key', 'kind: a\nkind: b', '2:1 `kind` stands here twice.'],
    ['a key that reaches for the prototype', '__proto__: { polluted: true }', '1:1 `__proto__` cannot be a key.'],
    ['a tag', 'kind: !!js/function x', '1:21 `tag:yaml.org,2002:js/function` is a tag.'],
    [
      'a number that loses digits',
      'seed: 12345678901234567890',
      '1:7 12345678901234567890 is not a number that can be kept exactly.',
    ],
    ['infinity', 'x: .inf', '1:4 .inf is not a number that can be kept exactly.'],
    ['half a character', 'x: "\\ud800"', '1:4 This text holds half a character (a lone surrogate).'],
    ['two documents', 'kind: a\n---\nkind: b', '2:1 This holds more than one YAML document.'],
    ['a list', '- a', '1:1 The manifest must be keys and values, as in `kind: model-version`.'],
    ['nothing', '', '1:1 The manifest must be keys and values, as in `kind: model-version`.'],
    [
      'broken YAML',
      'a: [1',
      '1:6 This is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ].',
    ],
    [
      'a placeholder for a digest',
      'model: { digest: "sha256:…" }',
      '1:18 A digest is an algorithm and its whole value in hex, as in `sha256:` and 64 digits.',
    ],
    ['a short commit', 'commit: abc1234', '1:9 A commit is its whole SHA, in small letters.'],
    [
      'a path with a backslash',
      'prompts: { path: "a\\\\b" }',
      '1:18 A path starts at the top of the repository, with `/` between its parts and no `..`.',
    ],
  ])('never with %s', (_, text, expected) => expect(problems(text)[0]).toBe(expected))

  it('never when it is huge, deep, or names too many files', () => {
    expect(problems(`x: ${'a'.repeat(70_000)}`)[0]).toContain('longer than 64 kB')
    expect(problems('['.repeat(60_000))[0]).toContain('nested more than 12 levels deep')
    expect(problems(`a: &a [x]\n${'b: [*a, *a]\n'.repeat(3)}`).length).toBeGreaterThan(3)
    const names = (section: string) =>
      `${section}:\n${Array.from({ length: 60 }, (_, at) => `  - path: ${section}/${at}.md\n`).join('')}`
    expect(problems(names('prompts') + names('guardrails'))[0]).toContain('more than 100 files')
  })

  it('or refused, and never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (text) => void parse(text)),
      { numRuns: 300 },
    )
    const token = fc.constantFrom(
      'a',
      ':',
      ' ',
      '\n',
      '- ',
      '{',
      '}',
      '[',
      ']',
      ',',
      '"',
      "'",
      '|',
      '>',
      '&',
      '*',
      '!',
      '#',
      '?',
      '\t',
      '%',
      '@',
      '---',
      '...',
      '  ',
    )
    fc.assert(
      fc.property(fc.array(token, { maxLength: 40 }), (tokens) => void parse(tokens.join(''))),
      { numRuns: 2000 },
    )
  })
})

describe('parts resolve', () => {
  const manifest = value(
    `model: { name: bot, version: 42, digest: "${DIGEST}" }\nprompts: [{ path: ./prompts//a.md }, { path: gone.md }, { path: constructor }]\ndatasets: { name: golden }\nenvironment: { name: production }\nrollback: { to: 41, runbook: docs/back.md }\nagents: { path: agents/flow.yml }\nnotes: { by: ada }\n`,
  )

  it('by the paths that are looked up, as Git spells them', () => {
    expect(manifestPaths(manifest)).toEqual([
      'prompts/a.md',
      'gone.md',
      'constructor',
      'docs/back.md',
      'agents/flow.yml',
    ])
  })

  it('to a digest of their own, else to their blob, else to none', () => {
    const parts = resolveParts(manifest, {
      'prompts/a.md': OID,
      'gone.md': null,
      'docs/back.md': OID,
      'agents/flow.yml': OID,
    })
    expect(parts.map(({ key, digest }) => [key, digest])).toEqual([
      ['model', DIGEST],
      ['prompts[0]', `git:${OID}`],
      ['prompts[1]', null],
      ['prompts[2]', null],
      ['datasets[0]', null],
      ['environment', 'declared:production'],
      ['rollback', `git:${OID}`],
      ['agents', `git:${OID}`],
    ])
  })

  it('of a rollback without its runbook not, and without `to` never', () => {
    const rollback = (text: string, blobs = {}) => resolveParts(value(`rollback: ${text}`), blobs)[0]?.digest
    expect(rollback('{ to: 41 }')).toBe('declared:41')
    expect(rollback('{ to: 41, runbook: a.md }', { 'a.md': null })).toBeNull()
    expect(rollback('{ runbook: a.md }', { 'a.md': OID })).toBeNull()
  })
})
