// What a person needs to be allowed for; an app's token was judged by its permissions before it came here.

import { atLeast, boardRole, repositoryRole } from './access.ts'
import type { Person, RepositoryRole } from './account.ts'
import type { Project } from './board.ts'
import { Refusal } from './refusal.ts'
import { fullName, type Repository } from './repository.ts'

/** Throws unless the person has that role in the repository. */
export function requireRole(by: Person, repository: Repository, role: RepositoryRole): void {
  if (repository.archived) throw new Refusal('forbidden', 'Repository was archived so is read-only.')
  if (by.kind === 'Bot' || by.login === 'github') return
  const has = repositoryRole(by, repository)
  if (has === 'none') throw new Refusal('not-found', 'Not Found')
  if (!atLeast(has, role))
    throw new Refusal('forbidden', `${by.login} needs the role ${role} in ${fullName(repository)}`)
}

/** Throws unless the person may change the board. */
export function requireBoardWrite(by: Person, project: Project): void {
  if (project.closed) throw new Refusal('invalid', 'The project is closed')
  if (by.kind === 'Bot' || by.login === 'github') return
  if (!atLeast(boardRole(by, project), 'write')) {
    throw new Refusal('forbidden', `${by.login} does not have the correct permissions to execute this`)
  }
}
