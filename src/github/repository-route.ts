// Takes "owner/name" apart for REST routes.
import { GitHubProblem } from './github-problem.ts'

/** Throws for what is no repository's full name, so that nothing else can slip into a path. */
export function inRepository(fullName: string): { owner: string; repo: string } {
  const parts = /^([A-Za-z0-9_-]{1,100})\/([A-Za-z0-9._-]{1,100})$/.exec(fullName)
  const [, owner, repo] = parts ?? []
  if (!owner || !repo || repo === '.' || repo === '..') {
    throw new GitHubProblem('other', 'That is not the full name of a repository.')
  }
  return { owner, repo }
}
