// Criteria, paths, near names, clocks, and answers looked up by names that strangers chose.
import { describe, expect, it } from 'vitest'
import { describeCriterion, meetsCriterion } from '../../../src/core/facts/criterion.ts'
import { instantOf, isZone, localTime } from '../../../src/core/facts/local-time.ts'
import { nearest } from '../../../src/core/facts/nearest.ts'
import { sentence } from '../../../src/core/facts/problem.ts'
import { NO_FACTS, unanswered } from '../../../src/core/facts/query.ts'
import { repositoryPath } from '../../../src/core/facts/repository-path.ts'

describe('a criterion', () => {
  it.each([
    [{ min: 0.9 }, '≥ 0.9', 0.9, 0.8999],
    [{ max: 0.005 }, '≤ 0.005', 0.005, 0.0051],
    [{ min: -1, max: 1 }, '-1 – 1', 0, 1.5],
  ])('%j says %s', (criterion, words, met, missed) => {
    expect(describeCriterion(criterion)).toBe(words)
    expect([meetsCriterion(met, criterion), meetsCriterion(missed, criterion)]).toEqual([true, false])
  })
  it('is met by nothing where it asks for nothing, and never by what is no number', () => {
    expect(meetsCriterion(1, {})).toBe(false)
    expect(meetsCriterion(Number.NaN, { max: 1 })).toBe(false)
    expect(meetsCriterion(Number.POSITIVE_INFINITY, { min: 1 })).toBe(false)
  })
})

it.each([
  ['a/b.md', 'a/b.md'],
  ['./a//b.md', 'a/b.md'],
  ['a/./b', 'a/b'],
  ['a/..b', 'a/..b'],
  ['/a', null],
  ['../a', null],
  ['a/../../b', null],
  ['a\\b', null],
  ['a\nb', null],
  ['a\u0000', null],
  [' a', null],
  ['.', null],
  ['', null],
  ['\ud800', null],
  ['x'.repeat(513), null],
])('the path %j is %j', (written, path) => expect(repositoryPath(written)).toBe(path))

it.each([
  ['entr', ['name', 'enter', 'leave'], 'enter'],
  ['tiemout', ['workflow', 'timeout-minutes'], 'timeout-minutes'],
  ['aproval', ['approval', 'manifest'], 'approval'],
  ['Stagin', ['Staging', 'Production'], 'Staging'],
  ['xyz', ['enter', 'leave'], null],
  ['', ['enter'], null],
])('%j was meant as %j: %j', (word, names, meant) => expect(nearest(word, names)).toBe(meant))

describe('the clocks of a zone', () => {
  const at = (hour: number, minute = 0, day = 25, month = 10) => ({ year: 2026, month, day, hour, minute })
  const iso = (instant: number) => new Date(instant).toISOString()
  it('show a time twice when they are put back', () => {
    expect(iso(instantOf(at(2, 30), 'Europe/Berlin', 'earlier'))).toBe('2026-10-25T00:30:00.000Z')
    expect(iso(instantOf(at(2, 30), 'Europe/Berlin', 'later'))).toBe('2026-10-25T01:30:00.000Z')
  })
  it('skip an hour when they are put forward', () => {
    expect(iso(instantOf(at(2, 30, 29, 3), 'Europe/Berlin', 'earlier'))).toBe('2026-03-29T00:30:00.000Z')
    expect(iso(instantOf(at(2, 30, 29, 3), 'Europe/Berlin', 'later'))).toBe('2026-03-29T01:30:00.000Z')
  })
  it('may stand half an hour, or most of a day, apart', () => {
    expect(iso(instantOf(at(12), 'Asia/Kolkata', 'earlier'))).toBe('2026-10-25T06:30:00.000Z')
    expect(localTime(Date.parse('2026-10-25T11:00:00Z'), 'Pacific/Kiritimati')).toEqual(at(1, 0, 26))
    expect(iso(instantOf(at(12), 'UTC', 'later'))).toBe('2026-10-25T12:00:00.000Z')
  })
  it('are known by name only', () => {
    expect(['Europe/Berlin', 'UTC', 'America/Argentina/Buenos_Aires'].every(isZone)).toBe(true)
    expect(['+02:00', 'Mars/Phobos', '', '../etc', 'constructor'].some(isZone)).toBe(false)
  })
})

it('a name that every object has is not taken for an answer', () => {
  const key = 'acme/bot@1'
  const blobs = { ...NO_FACTS, blobs: { [key]: { 'a.md': '1' } } }
  expect(
    unanswered({ fact: 'blobs', repository: 'acme/bot', sha: '1', paths: ['a.md', 'constructor'] }, blobs),
  ).toMatchObject({ paths: ['constructor'] })
  expect(unanswered({ fact: 'team', slug: 'constructor' }, NO_FACTS)).not.toBeNull()
})

it('a problem is one sentence with its place and remedy', () => {
  expect(sentence({ message: 'A.', remedy: 'B.', line: 2, column: 3, file: 'acme/bot/andon.yml' })).toBe(
    'acme/bot/andon.yml, line 2, column 3: A. B.',
  )
  expect(sentence({ message: 'A.' })).toBe('A.')
})
