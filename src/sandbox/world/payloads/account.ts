// People, organizations, teams and apps as GitHub's REST API and webhooks show them.
import type { Organization, Owner, Person, Team } from '../account.ts'
import type { App, Installation } from '../app.ts'
import type { World } from '../world.ts'

/** GitHub's "simple user"; an organization that owns something is shown in the same form. */
export function simpleUser(world: World, account: Owner) {
  const path = account.kind === 'Bot' ? encodeURIComponent(account.login) : account.login
  const url = `${world.api}/users/${path}`
  const html =
    account.kind === 'Bot' ? `apps/${account.app?.slug ?? account.login.replace('[bot]', '')}` : account.login
  return {
    login: account.login,
    id: account.id,
    node_id: account.node,
    avatar_url: `${world.url}/avatars/u/${account.id}?v=4`,
    gravatar_id: '',
    url,
    html_url: `${world.url}/${html}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: account.kind,
    user_view_type: 'public',
    site_admin: account.kind === 'Organization' ? false : account.siteAdmin,
  }
}

export function organizationSimple(world: World, organization: Organization) {
  const url = `${world.api}/orgs/${organization.login}`
  return {
    login: organization.login,
    id: organization.id,
    node_id: organization.node,
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${world.url}/avatars/u/${organization.id}?v=4`,
    description: organization.description,
  }
}

export function teamPayload(world: World, team: Team): Record<string, unknown> {
  const organization = team.organization
  const url = `${world.api}/organizations/${organization.id}/team/${team.id}`
  return {
    name: team.name,
    id: team.id,
    node_id: team.node,
    slug: team.slug,
    description: team.description,
    privacy: team.privacy,
    notification_setting: 'notifications_enabled',
    url,
    html_url: `${world.url}/orgs/${organization.login}/teams/${team.slug}`,
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
    permission: 'pull',
    parent: team.parent ? { ...teamPayload(world, team.parent), parent: undefined } : null,
  }
}

/** The app as `integration` in payloads and as `GET /app` shows it. */
export function appPayload(world: World, app: App) {
  return {
    id: app.id,
    client_id: app.clientId,
    slug: app.slug,
    node_id: app.node,
    owner: simpleUser(world, app.owner),
    name: app.name,
    description: app.description,
    external_url: `https://${app.slug}.example`,
    html_url: `${world.url}/apps/${app.slug}`,
    created_at: app.createdAt,
    updated_at: app.updatedAt,
    permissions: app.permissions,
    events: app.events,
  }
}

export function installationPayload(world: World, installation: Installation) {
  const { app, account } = installation
  return {
    id: installation.id,
    client_id: app.clientId,
    account: simpleUser(world, account),
    repository_selection: installation.repositories === 'all' ? 'all' : 'selected',
    access_tokens_url: `${world.api}/app/installations/${installation.id}/access_tokens`,
    repositories_url: `${world.api}/installation/repositories`,
    html_url: `${world.url}/organizations/${account.login}/settings/installations/${installation.id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.kind === 'Organization' ? 'Organization' : 'User',
    permissions: installation.permissions,
    events: installation.events,
    created_at: installation.createdAt,
    updated_at: installation.updatedAt,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: null,
    suspended_at: installation.suspendedAt,
  }
}

/** How GitHub would name the author's bond to the repository. Payloads get it wrong, as GitHub's do. */
export function authorAssociation(author: Person, owner: Owner): 'OWNER' | 'MEMBER' | 'CONTRIBUTOR' | 'NONE' {
  if (owner.kind !== 'Organization') return owner === author ? 'OWNER' : 'NONE'
  return owner.members.get(author.id)?.state === 'active' ? 'CONTRIBUTOR' : 'NONE'
}
