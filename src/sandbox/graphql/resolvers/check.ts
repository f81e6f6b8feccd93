// Check suites, check runs, statuses, workflows and workflow runs.
import type { Annotation, CheckRun, CheckSuite, CommitStatus } from '../../world/check.ts'
import { repositoryPage } from '../../world/payloads/address.ts'
import { runPage } from '../../world/payloads/run.ts'
import type { Workflow, WorkflowRun } from '../../world/run.ts'
import { latestRuns } from '../../world/suites.ts'
import { connect, type PageArguments } from '../connection.ts'
import type { Fields, Resolvers } from '../context.ts'
import { gitNode } from './git.ts'
import { refNode } from './repository.ts'
import { type Rollup, rollupState } from './rollup.ts'

type RunFilter = {
  appId?: number | null
  checkName?: string | null
  checkType?: 'ALL' | 'LATEST' | null
  status?: string | null
  statuses?: string[] | null
  conclusions?: string[] | null
}

const suite: Fields<CheckSuite> = {
  id: ({ node }) => node,
  databaseId: ({ id }) => id,
  app: ({ app }) => app,
  status: ({ status }) => status.toUpperCase(),
  conclusion: ({ conclusion }) => conclusion?.toUpperCase() ?? null,
  createdAt: ({ createdAt }) => createdAt,
  updatedAt: ({ updatedAt }) => updatedAt,
  repository: ({ repository }) => repository,
  commit: ({ repository, sha }) => gitNode(repository, sha),
  branch: ({ repository, branch }) => (branch ? refNode(repository, `refs/heads/${branch}`) : null),
  url: (source, _, { world }) => `${repositoryPage(world, source.repository)}/commit/${source.sha}/checks`,
  workflowRun: ({ workflowRun }, _, { world }) => (workflowRun ? (world.workflowRuns.get(workflowRun) ?? null) : null),
  checkRuns: (source, args: PageArguments & { filterBy?: RunFilter | null }) => {
    const by = args.filterBy ?? {}
    const runs = by.checkType === 'ALL' ? source.runs : latestRuns(source)
    return connect(
      runs.filter((run) => passes(run, by)),
      args,
    )
  },
}

const run: Fields<CheckRun> = {
  id: ({ node }) => node,
  databaseId: ({ id }) => id,
  name: ({ name }) => name,
  externalId: ({ externalId }) => externalId,
  status: ({ status }) => status.toUpperCase(),
  conclusion: ({ conclusion }) => conclusion?.toUpperCase() ?? null,
  detailsUrl: (source, _, { world }) => source.detailsUrl ?? runAddress(world.url, source),
  url: (source, _, { world }) => runAddress(world.url, source),
  permalink: (source, _, { world }) => runAddress(world.url, source),
  startedAt: ({ startedAt }) => startedAt,
  completedAt: ({ completedAt }) => completedAt,
  title: ({ title }) => title,
  summary: ({ summary }) => summary,
  text: ({ text }) => text,
  annotations: ({ annotations }, args: PageArguments) => connect(annotations, args),
  checkSuite: (source) => source.suite,
  repository: (source) => source.suite.repository,
  isRequired: ({ name, suite: { repository, app } }) => {
    const required = [...repository.requiredChecks.values()].flat()
    return required.some((check) => check.context === name && (check.appId === null || check.appId === app.id))
  },
}

const annotation: Fields<Annotation> = {
  path: ({ path }) => path,
  annotationLevel: ({ annotation_level }) => annotation_level.toUpperCase(),
  title: ({ title }) => title ?? null,
  message: ({ message }) => message,
  rawDetails: ({ raw_details }) => raw_details ?? null,
}

const status: Fields<CommitStatus> = {
  id: ({ node }) => node,
  context: ({ context }) => context,
  state: ({ state }) => state.toUpperCase(),
  description: ({ description }) => description,
  targetUrl: ({ targetUrl }) => targetUrl,
  creator: ({ creator }) => creator,
  createdAt: ({ createdAt }) => createdAt,
  commit: ({ repository, sha }) => gitNode(repository, sha),
  isRequired: ({ context, repository }) => {
    return [...repository.requiredChecks.values()]
      .flat()
      .some((check) => check.context === context && check.appId === null)
  },
}

const rollup: Fields<Rollup> = {
  id: ({ node }) => node,
  state: ({ contexts }) => rollupState(contexts),
  commit: ({ repository, sha }) => gitNode(repository, sha),
  contexts: ({ contexts }, args: PageArguments) => connect(contexts, args),
}

const workflow: Fields<Workflow> = {
  id: ({ node }) => node,
  databaseId: ({ id }) => id,
  name: ({ name }) => name,
  state: ({ state }) => state.toUpperCase(),
  createdAt: ({ createdAt }) => createdAt,
  updatedAt: ({ updatedAt }) => updatedAt,
}

const workflowRun: Fields<WorkflowRun> = {
  id: ({ node }) => node,
  databaseId: ({ id }) => id,
  event: ({ event }) => event,
  runNumber: ({ runNumber }) => runNumber,
  workflow: (source) => source.workflow,
  checkSuite: (source) => source.suite,
  url: (source, _, { world }) => runPage(world, source),
  createdAt: ({ createdAt }) => createdAt,
  updatedAt: ({ updatedAt }) => updatedAt,
}

export const checkFields: Resolvers = {
  CheckSuite: suite,
  CheckRun: run,
  CheckAnnotation: annotation,
  StatusContext: status,
  StatusCheckRollup: rollup,
  Workflow: workflow,
  WorkflowRun: workflowRun,
}

function runAddress(url: string, { id, suite: { repository } }: CheckRun): string {
  return `${url}/${repository.owner.login}/${repository.name}/runs/${id}`
}

function passes(source: CheckRun, by: RunFilter): boolean {
  if (by.appId && source.suite.app.id !== by.appId) return false
  if (by.checkName && source.name !== by.checkName) return false
  if (by.status && source.status.toUpperCase() !== by.status) return false
  if (by.statuses && !by.statuses.includes(source.status.toUpperCase())) return false
  return !by.conclusions || by.conclusions.includes(source.conclusion?.toUpperCase() ?? '')
}
