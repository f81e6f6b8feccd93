// Which issues a pull request closes: by a keyword in its body, or linked by hand.
import { fullName } from './repository.ts'
import type { Issue, Pull } from './thread.ts'
import type { World } from './world.ts'

const KEYWORD =
  /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+(?:https?:\/\/[^\s/]+\/([\w.-]+\/[\w.-]+)\/issues\/|([\w.-]+\/[\w.-]+)?#)(\d+)/gi

/** Reads the body again and mends the links on both sides. Keywords count only towards the default branch. */
export function relink(world: World, pull: Pull): void {
  for (const issue of pull.closes) issue.closers.delete(pull)
  pull.closes = new Set(pull.links)
  if (pull.base.ref === pull.repository.defaultBranch) {
    for (const issue of named(world, pull)) pull.closes.add(issue)
  }
  for (const issue of pull.closes) issue.closers.add(pull)
}

/** Links by hand, in the side bar, whatever the body says. */
export function linkIssue(world: World, pull: Pull, issue: Issue): void {
  pull.links.add(issue)
  relink(world, pull)
}

function named(world: World, pull: Pull): Issue[] {
  return [...pull.body.matchAll(KEYWORD)].flatMap(([, byUrl, byName, number]) => {
    const name = byUrl ?? byName ?? fullName(pull.repository)
    const thread = world.repositories.get(name.toLowerCase())?.threads.get(Number(number))
    return thread?.kind === 'Issue' ? [thread] : []
  })
}
