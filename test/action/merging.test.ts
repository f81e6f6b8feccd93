// Several files of one run: none of its cases counted twice, none lost.
import { describe, expect, test } from 'vitest'
import { mergeRecords } from '../../action/evaluate/merge.ts'
import type { ResultRecord } from '../../action/evaluate/readers/record.ts'
import { sentence } from '../../src/core/facts/problem.ts'
import { failed, promptfoo, row } from './support/promptfoo.ts'
import { evidenceOf, fixture, read } from './support/read.ts'

const junit = (names: Record<string, boolean>, attributes = '') =>
  `<testsuite name="s" ${attributes}>${Object.entries(names)
    .map(([name, passes]) => `<testcase name="${name}">${passes ? '' : '<failure/>'}</testcase>`)
    .join('')}</testsuite>`

function problemsOf(records: ResultRecord[]): string {
  const run = mergeRecords(records)
  return run.ok ? 'merged' : run.problems.map(sentence).join('\n')
}

describe('JSON and JUnit of the same run', () => {
  const json = () => read(fixture('promptfoo-candidate-worse.json'), 'a.json')
  const xml = () => read(fixture('promptfoo-candidate-worse.junit.xml'), 'a.junit.xml')

  test.each([
    ['JSON first', () => [json(), xml()]],
    ['JUnit first', () => [xml(), json()]],
  ])('count once, as the JSON tells it: %s', (_, records) => {
    const { evidence, warnings } = evidenceOf(records())
    expect(evidence.metrics.accuracy).toMatchObject({ n: 60 })
    expect(evidence.metrics.pass_rate).toMatchObject({ value: 44 / 60, n: 60 })
    expect(evidence.files?.map((file) => file.name)).toEqual(['a.json'])
    expect(warnings).toEqual([
      'a.junit.xml tells of the same cases as a.json, which says more: only the latter counts.',
    ])
  })

  test('are refused where they disagree: one is left over from another run', () => {
    const other = read(fixture('promptfoo-production.junit.xml'), 'old.junit.xml')
    expect(problemsOf([json(), other])).toContain('the same cases as a.json, but of other results')
  })

  test('a failing JUnit file cannot be hidden behind a JSON file that names its cases as passed', () => {
    const records = [read(promptfoo([row('a'), row('b')])), read(junit({ a: true, b: false }), 'b.xml')]
    expect(problemsOf(records)).toContain('other results')
  })

  test('are known by their start where the cases have no names', () => {
    const unnamed = (success: boolean) => row('x', { success, testCase: { vars: { q: success } } })
    const file = read(promptfoo([unnamed(true), unnamed(false)]))
    const twin = read(
      '<testsuites name="promptfoo"><testsuite timestamp="2026-11-22T10:00:00.000Z"><testcase name="test 1"/><testcase name="test 2"><failure/></testcase></testsuite></testsuites>',
      'b.xml',
    )
    expect(evidenceOf([file, twin]).evidence.metrics.pass_rate).toMatchObject({ value: 0.5, n: 2 })
  })
})

test('files of other cases are added up', () => {
  const records = [read(promptfoo([row('a'), failed('b')])), read(junit({ c: true, d: true }), 'unit.xml')]
  const { evidence, warnings } = evidenceOf(records)
  expect(evidence.metrics.pass_rate).toMatchObject({ value: 0.75, n: 4 })
  expect(evidence.tool).toEqual({ name: 'junit, promptfoo' })
  expect(warnings).toEqual([])
})

test('two providers in two files stay apart', () => {
  const other = { provider: { id: 'x', label: 'other' } }
  const { evidence } = evidenceOf([read(promptfoo([row('a')])), read(promptfoo([row('a', other)]))])
  expect(new Set(evidence.cases?.map((one) => one.id)).size).toBe(2)
})

test('the same bytes under two names count once', () => {
  const content = promptfoo([row('a'), failed('b')])
  const { evidence, warnings } = evidenceOf([read(content, 'a.json'), read(content, 'copy.json')])
  expect(evidence.metrics.pass_rate).toMatchObject({ n: 2 })
  expect(warnings).toEqual(['copy.json holds the same bytes as a.json, and is counted once.'])
})
