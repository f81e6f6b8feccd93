// Makes people, organizations and teams, and changes who belongs where.
import type {
  MembershipState,
  Organization,
  OrganizationRole,
  Person,
  RepositoryRole,
  Team,
  TeamMember,
} from './account.ts'
import { announce } from './announce.ts'
import { nodeId } from './node-id.ts'
import { simpleUser, teamPayload } from './payloads/account.ts'
import { Refusal } from './refusal.ts'
import type { World } from './world.ts'

/** A new account of a person. Throws if the login is taken. */
export function createPerson(
  world: World,
  login: string,
  more: { name?: string; email?: string; kind?: 'User' | 'Bot' } = {},
): Person {
  claimLogin(world, login)
  const id = world.nextId('account')
  const kind = more.kind ?? 'User'
  const person: Person = {
    kind,
    id,
    node: nodeId(kind, id),
    login,
    name: more.name ?? null,
    email: more.email ?? `${id}+${login}@users.noreply.github.example`,
    siteAdmin: false,
    app: null,
    projects: new Map(),
    createdAt: world.now(),
  }
  world.people.set(login.toLowerCase(), person)
  return world.register(person)
}

/** A new organization; its first owner is an active admin. */
export function createOrganization(
  world: World,
  login: string,
  more: { owner: Person; name?: string; baseRole?: RepositoryRole },
): Organization {
  claimLogin(world, login)
  const id = world.nextId('account')
  const organization: Organization = {
    kind: 'Organization',
    id,
    node: nodeId('Organization', id),
    login,
    name: more.name ?? login,
    description: null,
    baseRole: more.baseRole ?? 'read',
    members: new Map(),
    teams: new Map(),
    projects: new Map(),
    createdAt: world.now(),
  }
  world.organizations.set(login.toLowerCase(), organization)
  world.register(organization)
  addMember(world, more.owner, organization, more.owner, { role: 'admin' })
  return organization
}

export function addMember(
  world: World,
  by: Person,
  organization: Organization,
  person: Person,
  more: { role?: OrganizationRole; state?: MembershipState } = {},
): void {
  const state = more.state ?? 'active'
  const role = more.role ?? 'member'
  organization.members.set(person.id, { person, role, state })
  const membership = {
    url: `${world.api}/orgs/${organization.login}/memberships/${person.login}`,
    state,
    role,
    organization_url: `${world.api}/orgs/${organization.login}`,
    user: simpleUser(world, person),
  }
  const action = state === 'active' ? 'member_added' : 'member_invited'
  announce(world, { event: 'organization', action, by, owner: organization, body: { membership } })
  world.changed({ what: 'people' })
}

/** Takes a person out of the organization and out of all its teams. */
export function removeMember(world: World, by: Person, organization: Organization, person: Person): void {
  for (const team of organization.teams.values())
    if (team.members.has(person.id)) removeTeamMember(world, by, team, person)
  organization.members.delete(person.id)
  const home = `${world.api}/orgs/${organization.login}`
  const membership = {
    url: `${home}/memberships/${person.login}`,
    state: 'active',
    role: 'member',
    organization_url: home,
    user: simpleUser(world, person),
  }
  announce(world, { event: 'organization', action: 'member_removed', by, owner: organization, body: { membership } })
  world.changed({ what: 'people' })
}

export function createTeam(
  world: World,
  organization: Organization,
  slug: string,
  more: { name?: string; parent?: Team; privacy?: Team['privacy'] } = {},
): Team {
  if (organization.teams.has(slug)) throw new Refusal('invalid', 'Name must be unique for this org', { field: 'name' })
  const id = world.nextId('team')
  const team: Team = {
    kind: 'Team',
    id,
    node: nodeId('Team', organization.id, id),
    organization,
    slug,
    name: more.name ?? slug,
    description: null,
    privacy: more.privacy ?? 'closed',
    parent: more.parent ?? null,
    members: new Map(),
    createdAt: world.now(),
    updatedAt: world.now(),
  }
  organization.teams.set(slug, team)
  return world.register(team)
}

/** Whoever is not in the organization is only invited: `pending` until they accept. */
export function addTeamMember(
  world: World,
  by: Person,
  team: Team,
  person: Person,
  more: { role?: TeamMember['role']; state?: MembershipState } = {},
): void {
  const belongs = team.organization.members.get(person.id)?.state === 'active'
  const state = more.state ?? (belongs ? 'active' : 'pending')
  team.members.set(person.id, { person, role: more.role ?? 'member', state })
  if (state === 'active') announceMembership(world, by, team, person, 'added')
  world.changed({ what: 'people' })
}

export function removeTeamMember(world: World, by: Person, team: Team, person: Person): void {
  if (!team.members.delete(person.id)) throw new Refusal('not-found', 'Not Found')
  announceMembership(world, by, team, person, 'removed')
  world.changed({ what: 'people' })
}

/** Members of the team and of its child teams; a direct membership goes before an inherited one. */
export function teamMembers(team: Team): Map<number, TeamMember> {
  const found = new Map<number, TeamMember>()
  for (const child of team.organization.teams.values()) {
    if (child.parent !== team) continue
    for (const [id, member] of teamMembers(child)) found.set(id, { ...member, role: 'member' })
  }
  for (const [id, member] of team.members) found.set(id, member)
  return found
}

function announceMembership(world: World, by: Person, team: Team, person: Person, action: 'added' | 'removed'): void {
  const body = { scope: 'team', member: simpleUser(world, person), team: teamPayload(world, team) }
  announce(world, { event: 'membership', action, by, owner: team.organization, body })
}

function claimLogin(world: World, login: string): void {
  const key = login.toLowerCase()
  if (world.people.has(key) || world.organizations.has(key)) throw new Error(`the login ${login} is taken`)
}
