// Check runs and check suites as GitHub's REST API and webhooks show them.
import type { CheckRun, CheckSuite } from '../check.ts'
import { commitAt } from '../git.ts'
import type { Repository } from '../repository.ts'
import type { World } from '../world.ts'
import { appPayload } from './account.ts'
import { repositoryApi, repositoryPage } from './address.ts'
import { minimalRepository } from './repository.ts'

/** Open pull requests of that head in the repository itself; a fork's are never named here. */
export function minimalPulls(world: World, repository: Repository, sha: string) {
  const side = (of: Repository, at: { ref: string; sha: string }) => ({
    ref: at.ref,
    sha: at.sha,
    repo: { id: of.id, url: repositoryApi(world, of), name: of.name },
  })
  return [...repository.threads.values()].flatMap((thread) => {
    if (thread.kind !== 'PullRequest' || thread.state !== 'OPEN') return []
    if (thread.head.sha !== sha || thread.head.repository !== repository) return []
    return [
      {
        url: `${repositoryApi(world, repository)}/pulls/${thread.number}`,
        id: thread.id,
        number: thread.number,
        head: side(repository, thread.head),
        base: side(repository, thread.base),
      },
    ]
  })
}

export function headCommit(repository: Repository, sha: string) {
  const commit = commitAt(repository.git, sha)
  return {
    id: sha,
    tree_id: commit?.tree ?? '',
    message: commit?.message ?? '',
    timestamp: commit?.author.at ?? '',
    author: { name: commit?.author.name ?? '', email: commit?.author.email ?? '' },
    committer: { name: commit?.committer.name ?? '', email: commit?.committer.email ?? '' },
  }
}

export function suitePayload(world: World, suite: CheckSuite) {
  const url = `${repositoryApi(world, suite.repository)}/check-suites/${suite.id}`
  return {
    id: suite.id,
    node_id: suite.node,
    head_branch: suite.branch,
    head_sha: suite.sha,
    status: suite.status,
    conclusion: suite.conclusion,
    url,
    before: suite.before,
    after: suite.sha,
    pull_requests: minimalPulls(world, suite.repository, suite.sha),
    app: appPayload(world, suite.app),
    created_at: suite.createdAt,
    updated_at: suite.updatedAt,
    rerequestable: true,
    runs_rerequestable: true,
    latest_check_runs_count: suite.runs.length,
    check_runs_url: `${url}/check-runs`,
    head_commit: headCommit(suite.repository, suite.sha),
  }
}

/** The check run; in webhooks its suite comes along, in REST only the suite's id. */
export function checkRunPayload(world: World, run: CheckRun, where: 'webhook' | 'rest') {
  const { suite } = run
  const url = `${repositoryApi(world, suite.repository)}/check-runs/${run.id}`
  const page = `${repositoryPage(world, suite.repository)}/runs/${run.id}`
  const {
    runs_rerequestable: _,
    latest_check_runs_count: __,
    check_runs_url: ___,
    head_commit: ____,
    ...short
  } = suitePayload(world, suite)
  return {
    id: run.id,
    name: run.name,
    node_id: run.node,
    head_sha: suite.sha,
    external_id: run.externalId ?? '',
    url,
    html_url: page,
    details_url: run.detailsUrl ?? page,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: {
      title: run.title,
      summary: run.summary,
      text: run.text,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite:
      where === 'rest' ? { id: suite.id } : { ...short, repository: minimalRepository(world, suite.repository) },
    app: appPayload(world, suite.app),
    pull_requests: short.pull_requests,
  }
}
