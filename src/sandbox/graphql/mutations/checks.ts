// Mutations of check runs, which only apps may make.
import { requireRepository } from '../../world/access.ts'
import type { App } from '../../world/app.ts'
import type { Annotation, CheckAction, CheckConclusion, CheckStatus } from '../../world/check.ts'
import { type CheckWish, createCheckRun, updateCheckRun } from '../../world/checks.ts'
import { Refusal } from '../../world/refusal.ts'
import type { Context, Fields } from '../context.ts'
import { seenNodeOf } from '../sight.ts'
import { mutation } from './mutation.ts'

type AnnotationInput = {
  path: string
  location: { startLine: number; endLine: number; startColumn?: number | null; endColumn?: number | null }
  annotationLevel: string
  message: string
  title?: string | null
  rawDetails?: string | null
}
type CheckInput = {
  repositoryId: string
  name?: string | null
  externalId?: string | null
  detailsUrl?: string | null
  status?: string | null
  conclusion?: string | null
  startedAt?: string | null
  completedAt?: string | null
  output?: { title: string; summary: string; text?: string | null; annotations?: AnnotationInput[] | null } | null
  actions?: CheckAction[] | null
}

export const checkMutations: Fields<never> = {
  createCheckRun: mutation<CheckInput & { name: string; headSha: string }>((context, input) => {
    const repository = seenNodeOf(context, input.repositoryId, 'Repository')
    const app = ownApp(context)
    requireRepository(context.viewer, repository, 'checks', 'write')
    const wish = { ...wishOf(input), name: input.name }
    return { checkRun: createCheckRun(context.world, app, repository, input.headSha, wish) }
  }),
  updateCheckRun: mutation<CheckInput & { checkRunId: string }>((context, input) => {
    const repository = seenNodeOf(context, input.repositoryId, 'Repository')
    const run = seenNodeOf(context, input.checkRunId, 'CheckRun')
    const app = ownApp(context)
    requireRepository(context.viewer, repository, 'checks', 'write')
    if (run.suite.repository !== repository) throw new Refusal('not-found', 'Not Found')
    return { checkRun: updateCheckRun(context.world, app, run, wishOf(input)) }
  }),
}

function ownApp({ viewer }: Context): App {
  if (viewer.as === 'installation') return viewer.installation.app
  throw new Refusal('forbidden', 'You must authenticate via a GitHub App.')
}

function wishOf(input: CheckInput): CheckWish {
  const wish: CheckWish = {}
  if (input.name) wish.name = input.name
  if (typeof input.externalId === 'string') wish.externalId = input.externalId
  if (input.detailsUrl) wish.detailsUrl = input.detailsUrl
  if (input.status) wish.status = input.status.toLowerCase() as CheckStatus
  if (input.conclusion) wish.conclusion = input.conclusion.toLowerCase() as CheckConclusion
  if (input.startedAt) wish.startedAt = input.startedAt
  if (input.completedAt) wish.completedAt = input.completedAt
  if (input.actions) wish.actions = input.actions
  if (input.output) {
    const { title, summary, text, annotations } = input.output
    wish.output = { title, summary, annotations: (annotations ?? []).map(annotation) }
    if (typeof text === 'string') wish.output.text = text
  }
  return wish
}

function annotation({ path, location, annotationLevel, message, title, rawDetails }: AnnotationInput): Annotation {
  return {
    path,
    start_line: location.startLine,
    end_line: location.endLine,
    annotation_level: annotationLevel.toLowerCase() as Annotation['annotation_level'],
    message,
    ...(title ? { title } : {}),
    ...(rawDetails ? { raw_details: rawDetails } : {}),
  }
}
