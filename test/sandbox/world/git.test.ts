import { expect, test } from 'vitest'
import { authorsOf } from '../../../src/sandbox/world/authors.ts'
import {
  commitAt,
  commitsBetween,
  filesAt,
  type GitStore,
  writeBlob,
  writeCommit,
  writeTree,
} from '../../../src/sandbox/world/git.ts'
import { openPull } from '../../../src/sandbox/world/pulls.ts'
import { forcePush, forkRepository, pushCommit, resolveRevision } from '../../../src/sandbox/world/repositories.ts'
import { acme } from './acme.ts'

test('objects have the ids that git gives them', () => {
  const store: GitStore = new Map()
  expect(writeBlob(store, '')).toBe('e69de29bb2d1d6434b8b29ae775ad8c2e48c5391')
  const hello = writeBlob(store, 'hello\n')
  expect(hello).toBe('ce013625030ba8dba906f756967f9e9ca394464a')
  expect(writeTree(store, new Map())).toBe('4b825dc642cb6eb9a060e54bf8d69288fbee4904')
  // Computed with git itself: a folder sorts as if its name ended in a slash.
  const tree = writeTree(
    store,
    new Map([
      ['a/x', hello],
      ['a.txt', hello],
      ['a0', hello],
    ]),
  )
  expect(tree).toBe('05fe239d84aa39652126ca721bbc3e1ab4843e23')
  const by = { name: 'Ada', email: 'ada@acme.example', at: '2026-11-22T10:00:00Z' }
  const commit = writeCommit(store, { tree, parents: [], author: by, committer: by, message: 'First' })
  expect(commit.sha).toBe('8dc5bac34a190f306fd55f3ac7174cfd0d3727c6')
})

test('a commit keeps what it does not touch and forgets what it deletes', () => {
  const { world, ada, repository } = acme()
  const sha = pushCommit(world, ada, repository, 'main', {
    files: { 'evals/golden.jsonl': null, 'evals/more/a.txt': '1' },
  })
  const paths = [...filesAt(repository.git, sha).keys()].sort()
  expect(paths).toEqual(['.github/workflows/evaluate.yml', 'README.md', 'evals/more/a.txt'])
})

test('co-authors are found by their addresses, and strangers have no account', () => {
  const { world, ada, bo, repository } = acme()
  const authors = [ada, bo, { name: 'Nobody', email: 'nobody@else.example' }]
  const sha = pushCommit(world, ada, repository, 'x', { files: { a: '1' }, message: 'Pair', authors })
  const commit = commitAt(repository.git, sha)
  expect(commit && authorsOf(world, commit).map((author) => author.person?.login ?? null)).toEqual(['ada', 'bo', null])
})

test('revisions: HEAD, branches and commits, but nothing half known', () => {
  const { repository } = acme()
  const head = repository.refs.get('refs/heads/main') ?? ''
  expect(resolveRevision(repository, 'HEAD')).toBe(head)
  expect(resolveRevision(repository, 'main')).toBe(head)
  expect(resolveRevision(repository, head.slice(0, 9))).toBe(head)
  expect(resolveRevision(repository, 'f'.repeat(40))).toBeNull()
  expect(resolveRevision(repository, 'nowhere')).toBeNull()
})

test('a pull request follows its branch, and a forced push is told apart', () => {
  const { world, bo, repository, heard } = acme()
  const first = pushCommit(world, bo, repository, 'change', { files: { a: '1' } })
  const pull = openPull(world, bo, repository, { title: 'Change', head: 'change' })
  heard()
  const second = pushCommit(world, bo, repository, 'change', { files: { a: '2' } })
  expect(pull.head.sha).toBe(second)
  expect(heard()).toContain('pull_request.synchronize by bo')
  expect(commitsBetween(repository.git, pull.base.sha, second).map(({ sha }) => sha)).toEqual([first, second])
  expect(pull.timeline).toEqual([])
  forcePush(world, bo, repository, 'change', first)
  expect(pull.timeline.map(({ kind }) => kind)).toEqual(['HeadRefForcePushedEvent'])
  expect(pull.head.sha).toBe(first)
})

test("a fork's head is known to the repository it is proposed to", () => {
  const { world, mallory, organization, repository } = acme()
  repository.private = false
  const fork = forkRepository(world, mallory, repository)
  const sha = pushCommit(world, mallory, fork, 'evil', { files: { a: '1' } })
  expect(commitAt(repository.git, sha)).toBeNull()
  const pull = openPull(world, mallory, repository, { title: 'Take this', head: 'evil', from: fork })
  expect(commitAt(repository.git, sha)?.sha).toBe(sha)
  expect(repository.refs.get(`refs/pull/${pull.number}/head`)).toBe(sha)
  const later = pushCommit(world, mallory, fork, 'evil', { files: { a: '2' } })
  expect(pull.head.sha).toBe(later)
  expect(repository.owner).toBe(organization)
})
