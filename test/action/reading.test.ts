// Telling files apart by their content, and refusing what is none of them in one sentence with place and remedy.
import { describe, expect, test } from 'vitest'
import { bytes, promptfoo, row } from './support/promptfoo.ts'
import { read, refusal } from './support/read.ts'

test('the name of a file decides nothing', () => {
  expect(read(promptfoo([row('a')]), 'results.xml').format).toBe('promptfoo')
  expect(read('<testsuite><testcase name="a"/></testsuite>', 'results.json').format).toBe('junit')
})

test('a byte order mark and blank lines before the content are no obstacle', () => {
  expect(read('\ufeff\n\n<testsuite><testcase name="a"/></testsuite>').cases).toHaveLength(1)
  expect(read(`\ufeff  ${JSON.stringify(promptfoo([row('a')]))}`).cases).toHaveLength(1)
})

test('a file is known by the digest and the size of its raw bytes', () => {
  expect(read('<testsuite><testcase name="a"/></testsuite>').file).toEqual({
    name: 'results.json',
    digest: 'sha256:88f7296a4f2e90ab4a20d206f730e72bdc4765e21aaf86f926a5d970c1ef57cc',
    bytes: 43,
  })
})

describe('refused', () => {
  test('nothing', () => {
    expect(refusal('')).toContain('it is empty.')
    expect(refusal(' \n')).toContain('it is empty.')
  })

  test('a file without a single case', () => {
    expect(refusal(promptfoo([]))).toContain('not one case')
    expect(refusal('<testsuites/>')).toContain('not one case')
  })

  test('JSON that ends too soon, at its place', () => {
    expect(refusal('{\n  "results": [')).toBe(
      'line 2, column 15: it is not valid JSON from here on. Was the run cut short while it wrote the file?',
    )
  })

  test('broken JSON, at its place and without quoting it', () => {
    const sentence = refusal('{\n  "secret": oops-hunter2 }')
    expect(sentence).toMatch(/^line 2, column 13: it is not valid JSON/)
    expect(sentence).not.toContain('hunter2')
  })

  test('JSON with bare NaN, as some tools write it', () => {
    expect(refusal('{"results": NaN}')).toContain('line 1, column 13')
  })

  test('JSON that nests too deep for anyone', () => {
    expect(refusal('['.repeat(100_000))).toMatch(/column 101: it nests deeper than 100 levels/)
    expect(refusal(`{"a":"${'['.repeat(1000)}"}`)).toContain('no tool known here')
  })

  test('JSON and text of no known tool', () => {
    expect(refusal('{"hello": 1}')).toContain('no tool known here')
    expect(refusal('null and void')).toContain('neither JSON nor XML')
  })

  test('bytes that are no text', () => {
    expect(refusal(new Uint8Array([0x7b, 0xff, 0xfe, 0x00]))).toContain('not text in UTF-8')
    expect(refusal(new Uint8Array([0x50, 0x4b, 3, 4, 0x80]))).toContain('not text in UTF-8')
  })

  test('every sentence says what to do', () => {
    for (const content of ['', '{', '{}', 'x', '<a/>', '<a>', '<testsuites/>'])
      expect(refusal(bytes(content))).toMatch(/[.?:] .+[.?]$/)
  })
})
