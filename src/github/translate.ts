// Makes of a webhook at most one knock: that something may have changed, and where to look. Pure.
import { z } from 'zod'
import type { Actor } from '../core/facts/actor.ts'
import {
  boardDelivery,
  checkRunDelivery,
  checkSuiteDelivery,
  commentDelivery,
  installationDelivery,
  issueDelivery,
  itemDelivery,
  pullDelivery,
  pushDelivery,
  runDelivery,
} from './delivery.ts'
import type { Knock } from './knock.ts'

/** The app on GitHub, and its own account there. */
export type Self = { appId: number; botId: number }

type Reader = (payload: unknown, self: Self) => Knock | null

/**
 * Null for what concerns no card, and for what cannot be read, however well it is signed. Nothing in a payload is
 * believed: apart from a run's end all is read back from GitHub.
 */
export function translate(event: string, payload: unknown, self: Self): Knock | null {
  return Object.hasOwn(READERS, event) ? (READERS[event]?.(payload, self) ?? null) : null
}

/** The events of `app.yml`, and those that GitHub sends without being asked. */
export const READERS: Record<string, Reader> = {
  projects_v2_item: reader(itemDelivery, (delivery, self) => {
    const { changes, projects_v2_item: item } = delivery
    // A drag may come as `reordered` without any value, so only what surely is no move is left out.
    const value = changes?.field_value
    if (value?.field_type && value.field_type !== 'single_select') return null
    if (delivery.action === 'edited' && !value && changes?.body !== undefined) return null
    return {
      knock: 'item',
      owner: delivery.organization.login,
      project: item.project_node_id,
      item: item.node_id,
      mover: delivery.sender,
      to: z.object({ name: z.string() }).safeParse(value?.to).data?.name ?? null,
      removed: delivery.action === 'deleted',
      ours: isSelf(delivery.sender, self),
    }
  }),
  projects_v2: reader(boardDelivery, ({ organization, projects_v2: board }) => ({
    knock: 'board',
    owner: organization.login,
    project: board.node_id,
  })),
  issues: reader(issueDelivery, (delivery, self) => content(delivery, delivery.issue.node_id, self)),
  pull_request: reader(pullDelivery, (delivery, self) => {
    const { action, pull_request: pull, repository } = delivery
    const found = content(delivery, pull.node_id, self)
    if (found?.knock !== 'content' || pull.number === undefined || !PULL_ACTIONS.includes(action)) return found
    return { ...found, pull: { repository: repository.full_name, number: pull.number } }
  }),
  pull_request_review: reader(pullDelivery, (delivery, self) => content(delivery, delivery.pull_request.node_id, self)),
  issue_comment: reader(commentDelivery, (delivery, self) => {
    // Of all comments only commands count, and the loss of our own.
    const { comment, issue, sender } = delivery
    const lost = delivery.action === 'deleted' && isSelf(comment.user, self)
    const command = sender.type !== 'Bot' && delivery.action !== 'deleted' && /^[ \t]*\/andon\b/m.test(comment.body)
    return lost || command ? content(delivery, issue.node_id, self) : null
  }),
  check_run: reader(checkRunDelivery, ({ action, check_run: run, repository, sender }, self) => {
    const known = { owner: repository.owner.login, repository: repository.full_name, sha: run.head_sha }
    return check(action, run.app?.id === self.appId, { ...known, externalId: run.external_id || null, by: sender })
  }),
  check_suite: reader(checkSuiteDelivery, ({ action, check_suite: suite, repository, sender }, self) => {
    const known = { owner: repository.owner.login, repository: repository.full_name, sha: suite.head_sha }
    return check(action, suite.app?.id === self.appId, { ...known, externalId: null, by: sender })
  }),
  workflow_run: reader(runDelivery, ({ workflow_run: run, repository }) => ({
    knock: 'run',
    owner: repository.owner.login,
    repository: repository.full_name,
    run: run.id,
    attempt: run.run_attempt ?? 1,
    name: run.display_title ?? run.name ?? '',
    path: run.path.split('@')[0] ?? '',
    branch: run.head_branch ?? null,
    sha: run.head_sha,
    event: run.event,
    status: run.status ?? '',
    conclusion: run.conclusion ?? null,
    url: run.html_url,
    ...(run.updated_at && { updatedAt: run.updated_at }),
  })),
  push: reader(pushDelivery, ({ ref, forced, commits, repository }) => {
    if (ref !== `refs/heads/${repository.default_branch}`) return null
    const touched = (commits ?? []).some((commit) =>
      [commit.added, commit.modified, commit.removed].some((paths) =>
        paths?.some((path) => POLICY_PATHS.includes(path)),
      ),
    )
    // A forced push names none of the commits it took away, and a large one not all that it brought.
    const unsure = forced === true || (commits?.length ?? 0) >= MOST_COMMITS
    if (!touched && !unsure) return null
    return { knock: 'policy', owner: repository.owner.login, repository: repository.full_name }
  }),
  installation: reader(installationDelivery, ({ action, installation }) => ({
    knock: 'installation',
    owner: installation.account.login,
    removed: action === 'deleted' || action === 'suspend',
  })),
  installation_repositories: reader(installationDelivery, ({ installation }) => ({
    knock: 'installation',
    owner: installation.account.login,
    removed: false,
  })),
}

/** After these, the commits of a pull request may be others. */
const PULL_ACTIONS = ['opened', 'reopened', 'synchronize']
const POLICY_PATHS = ['.github/andon.yml', 'andon.yml']
/** GitHub's limit of commits in one push's payload. */
const MOST_COMMITS = 2_048

function reader<T extends z.ZodType>(schema: T, read: (delivery: z.infer<T>, self: Self) => Knock | null): Reader {
  return (payload, self) => {
    const delivery = schema.safeParse(payload)
    return delivery.success ? read(delivery.data, self) : null
  }
}

type ContentDelivery = {
  action: string
  label?: { name: string } | null | undefined
  repository: { owner: { login: string } }
  sender: Actor
}

/** What we did to an issue or pull request ourselves is no news. */
function content(delivery: ContentDelivery, node: string, self: Self): Knock | null {
  if (isSelf(delivery.sender, self)) return null
  const name = delivery.action === 'labeled' ? delivery.label?.name : undefined
  return {
    knock: 'content',
    owner: delivery.repository.owner.login,
    content: node,
    label: name === undefined ? null : { name, by: delivery.sender },
  }
}

type CheckKnock = Extract<Knock, { knock: 'check' }>

/** Our own checks matter when people ask for them again, other apps' when they end. */
function check(action: string, own: boolean, known: Omit<CheckKnock, 'knock' | 'rerequested'>): Knock | null {
  if (own) return action === 'rerequested' ? { knock: 'check', rerequested: true, ...known } : null
  return action === 'completed' ? { knock: 'check', rerequested: false, ...known, externalId: null } : null
}

function isSelf(who: Actor, self: Self): boolean {
  return who.id !== 0 && who.id === self.botId
}
