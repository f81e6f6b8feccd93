// The few fields of GitHub's webhooks that the app reads. Whatever else they hold is left where it is.
import { z } from 'zod'
import { type Actor, GHOST } from '../core/facts/actor.ts'

const account = z.object({ login: z.string(), id: z.number().optional(), type: z.string().optional() })
const sender = account.nullish().transform((who): Actor => {
  if (!who) return GHOST
  const type = who.type === 'User' || who.type === 'Bot' ? who.type : 'Unknown'
  return { login: who.login, id: who.id ?? 0, type }
})
const repository = z.object({
  full_name: z.string(),
  default_branch: z.string().optional(),
  owner: z.object({ login: z.string() }),
})

export const itemDelivery = z.object({
  action: z.string(),
  projects_v2_item: z.object({ node_id: z.string(), project_node_id: z.string() }),
  changes: z
    .object({
      body: z.unknown().optional(),
      field_value: z.object({ field_type: z.string().nullish(), to: z.unknown().optional() }).nullish(),
    })
    .nullish(),
  organization: z.object({ login: z.string() }),
  sender,
})

export const boardDelivery = z.object({
  projects_v2: z.object({ node_id: z.string() }),
  organization: z.object({ login: z.string() }),
  sender,
})

const label = z.object({ name: z.string() }).nullish()
export const issueDelivery = z.object({
  action: z.string(),
  issue: z.object({ node_id: z.string() }),
  label,
  repository,
  sender,
})
export const pullDelivery = z.object({
  action: z.string(),
  pull_request: z.object({ node_id: z.string(), number: z.number().optional() }),
  label,
  repository,
  sender,
})

export const commentDelivery = z.object({
  action: z.string(),
  issue: z.object({ node_id: z.string() }),
  comment: z.object({ body: z.string(), user: sender }),
  repository,
  sender,
})

const app = z.object({ id: z.number() }).nullish()
export const checkRunDelivery = z.object({
  action: z.string(),
  check_run: z.object({ head_sha: z.string(), external_id: z.string().nullish(), app }),
  repository,
  sender,
})
export const checkSuiteDelivery = z.object({
  action: z.string(),
  check_suite: z.object({ head_sha: z.string(), app }),
  repository,
  sender,
})

export const runDelivery = z.object({
  workflow_run: z.object({
    id: z.number(),
    run_attempt: z.number().optional(),
    display_title: z.string().nullish(),
    name: z.string().nullish(),
    path: z.string(),
    head_branch: z.string().nullish(),
    head_sha: z.string(),
    event: z.string(),
    status: z.string().nullish(),
    conclusion: z.string().nullish(),
    html_url: z.string(),
    updated_at: z.string().nullish(),
  }),
  repository,
})

const paths = z.array(z.string()).optional()
export const pushDelivery = z.object({
  ref: z.string(),
  forced: z.boolean().optional(),
  commits: z.array(z.object({ added: paths, modified: paths, removed: paths })).nullish(),
  repository,
})

export const installationDelivery = z.object({
  action: z.string(),
  installation: z.object({ account: z.object({ login: z.string() }) }),
})
