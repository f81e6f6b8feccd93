// Who may do what: people by their roles, apps by their permissions.
import type { Owner, Person, RepositoryRole } from './account.ts'
import { type AccessLevel, reaches, type Viewer } from './app.ts'
import type { Project } from './board.ts'
import { teamMembers } from './organize.ts'
import { NOT_ACCESSIBLE, Refusal } from './refusal.ts'
import { fullName, type Repository } from './repository.ts'

const ROLES: RepositoryRole[] = ['none', 'read', 'triage', 'write', 'maintain', 'admin']
const LEVELS: AccessLevel[] = ['read', 'write', 'admin']

/** The account in whose name the viewer acts; an app's token acts as its bot. */
export function actorOf(viewer: Viewer): Person | null {
  switch (viewer.as) {
    case 'installation':
      return viewer.installation.app.bot
    case 'app':
      return viewer.app.bot
    case 'user':
      return viewer.person
    case 'nobody':
      return null
    default:
      return viewer satisfies never
  }
}

/** A person's role in a repository: the highest of what the organization, its teams and the repository give. */
export function repositoryRole(person: Person, repository: Repository): RepositoryRole {
  const { owner } = repository
  if (owner === person) return 'admin'
  const roles: RepositoryRole[] = [repository.private ? 'none' : 'read']
  roles.push(repository.collaborators.get(person.id) ?? 'none')
  if (owner.kind === 'Organization') {
    const member = owner.members.get(person.id)
    if (member?.state === 'active') roles.push(member.role === 'admin' ? 'admin' : owner.baseRole)
    for (const team of owner.teams.values()) {
      const role = repository.teams.get(team.id)
      if (role && teamMembers(team).get(person.id)?.state === 'active') roles.push(role)
    }
  }
  return highest(roles)
}

/** A person's role on a board. Every member of the organization has the board's base role, which is Write at first. */
export function boardRole(person: Person, project: Project): RepositoryRole {
  const { owner } = project
  if (owner === person) return 'admin'
  const roles: RepositoryRole[] = [project.public ? 'read' : 'none', project.collaborators.get(person.id) ?? 'none']
  if (owner.kind === 'Organization') {
    const member = owner.members.get(person.id)
    if (member?.state === 'active') roles.push(member.role === 'admin' ? 'admin' : project.baseRole)
  }
  return highest(roles)
}

export function atLeast(role: RepositoryRole, wanted: RepositoryRole): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(wanted)
}

/** Does the token hold that permission? A person's own token holds every one; what it may do is a matter of roles. */
export function holds(viewer: Viewer, permission: string, level: AccessLevel): boolean {
  if (viewer.as === 'user') return true
  if (viewer.as !== 'installation') return false
  const held = viewer.permissions[permission]
  const accepted = viewer.installation.permissions[permission]
  const enough = (have: AccessLevel | undefined) => have !== undefined && LEVELS.indexOf(have) >= LEVELS.indexOf(level)
  return enough(held) && enough(accepted)
}

/** May the viewer know that this repository exists? */
export function seesRepository(viewer: Viewer, repository: Repository): boolean {
  if (viewer.as === 'installation' && reaches(viewer, repository)) return true
  if (viewer.as === 'user') return repositoryRole(viewer.person, repository) !== 'none'
  return !repository.private
}

/** An app's token sees organization boards where it holds the permission, and a person's board in stories alone. */
export function seesBoard(viewer: Viewer, project: Project): boolean {
  if (viewer.as === 'user') return boardRole(viewer.person, project) !== 'none'
  if (viewer.as !== 'installation' || (project.owner.kind !== 'Organization' && !project.shownToApps)) return false
  if (viewer.installation.account !== project.owner) return false
  return holds(viewer, 'organization_projects', 'read')
}

/** Throws as GitHub does: not found for what the viewer cannot see, forbidden for what it may not do. */
export function requireRepository(
  viewer: Viewer,
  repository: Repository,
  permission: string | string[],
  level: AccessLevel,
): void {
  if (!seesRepository(viewer, repository)) throw new Refusal('not-found', 'Not Found')
  const names = typeof permission === 'string' ? [permission] : permission
  if (viewer.as === 'user') {
    const wanted =
      level === 'read' ? 'read' : names.includes('issues') || names.includes('pull_requests') ? 'read' : 'write'
    if (atLeast(repositoryRole(viewer.person, repository), wanted)) return
    throw new Refusal('forbidden', `Must have push access to ${fullName(repository)}.`)
  }
  if (viewer.as === 'installation' && reaches(viewer, repository)) {
    if (names.some((name) => holds(viewer, name, level))) return
    throw new Refusal('forbidden', NOT_ACCESSIBLE)
  }
  // A public repository that the app is not installed on: what everybody may read, and no more.
  if (level !== 'read' || names.every((name) => !PUBLICLY_READABLE.has(name)))
    throw new Refusal('forbidden', NOT_ACCESSIBLE)
}

/** As `requireRepository`, for what belongs to an organization. */
export function requireOwner(viewer: Viewer, owner: Owner, permission: string, level: AccessLevel): void {
  if (viewer.as === 'user') {
    if (owner === viewer.person) return
    const member = owner.kind === 'Organization' ? owner.members.get(viewer.person.id) : undefined
    if (member?.state !== 'active') throw new Refusal('not-found', 'Not Found')
    if (level !== 'read' && member.role !== 'admin') throw new Refusal('forbidden', 'You must be an admin')
    return
  }
  if (viewer.as === 'installation' && viewer.installation.account === owner && holds(viewer, permission, level)) return
  throw new Refusal('forbidden', NOT_ACCESSIBLE)
}

/** As `requireRepository`, for a board. */
export function requireBoard(viewer: Viewer, project: Project, level: AccessLevel): void {
  if (!seesBoard(viewer, project)) {
    const own = viewer.as === 'installation' && viewer.installation.account === project.owner
    throw own ? new Refusal('forbidden', NOT_ACCESSIBLE) : new Refusal('not-found', 'Not Found')
  }
  const enough =
    viewer.as === 'user'
      ? atLeast(boardRole(viewer.person, project), level)
      : holds(viewer, 'organization_projects', level)
  if (!enough) throw new Refusal('forbidden', viewer.as === 'user' ? 'Must have write access' : NOT_ACCESSIBLE)
}

const PUBLICLY_READABLE = new Set(['metadata', 'contents', 'issues', 'pull_requests', 'checks', 'actions', 'statuses'])

function highest(roles: RepositoryRole[]): RepositoryRole {
  return roles.reduce((best, role) => (atLeast(role, best) ? role : best), 'none')
}
