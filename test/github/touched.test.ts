// Which patterns a pull request's files match: both names of a renamed file, and nothing believed that is not whole.
import { describe, expect, it } from 'vitest'
import { GitHubProblem } from '../../src/github/github-problem.ts'
import { touchedBy } from '../../src/github/touched.ts'
import type { Wire } from '../../src/github/wire.ts'

const SHA = 'a'.repeat(40)
type File = { filename: string; status: string; previous_filename?: string }

/** GitHub, with these files on this head; `changedFiles` where it tells of more than it lists. */
function github(files: File[], more: { head?: string; changedFiles?: number; status?: number } = {}) {
  const asked: unknown[] = []
  const wire = {
    rest: async ({ parameters }: { parameters: { page: number } }) => {
      asked.push(parameters.page)
      if (more.status) throw new GitHubProblem('not-found', 'Not Found', { status: more.status })
      return { status: 200, headers: {}, data: files.slice((parameters.page - 1) * 100, parameters.page * 100) }
    },
    query: async () => {
      asked.push('head')
      const pullRequest = { headRefOid: more.head ?? SHA, changedFiles: more.changedFiles ?? files.length }
      return { data: { repository: { pullRequest } }, errors: [] }
    },
  } as unknown as Wire
  const touched = (...globs: string[]) =>
    touchedBy(wire, { fact: 'touched', repository: 'acme/bot', number: 7, sha: SHA, globs })
  return { asked, touched }
}
const modified = (filename: string): File => ({ filename, status: 'modified' })

describe('the files of a pull request', () => {
  it('are held against each pattern', async () => {
    const { touched } = github([modified('a.md'), modified('guardrails/pii.yml')])
    expect(await touched('guardrails/**', 'prompts/**')).toEqual({
      'guardrails/**': { path: 'guardrails/pii.yml' },
      'prompts/**': null,
    })
  })

  it('count under the name that they had, where they are renamed and not only copied', async () => {
    const from = { filename: 'attic/pii.yml', previous_filename: 'guardrails/pii.yml' }
    expect(await github([{ ...from, status: 'renamed' }]).touched('guardrails/**')).toEqual({
      'guardrails/**': { path: 'guardrails/pii.yml' },
    })
    expect(await github([{ ...from, status: 'copied' }]).touched('guardrails/**')).toEqual({ 'guardrails/**': null })
  })

  it('are read to the last page, and the head after them', async () => {
    const { asked, touched } = github([...Array.from({ length: 100 }, (_, n) => modified(`${n}`)), modified('z/a')])
    expect(await touched('z/*')).toEqual({ 'z/*': { path: 'z/a' } })
    expect(asked).toEqual([1, 2, 'head'])
  })
})

describe('what cannot be told counts as touched:', () => {
  it('another commit was pushed meanwhile', async () => {
    expect(await github([modified('a.md')], { head: 'b'.repeat(40) }).touched('x')).toEqual({ x: { path: null } })
  })
  it('GitHub lists fewer files than there are', async () => {
    expect(await github([modified('a.md')], { changedFiles: 3001 }).touched('x', 'a.md')).toEqual({
      x: { path: null },
      'a.md': { path: 'a.md' },
    })
  })
  it('GitHub does not show the pull request', async () => {
    expect(await github([], { status: 404 }).touched('x')).toEqual({ x: { path: null } })
  })
})
