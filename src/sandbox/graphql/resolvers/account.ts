// People, bots, organizations, teams and apps.
import { requireBoard, requireOwner, seesBoard, seesRepository } from '../../world/access.ts'
import type { Organization, Owner, Person, Team } from '../../world/account.ts'
import type { App } from '../../world/app.ts'
import { teamMembers } from '../../world/organize.ts'
import { Refusal } from '../../world/refusal.ts'
import { connect, type PageArguments } from '../connection.ts'
import type { Context, Fields, Resolvers } from '../context.ts'
import { namedRepository } from './query.ts'

const person: Fields<Person> = {
  id: ({ node }) => node,
  databaseId: ({ id }) => id,
  // GraphQL names a bot by its app's slug, without the `[bot]` that REST and webhooks put behind it.
  login: ({ kind, login }) => (kind === 'Bot' ? login.replace(/\[bot\]$/, '') : login),
  url: ({ login }, _, { world }) => `${world.url}/${login}`,
  resourcePath: ({ login }) => `/${login}`,
  avatarUrl: ({ id }, _, { world }) => `${world.url}/avatars/u/${id}?v=4`,
  createdAt: ({ createdAt }) => createdAt,
  updatedAt: ({ createdAt }) => createdAt,
}

const owner: Fields<Owner> = {
  projectV2: (account, args: { number: number }, context) => ownBoard(context, account, args.number),
  projectsV2: (account, args: PageArguments, { viewer }) => {
    const boards = [...account.projects.values()].filter((project) => seesBoard(viewer, project))
    return connect(boards.reverse(), args)
  },
  repository: (account, args: { name: string }, context) => namedRepository(context, `${account.login}/${args.name}`),
  repositories: (account, args: PageArguments & { isArchived?: boolean }, { world, viewer }) => {
    const all = [...world.repositories.values()].filter((repository) => {
      if (repository.owner !== account || !seesRepository(viewer, repository)) return false
      return args.isArchived === undefined || args.isArchived === null || repository.archived === args.isArchived
    })
    return connect(all, args)
  },
}

const user: Fields<Person> = {
  ...person,
  ...(owner as Fields<Person>),
  name: ({ name }) => name,
  email: ({ email }) => email,
  isSiteAdmin: ({ siteAdmin }) => siteAdmin,
  // Only the viewer of an app's token is a User that is a bot, and is called with the suffix.
  login: ({ login }) => login,
}

const organization: Fields<Organization> = {
  ...(owner as Fields<Organization>),
  id: ({ node }) => node,
  databaseId: ({ id }) => id,
  login: ({ login }) => login,
  name: ({ name }) => name,
  description: ({ description }) => description,
  url: ({ login }, _, { world }) => `${world.url}/${login}`,
  resourcePath: ({ login }) => `/${login}`,
  avatarUrl: ({ id }, _, { world }) => `${world.url}/avatars/u/${id}?v=4`,
  createdAt: ({ createdAt }) => createdAt,
  updatedAt: ({ createdAt }) => createdAt,
  team: (account, args: { slug: string }, { viewer }) => {
    requireOwner(viewer, account, 'members', 'read')
    const found = account.teams.get(args.slug.toLowerCase())
    return found && seesTeam(viewer, found) ? found : null
  },
  teams: (account, args: PageArguments & { query?: string; rootTeamsOnly?: boolean }, { viewer }) => {
    requireOwner(viewer, account, 'members', 'read')
    const wanted = (args.query ?? '').toLowerCase()
    const teams = [...account.teams.values()].filter((team) => {
      if (args.rootTeamsOnly && team.parent) return false
      return seesTeam(viewer, team) && (team.slug.includes(wanted) || team.name.toLowerCase().includes(wanted))
    })
    return connect(teams, args)
  },
  membersWithRole: (account, args: PageArguments, { viewer }) => {
    requireOwner(viewer, account, 'members', 'read')
    const members = [...account.members.values()].filter((member) => member.state === 'active')
    const role = new Map(members.map((member) => [member.person, member.role.toUpperCase()]))
    return connect(
      members.map((member) => member.person),
      args,
      (node) => ({ role: role.get(node) }),
    )
  },
}

const team: Fields<Team> = {
  id: ({ node }) => node,
  databaseId: ({ id }) => id,
  name: ({ name }) => name,
  slug: ({ slug }) => slug,
  combinedSlug: ({ organization, slug }) => `${organization.login}/${slug}`,
  description: ({ description }) => description,
  privacy: ({ privacy }) => (privacy === 'secret' ? 'SECRET' : 'VISIBLE'),
  organization: ({ organization }) => organization,
  parentTeam: ({ parent }) => parent,
  url: ({ organization, slug }, _, { world }) => `${world.url}/orgs/${organization.login}/teams/${slug}`,
  createdAt: ({ createdAt }) => createdAt,
  updatedAt: ({ updatedAt }) => updatedAt,
  childTeams: (parent, args: PageArguments, { viewer }) => {
    const children = [...parent.organization.teams.values()].filter(
      (child) => child.parent === parent && seesTeam(viewer, child),
    )
    return connect(children, args)
  },
  // Those who were only invited are not in this list.
  members: (source, args: PageArguments & { query?: string; membership?: string; role?: string }) => {
    const all = teamMembers(source)
    const role = new Map([...all.values()].map((member) => [member.person, member.role.toUpperCase()]))
    const wanted = (args.query ?? '').toLowerCase()
    const found = [...all.values()].filter((member) => {
      if (member.state !== 'active') return false
      if (args.membership === 'IMMEDIATE' && !source.members.has(member.person.id)) return false
      if (args.membership === 'CHILD_TEAM' && source.members.has(member.person.id)) return false
      if (args.role && args.role !== member.role.toUpperCase()) return false
      return `${member.person.login} ${member.person.name ?? ''}`.toLowerCase().includes(wanted)
    })
    return connect(
      found.map((member) => member.person),
      args,
      (node) => ({ role: role.get(node) }),
    )
  },
}

const app: Fields<App> = {
  id: ({ node }) => node,
  databaseId: ({ id }) => id,
  clientId: ({ clientId }) => clientId,
  name: ({ name }) => name,
  slug: ({ slug }) => slug,
  description: ({ description }) => description,
  url: ({ slug }, _, { world }) => `${world.url}/apps/${slug}`,
  createdAt: ({ createdAt }) => createdAt,
  updatedAt: ({ updatedAt }) => updatedAt,
}

export const accountFields: Resolvers = { User: user, Bot: person, Organization: organization, Team: team, App: app }

/** A person's board is nothing at all to an app, and no error either. */
function ownBoard({ viewer }: Context, account: Owner, number: number) {
  const project = account.projects.get(number)
  if (project?.owner.kind !== 'Organization' && viewer.as !== 'user' && !project?.shownToApps) return null
  if (!project) throw new Refusal('not-found', `Could not resolve to a ProjectV2 with the number ${number}.`)
  requireBoard(viewer, project, 'read')
  return project
}

function seesTeam(viewer: Context['viewer'], team: Team): boolean {
  if (team.privacy === 'closed' || viewer.as !== 'user') return true
  return team.members.has(viewer.person.id) || team.organization.members.get(viewer.person.id)?.role === 'admin'
}
