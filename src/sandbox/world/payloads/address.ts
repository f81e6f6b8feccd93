// The API addresses that GitHub's payloads are full of.
import { fullName, type Repository } from '../repository.ts'
import type { World } from '../world.ts'

/** The repository's address in the API. */
export function repositoryApi(world: World, repository: Repository): string {
  return `${world.api}/repos/${fullName(repository)}`
}

/** The repository's page. */
export function repositoryPage(world: World, repository: Repository): string {
  return `${world.url}/${fullName(repository)}`
}

/** The page of an issue or pull request. */
export function threadPage(
  world: World,
  thread: { kind: 'Issue' | 'PullRequest'; repository: Repository; number: number },
): string {
  const kind = thread.kind === 'Issue' ? 'issues' : 'pull'
  return `${repositoryPage(world, thread.repository)}/${kind}/${thread.number}`
}
