// Teams, people and the permission of one person in a repository.

import { type Answer, type Call, notFound, ok, page } from '../server/exchange.ts'
import { repositoryRole } from '../world/access.ts'
import type { Person } from '../world/account.ts'
import { teamMembers } from '../world/organize.ts'
import { organizationSimple, simpleUser, teamPayload } from '../world/payloads/account.ts'
import { repositoryOf, teamOf } from './target.ts'

export function getUser(call: Call): Answer {
  const { world } = call
  const login = String(call.path.username).toLowerCase()
  const account = world.people.get(login) ?? world.organizations.get(login)
  if (!account) throw notFound()
  return ok({
    ...simpleUser(world, account),
    name: account.name,
    company: null,
    blog: '',
    location: null,
    email: null,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: account.createdAt,
    updated_at: account.createdAt,
  })
}

export function getTeam(call: Call): Answer {
  const team = teamOf(call)
  const { world } = call
  const { organization } = team
  const repositories = [...world.repositories.values()].filter((one) => one.teams.has(team.id))
  return ok({
    ...teamPayload(world, team),
    type: 'organization',
    created_at: team.createdAt,
    updated_at: team.updatedAt,
    members_count: teamMembers(team).size,
    repos_count: repositories.length,
    organization: {
      ...organizationSimple(world, organization),
      html_url: `${world.url}/${organization.login}`,
      name: organization.name,
      has_organization_projects: true,
      has_repository_projects: true,
      public_repos: 0,
      public_gists: 0,
      followers: 0,
      following: 0,
      type: 'Organization',
      created_at: organization.createdAt,
      updated_at: organization.createdAt,
      archived_at: null,
    },
  })
}

/** Active members, those of child teams among them. */
export function listTeamMembers(call: Call): Answer {
  const members = [...teamMembers(teamOf(call)).values()]
    .filter((member) => member.state === 'active')
    .filter((member) => call.query.role === 'all' || call.query.role === undefined || member.role === call.query.role)
  return page(call, members, (member) => simpleUser(call.world, member.person))
}

/** 404 is GitHub's no. An owner of the organization shows as maintainer; an invited person is `pending`. */
export function getTeamMembership(call: Call): Answer {
  const team = teamOf(call)
  const person = personOf(call)
  const member = teamMembers(team).get(person.id)
  if (!member) throw notFound()
  const owner = team.organization.members.get(person.id)?.role === 'admin'
  const { url } = teamPayload(call.world, team)
  return ok({
    url: `${url}/memberships/${person.login}`,
    role: owner ? 'maintainer' : member.role,
    state: member.state,
  })
}

/** `permission` knows four steps, of which `maintain` and `triage` are no part; `role_name` tells them apart. */
export function getCollaboratorPermission(call: Call): Answer {
  const repository = repositoryOf(call)
  const person = personOf(call)
  const role = repositoryRole(person, repository)
  const permission = { none: 'none', read: 'read', triage: 'read', write: 'write', maintain: 'write', admin: 'admin' }[
    role
  ]
  const has = (wanted: string[]) => wanted.includes(role)
  return ok({
    permission,
    role_name: role,
    user: {
      ...simpleUser(call.world, person),
      role_name: role,
      permissions: {
        admin: role === 'admin',
        maintain: has(['maintain', 'admin']),
        push: has(['write', 'maintain', 'admin']),
        triage: has(['triage', 'write', 'maintain', 'admin']),
        pull: role !== 'none',
      },
    },
  })
}

function personOf(call: Call): Person {
  const person = call.world.people.get(String(call.path.username).toLowerCase())
  if (!person) throw notFound()
  return person
}
