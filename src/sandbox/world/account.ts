// Who there is in the sandbox: people, bots, organizations and their teams.
import type { App } from './app.ts'
import type { Project } from './board.ts'

/** A person or a bot. `app` is the GitHub App a bot belongs to. */
export type Person = {
  kind: 'User' | 'Bot'
  id: number
  node: string
  login: string
  name: string | null
  email: string
  siteAdmin: boolean
  app: App | null
  projects: Map<number, Project>
  createdAt: string
}

export type OrganizationRole = 'admin' | 'member'
export type MembershipState = 'active' | 'pending'
type OrganizationMember = { person: Person; role: OrganizationRole; state: MembershipState }

/** What every member may do in each repository of the organization unless more was given. */
export type RepositoryRole = 'none' | 'read' | 'triage' | 'write' | 'maintain' | 'admin'

export type Organization = {
  kind: 'Organization'
  id: number
  node: string
  login: string
  name: string
  description: string | null
  baseRole: RepositoryRole
  members: Map<number, OrganizationMember>
  teams: Map<string, Team>
  projects: Map<number, Project>
  createdAt: string
}

/** Whoever can own repositories and boards. */
export type Owner = Person | Organization

export type TeamMember = { person: Person; role: 'maintainer' | 'member'; state: MembershipState }

/** `members` holds the direct ones only; `teamMembers` in organize.ts adds the child teams'. */
export type Team = {
  kind: 'Team'
  id: number
  node: string
  organization: Organization
  slug: string
  name: string
  description: string | null
  privacy: 'closed' | 'secret'
  parent: Team | null
  members: Map<number, TeamMember>
  createdAt: string
  updatedAt: string
}
