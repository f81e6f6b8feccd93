// The job summary: numbers beside criteria, and nothing in it that a result file could make act.
import { describe, expect, test } from 'vitest'
import { writeSummary } from '../../action/evaluate/summary.ts'
import { forLog, forMarkdown, oneLine, redact } from '../../action/shared/plain.ts'
import { errored, failed, promptfoo, row } from './support/promptfoo.ts'
import { evidenceOf, read, SHA } from './support/read.ts'

const place = { serverUrl: 'https://github.com', owner: 'acme', repo: 'bot' }

function summaryOf(rows: Record<string, unknown>[], criteria: Record<string, unknown> = {}): string {
  const made = evidenceOf([read(promptfoo(rows))], { criteria })
  return writeSummary(
    made,
    { request: '01JR', gate: 'offline-eval', sha: SHA, criteria: new Map(Object.entries(criteria)) },
    place,
  )
}

test('sets each number beside its criterion, and leaves the judging to Andon', () => {
  const text = summaryOf([row('a'), row('b'), failed('c'), errored('d')], {
    pass_rate: { min: 0.9 },
    error_rate: { max: 0.5 },
    helpfulness: { compare: 'production', margin: 0.02 },
  })
  expect(text).toContain('4 results: 2 passed, 1 failed, 1 errored, 0 unscored.')
  expect(text).toContain('| pass&#95;rate | 0.5 | 0.25 | 4 | min 0.9 (missed) |')
  expect(text).toContain('| error&#95;rate | 0.25 | 0.2165 | 4 | max 0.5 (within) |')
  expect(text).toContain('| helpfulness | not measured | – | – | compare production, margin 0.02 |')
  expect(text).toContain('Andon judges by the policy on the default branch.')
})

describe('attacks out of a result file', () => {
  const evil =
    '| x | <img src=x onerror=alert(1)> @acme/admins [click](https://evil.example) `code` ::set-env name=A::b\n::add-mask::secret\n# Big'

  test('Markdown, HTML, mentions, links and new lines are shown letter by letter', () => {
    const text = summaryOf([failed(evil), errored('b', { error: evil })], { [evil]: { min: evil } })
    expect(text).not.toMatch(/<img|@acme|\]\(https:\/\/evil|`code`|^::|^# Big/m)
    expect(text).toContain('&#60;img')
    const rows = text.split('\n').filter((line) => line.startsWith('|'))
    expect(new Set(rows.map((line) => line.split('|').length))).toEqual(new Set([7]))
  })

  test('a million failing cases do not make a summary that GitHub drops', () => {
    const criteria = Object.fromEntries(
      Array.from({ length: 5_000 }, (_, index) => [`${'<'.repeat(120)}${index}`, { min: 1 }]),
    )
    const rows = Array.from({ length: 3_000 }, (_, index) => failed(`${'<'.repeat(180)}${index}`))
    expect(Buffer.byteLength(summaryOf(rows, criteria))).toBeLessThanOrEqual(1024 * 1024)
  })
})

describe('plain text', () => {
  test('one line has no control, format or direction characters and no half letters', () => {
    expect(oneLine(' a\r\n\u0007b\u202ec\u200b\ud83d ')).toBe('a bc\ufffd')
    expect(oneLine('x'.repeat(300))).toHaveLength(200)
  })

  test('the log holds no workflow command, old style or new', () => {
    expect(forLog('::set-env name=A::b\n::add-mask::x ##[error]y')).not.toMatch(/::|##\[|\n/)
  })

  test('no autolink survives', () => {
    expect(forMarkdown('www.evil.example http://evil.example a@evil.example #12')).not.toMatch(/www\.|:\/\/|@evil|#12/)
  })

  test('what looks like a credential is taken out, and words are left', () => {
    const text = redact(
      '401 from api.example: api_key="abc123" Bearer abc.def, ghp_0123456789abcdefghijABCDEFGHIJ rejected',
    )
    expect(text).toBe('401 from api.example: api_key="[removed]" Bearer [removed], [removed] rejected')
    expect(redact('Expected a longer-than-usual-explanation of things')).toContain('longer-than-usual-explanation')
  })
})
