// JUnit XML, which every tool writes a little differently.
import { describe, expect, test } from 'vitest'
import { evidenceOf, fixture, read, refusal } from './support/read.ts'

const suite = (cases: string, attributes = '') => `<testsuite name="s" ${attributes}>${cases}</testsuite>`
const outcomes = (xml: string) => read(xml).cases.map((one) => one.outcome)

describe('real files of promptfoo 0.123.1', () => {
  const counts = { production: 56, 'candidate-better': 59, 'candidate-worse': 44 }
  test.each(Object.entries(counts))('%s: %i of 60 pass', (name, passes) => {
    const record = read(fixture(`promptfoo-${name}.junit.xml`))
    expect(record.cases.filter((one) => one.outcome === 'passed')).toHaveLength(passes)
    expect(record.tool.name).toBe('promptfoo')
    expect(evidenceOf([record]).evidence.metrics.pass_rate).toMatchObject({ value: passes / 60, n: 60 })
  })

  test('the number in "test 1: complaint-01" is no part of the case', () => {
    expect(read(fixture('promptfoo-production.junit.xml')).cases[0]?.label).toBe('complaint-01')
  })
})

test('pytest’s file: counts by what is in it, seconds as milliseconds, start with its zone', () => {
  const { evidence } = evidenceOf([read(fixture('pytest.junit.xml'))])
  expect(evidence.cases?.map((one) => [one.id, one.pass, one.latency_ms ?? null])).toEqual([
    ['tests.test_bot › test_refund[en]', true, 500],
    ['tests.test_bot › test_refund[de]', false, 250],
    ['tests.test_bot › test_tone', null, 1000],
    ['tests.test_bot › test_slow', null, null],
  ])
  expect(evidence.cases?.[2]?.error).toBe('failed on setup with "ConnectionError"')
  expect(evidence.metrics.pass_rate).toMatchObject({ value: 0.25, n: 4 })
  expect(evidence.tool).toEqual({ name: 'pytest' })
  expect([evidence.started, evidence.ended]).toEqual(['2026-11-22T09:00:00.000Z', '2026-11-22T09:00:02.250Z'])
})

describe('the shape of the file', () => {
  test('the root may be a single suite, and suites may hold suites', () => {
    expect(outcomes(suite('<testcase name="a"/>'))).toEqual(['passed'])
    expect(outcomes(suite(`<testcase name="a"/>${suite('<testcase name="b"><failure/></testcase>')}`))).toEqual([
      'passed',
      'failed',
    ])
  })

  test('attributes are optional, and their counts are not believed', () => {
    expect(outcomes(suite('<testcase name="a"><failure/></testcase>', 'tests="10" failures="0"'))).toEqual(['failed'])
  })

  test('text alone in a failure is a failure; an error beside it is an error', () => {
    const both = '<testcase name="b"><failure>x</failure><error>y</error></testcase>'
    expect(outcomes(suite(`<testcase name="a"><failure>x</failure></testcase>${both}`))).toEqual(['failed', 'errored'])
  })

  test('the same classname and name again is a repeat', () => {
    const one = '<testcase classname="c" name="n"/>'
    const { evidence } = evidenceOf([read(suite(`${one}<testcase classname="c" name="n"><failure/></testcase>`))])
    expect(evidence.cases?.map((found) => [found.id, found.repeat])).toEqual([
      ['c › n', 1],
      ['c › n', 2],
    ])
  })

  test('names that differ only in what is invisible stay two cases', () => {
    const { evidence } = evidenceOf([read(suite('<testcase name="a"/><testcase name="a&#x200b;"/>'))])
    expect(evidence.cases?.map((one) => one.repeat)).toEqual([1, 1])
  })

  test('a time that is no number is no latency', () => {
    const times = ['1,234.5', '-1', 'NaN', '1e999', '']
    const record = read(suite(times.map((time, index) => `<testcase name="${index}" time="${time}"/>`).join('')))
    expect(record.cases.map((one) => one.latencyMs)).toEqual([null, null, null, null, null])
  })

  test('a start without a zone is left out, as it could be any', () => {
    expect(read(suite('<testcase name="a"/>', 'timestamp="2026-11-22T10:00:00"')).started).toBeNull()
  })
})

describe('attacks', () => {
  test('a document type with entities is refused, wherever it stands', () => {
    const bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    expect(refusal(`<?xml version="1.0"?>${bomb}${suite('<testcase name="&b;"/>')}`)).toContain('document type')
    expect(refusal(`<!-- hello -->${bomb}${suite('<testcase name="a"/>')}`)).toContain('document type')
    expect(refusal(`<!DOCTYPE x SYSTEM "file:///etc/passwd">${suite('<testcase name="a"/>')}`)).toContain(
      'document type',
    )
  })

  test('a model’s answer that quotes a document type is only text', () => {
    const answer = '<system-out><![CDATA[<!DOCTYPE html><html>]]></system-out><!-- <!DOCTYPE x> -->'
    expect(outcomes(suite(`<testcase name="a">${answer}</testcase>`))).toEqual(['passed'])
  })

  test('unclosed tags are refused with their place, though a parser would let them pass', () => {
    expect(refusal('<testsuite>\n<testcase name="a">\n</testsuite>')).toMatch(
      /^line \d+, column \d+: this is not well-formed XML/,
    )
  })

  test('a tower of elements is refused', () => {
    expect(refusal('<testsuite>'.repeat(200) + '</testsuite>'.repeat(200))).toContain('deeper than 50')
  })

  test('elements and attributes named __proto__ change no prototype', () => {
    const xml = suite(
      '<__proto__ failure="1"/><testcase name="a" __proto__="x"><__proto__><error/></__proto__></testcase>',
    )
    expect(refusal(xml)).toContain('reserved name')
    expect(Object.hasOwn(Object.prototype, 'failure')).toBe(false)
    expect(outcomes(suite('<testcase name="b"/>'))).toEqual(['passed'])
  })

  test('other XML is refused by its root', () => {
    expect(refusal('<html><body/></html>')).toContain('its root is neither')
  })
})
