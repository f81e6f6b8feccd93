// Finds what a REST path names, and makes sure that the caller may see and do it: 404 before 403, as on GitHub.

import { type Call, notFound } from '../server/exchange.ts'
import { holds, requireBoard, requireRepository } from '../world/access.ts'
import type { Organization, Team } from '../world/account.ts'
import type { Project } from '../world/board.ts'
import { NOT_ACCESSIBLE, Refusal } from '../world/refusal.ts'
import type { Repository } from '../world/repository.ts'
import type { Pull, Thread } from '../world/thread.ts'
import { permissionsOf } from './access.ts'

/** The repository of `{owner}/{repo}`, with the operation's permission checked. */
export function repositoryOf(call: Call): Repository {
  const repository = call.world.repositories.get(`${call.path.owner}/${call.path.repo}`.toLowerCase())
  if (!repository) throw notFound()
  const { names, level } = permissionsOf(call.operation)
  // Every token may read metadata; it is never listed among what a narrowed token was given.
  if (names[0] === 'metadata') requireMetadata(call, repository)
  else requireRepository(call.viewer, repository, names, level)
  return repository
}

function requireMetadata(call: Call, repository: Repository): void {
  const { viewer } = call
  const reader =
    viewer.as === 'installation'
      ? { ...viewer, permissions: { ...viewer.permissions, metadata: 'read' as const } }
      : viewer
  requireRepository(reader, repository, 'metadata', 'read')
}

/** The issue or pull request of `{issue_number}`; a token with only one of both permissions sees only that kind. */
export function threadOf(call: Call, repository = repositoryOf(call)): Thread {
  const thread = repository.threads.get(Number(call.path.issue_number))
  if (!thread) throw notFound()
  requireThread(call, thread)
  return thread
}

/** Issues need `issues`; a pull request's conversation opens with `issues` or `pull_requests`. */
export function requireThread(call: Call, thread: Thread): void {
  const { level } = permissionsOf(call.operation)
  const names = thread.kind === 'Issue' ? ['issues'] : ['issues', 'pull_requests']
  requireRepository(call.viewer, thread.repository, names, level)
}

export function pullOf(call: Call, repository = repositoryOf(call)): Pull {
  const thread = repository.threads.get(Number(call.path.pull_number))
  if (thread?.kind !== 'PullRequest') throw notFound()
  return thread
}

/** The organization of `{org}`, if the caller may look at its inside. */
export function organizationOf(call: Call): Organization {
  const organization = call.world.organizations.get(String(call.path.org).toLowerCase())
  if (!organization) throw notFound()
  return organization
}

/** The team of `{team_slug}`. Apps need `members`; people see closed teams of their own organizations. */
export function teamOf(call: Call): Team {
  const organization = organizationOf(call)
  const { viewer } = call
  if (viewer.as === 'installation' && viewer.installation.account === organization) {
    if (!holds(viewer, 'members', 'read')) throw new Refusal('forbidden', NOT_ACCESSIBLE)
  } else if (viewer.as !== 'user' || organization.members.get(viewer.person.id)?.state !== 'active') throw notFound()
  const team = organization.teams.get(String(call.path.team_slug).toLowerCase())
  if (!team) throw notFound()
  const hidden = team.privacy === 'secret' && viewer.as === 'user' && !team.members.has(viewer.person.id)
  if (hidden && organization.members.get(viewer.person.id)?.role !== 'admin') throw notFound()
  return team
}

/** The organization's board of `{project_number}`. */
export function projectOf(call: Call): Project {
  const project = organizationOf(call).projects.get(Number(call.path.project_number))
  if (!project) throw notFound()
  requireBoard(call.viewer, project, permissionsOf(call.operation).level)
  return project
}
