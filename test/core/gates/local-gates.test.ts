// The small gates: manifest, checks, soak, issues, files.
import { describe, expect, it } from 'vitest'
import type { CheckRun } from '../../../src/core/facts/query.ts'
import { NO_FACTS } from '../../../src/core/facts/query.ts'
import { checksGate } from '../../../src/core/gates/checks.ts'
import { filesGate } from '../../../src/core/gates/files.ts'
import type { Context } from '../../../src/core/gates/gate.ts'
import { GATES, gateOf } from '../../../src/core/gates/index.ts'
import { issuesGate } from '../../../src/core/gates/issues.ts'
import { manifestGate } from '../../../src/core/gates/manifest.ts'
import { soakGate } from '../../../src/core/gates/soak.ts'
import { CHANGE, context, REPOSITORY, SHA } from './given.ts'

const KEY = `${REPOSITORY}@${SHA}`

describe('manifest', () => {
  const judge = (given: Context, requires?: string[]) => manifestGate.judge(given, requires ? { requires } : {}, given)
  const parts = [
    { key: 'prompts[0]', section: 'prompts', name: null, path: 'prompts/a.md', digest: 'git:1' },
    { key: 'prompts[1]', section: 'prompts', name: null, path: 'prompts/b.md', digest: null },
    { key: 'rollback', section: 'rollback', name: null, path: null, digest: null },
  ]

  it('that is not there', () => {
    expect(judge(context({ change: null, card: { manifest: null } })).reason).toBe('manifest-missing')
  })
  it('that cannot be read says where', () => {
    const manifestProblems = [{ message: '`model` is empty.', line: 3, column: 7 }]
    expect(judge(context({ change: null, manifestProblems }))).toMatchObject({
      reason: 'manifest-unreadable',
      detail: ['line 3, column 7: `model` is empty.'],
    })
  })
  it('lacks a section that its kind requires', () => {
    expect(judge(context({ requires: ['model', 'datasets'] }))).toMatchObject({
      reason: 'manifest-incomplete',
      detail: ['datasets is missing'],
    })
  })
  it('names a file that is not at the commit, and no version to go back to', () => {
    expect(judge(context({ change: { ...CHANGE, parts } }), ['prompts', 'rollback'])).toMatchObject({
      verdict: 'fail',
      reason: 'manifest-unresolved',
      detail: ['prompts[1]: prompts/b.md is not at the commit under test', 'rollback does not say `to` which version'],
    })
  })
  it('may leave unresolved what nobody requires', () => {
    expect(
      judge(context({ change: { ...CHANGE, parts: [...CHANGE.parts, ...parts] }, requires: ['model'] })).verdict,
    ).toBe('pass')
  })
  it('cannot choose a kind that the policy does not know, to slip through between the gates', () => {
    const knownKinds = ['model-version', 'prompt-template']
    expect(judge(context({ knownKinds, changeKind: 'harmless' })).reason).toBe('change-kind-unknown')
    expect(judge(context({ knownKinds, changeKind: null })).reason).toBe('change-kind-unknown')
    expect(judge(context({ knownKinds })).verdict).toBe('pass')
  })
})

describe('checks', () => {
  const run = (name: string, conclusion: string | null, more: Partial<CheckRun> = {}): CheckRun => ({
    name,
    app: 'github-actions',
    status: conclusion === null ? 'IN_PROGRESS' : 'COMPLETED',
    conclusion,
    url: `https://github.example/${name}`,
    ...more,
  })
  const judge = (runs: CheckRun[] | null, settings: object = {}) => {
    const facts = { ...NO_FACTS, checkRuns: runs === null ? {} : { [KEY]: runs } }
    return checksGate.judge(context({ facts }), checksGate.settings.parse(settings))
  }
  it.each([
    ['success', 'SUCCESS', 'checks-succeeded'],
    ['neutral', 'neutral', 'checks-succeeded'],
    ['skipped', 'SKIPPED', 'checks-succeeded'],
    ['failure', 'FAILURE', 'checks-failed'],
    ['timed out', 'timed_out', 'checks-failed'],
    ['action required', 'ACTION_REQUIRED', 'checks-failed'],
    ['stale', 'STALE', 'checks-failed'],
    ['running', null, 'checks-running'],
  ])('%s', (_, conclusion, reason) =>
    expect(judge([run('build', conclusion)], { names: ['build'] }).reason).toBe(reason),
  )

  it('ended without a conclusion is a failure', () => {
    expect(judge([run('build', null, { status: 'completed' })]).reason).toBe('checks-failed')
  })
  it('that are named and absent are waited for, beside others that succeeded', () => {
    expect(judge([run('lint', 'SUCCESS')], { names: ['lint', 'build'] })).toMatchObject({
      verdict: 'wait',
      reason: 'checks-missing',
      detail: ['build has not been reported'],
    })
  })
  it('of another app do not count, whatever they are called', () => {
    expect(
      judge([run('build', 'SUCCESS', { app: 'mallory-app' })], { names: ['build'], app: 'github-actions' }).reason,
    ).toBe('checks-missing')
  })
  it('must all succeed where two apps bear one name', () => {
    expect(
      judge([run('build', 'SUCCESS', { app: 'mallory-app' }), run('build', 'FAILURE')], { names: ['build'] }).reason,
    ).toBe('checks-failed')
  })
  it('of Andon itself are never waited for', () => {
    expect(judge([run('andon', null), run('andon / checks', null), run('build', 'SUCCESS')]).verdict).toBe('pass')
    expect(judge([run('andon', 'SUCCESS')]).reason).toBe('checks-missing')
    expect(checksGate.settings.safeParse({ names: ['andon / checks'] }).success).toBe(false)
  })
  it('that were not read are no answer', () => expect(judge(null)).toEqual({ verdict: 'wait', reason: 'unread' }))
  it('need a commit', () => {
    const given = context({ commit: null })
    expect(checksGate.question(given)).toEqual({ ask: 'nothing' })
    expect(checksGate.judge(given, {}).verdict).toBe('fail')
  })
})

describe('soak', () => {
  const judge = (enteredAt: string | null) =>
    soakGate.judge(context({ at: '2026-11-22T12:00:00Z', enteredAt }), { minutes: 60 })
  it('waits until the minute', () => {
    expect(judge('2026-11-22T11:00:01Z')).toMatchObject({
      verdict: 'wait',
      until: '2026-11-22T12:00:01.000Z',
      rows: [{ value: 59, met: false }],
    })
    expect(judge('2026-11-22T11:00:00Z')).toMatchObject({ verdict: 'pass', rows: [{ value: 60, met: true }] })
  })
  it('stays closed where nobody knows since when the card is there', () => {
    const judged = judge(null)
    expect(judged.verdict).toBe('wait')
    expect(judged.until).toBeUndefined()
  })
  it('does not count a time to come', () =>
    expect(judge('2026-11-23T00:00:00Z')).toMatchObject({ verdict: 'wait', rows: [{ value: 0 }] }))
})

describe('issues', () => {
  const judge = (found: object | undefined, query = 'label:incident') =>
    issuesGate.judge(context({ facts: { ...NO_FACTS, issues: found ? ({ [query]: found } as never) : {} } }), { query })
  it('none', () => expect(judge({ total: 0, first: [] }).verdict).toBe('pass'))
  it('some, by number, and how many more', () => {
    const first = [{ number: 12, title: 'Leaks', url: 'u' }]
    expect(judge({ total: 3, first })).toMatchObject({
      verdict: 'fail',
      reason: 'issues-open',
      detail: ['#12 Leaks', 'and 2 more'],
    })
  })
  it('unread', () => expect(judge(undefined, 'toString').reason).toBe('unread'))
})

describe('files', () => {
  const settings = filesGate.settings.parse({ paths: ['docs/threat-model.md', './CODEOWNERS'] })
  const judge = (blobs: Record<string, string | null>) =>
    filesGate.judge(context({ facts: { ...NO_FACTS, blobs: { [KEY]: blobs } } }), settings)
  it('are looked up at the commit under test, as Git spells them', () => {
    expect(filesGate.question(context(), settings)).toEqual({
      ask: 'github',
      queries: [{ fact: 'blobs', repository: REPOSITORY, sha: SHA, paths: ['docs/threat-model.md', 'CODEOWNERS'] }],
    })
  })
  it('are there', () => expect(judge({ 'docs/threat-model.md': '1', CODEOWNERS: '2' }).verdict).toBe('pass'))
  it('are missing, and named', () => {
    expect(judge({ 'docs/threat-model.md': null, CODEOWNERS: '2' })).toMatchObject({
      verdict: 'fail',
      detail: ['docs/threat-model.md'],
    })
  })
  it('are not all read yet', () => expect(judge({ CODEOWNERS: '2' }).reason).toBe('unread'))
  it.each(['../secrets', '/etc/passwd', 'a\\b', 'a\u0000b', ''])('cannot be %j', (path) => {
    expect(filesGate.settings.safeParse({ paths: [path] }).success).toBe(false)
  })
})

it('every gate is found by its own kind, and by no name of an object’s', () => {
  for (const [kind, gate] of Object.entries(GATES)) expect([gate.kind, gateOf(kind).kind]).toEqual([kind, kind])
  expect(() => gateOf('constructor')).toThrow('no gate of kind constructor')
})
