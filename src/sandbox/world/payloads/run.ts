// Workflows, their runs, jobs and artifacts as GitHub's REST API and webhooks show them.
import type { Artifact, Job, Workflow, WorkflowRun } from '../run.ts'
import type { World } from '../world.ts'
import { simpleUser } from './account.ts'
import { repositoryApi, repositoryPage } from './address.ts'
import { headCommit, minimalPulls } from './check.ts'
import { minimalRepository } from './repository.ts'

export function workflowPayload(world: World, workflow: Workflow) {
  const { repository } = workflow
  const page = repositoryPage(world, repository)
  return {
    id: workflow.id,
    node_id: workflow.node,
    name: workflow.name,
    path: workflow.path,
    state: workflow.state,
    created_at: workflow.createdAt,
    updated_at: workflow.updatedAt,
    url: `${repositoryApi(world, repository)}/actions/workflows/${workflow.id}`,
    html_url: `${page}/blob/${repository.defaultBranch}/${workflow.path}`,
    badge_url: `${page}/workflows/${encodeURIComponent(workflow.name)}/badge.svg`,
  }
}

/** The run: no inputs and no outputs, as on GitHub. */
export function runPayload(world: World, run: WorkflowRun) {
  const { repository } = run
  const url = `${repositoryApi(world, repository)}/actions/runs/${run.id}`
  return {
    id: run.id,
    name: run.workflow.name,
    node_id: run.node,
    check_suite_id: run.suite.id,
    check_suite_node_id: run.suite.node,
    head_branch: run.branch,
    head_sha: run.sha,
    path: run.path,
    run_number: run.runNumber,
    run_attempt: run.attempt,
    referenced_workflows: [],
    display_title: run.displayTitle,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: run.workflow.id,
    url,
    html_url: runPage(world, run),
    pull_requests: minimalPulls(world, repository, run.sha),
    created_at: run.createdAt,
    updated_at: run.updatedAt,
    actor: simpleUser(world, run.actor),
    triggering_actor: simpleUser(world, run.triggeringActor),
    run_started_at: run.startedAt,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${repositoryApi(world, repository)}/check-suites/${run.suite.id}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: run.attempt > 1 ? `${url}/attempts/${run.attempt - 1}` : null,
    workflow_url: `${repositoryApi(world, repository)}/actions/workflows/${run.workflow.id}`,
    head_commit: headCommit(repository, run.sha),
    repository: minimalRepository(world, repository),
    head_repository: minimalRepository(world, repository),
  }
}

export function jobPayload(world: World, job: Job) {
  const { run, check } = job
  const api = repositoryApi(world, run.repository)
  return {
    id: job.id,
    run_id: run.id,
    workflow_name: run.workflow.name,
    head_branch: run.branch,
    run_url: `${api}/actions/runs/${run.id}`,
    run_attempt: job.attempt,
    node_id: job.node,
    head_sha: run.sha,
    url: `${api}/actions/jobs/${job.id}`,
    html_url: `${runPage(world, run)}/job/${job.id}`,
    status: check.status,
    conclusion: check.conclusion,
    created_at: run.createdAt,
    started_at: check.startedAt,
    completed_at: check.completedAt,
    name: job.name,
    steps: job.steps.map((step) => ({
      name: step.name,
      status: step.status,
      conclusion: step.conclusion,
      number: step.number,
      started_at: step.startedAt,
      completed_at: step.completedAt,
    })),
    check_run_url: `${api}/check-runs/${check.id}`,
    labels: job.labels,
    runner_id: 1,
    runner_name: 'sandbox',
    runner_group_id: 1,
    runner_group_name: 'Default',
  }
}

export function artifactPayload(world: World, artifact: Artifact) {
  const { run } = artifact
  const url = `${repositoryApi(world, run.repository)}/actions/artifacts/${artifact.id}`
  return {
    id: artifact.id,
    node_id: artifact.node,
    name: artifact.name,
    size_in_bytes: artifact.bytes.length,
    url,
    archive_download_url: `${url}/zip`,
    expired: artifact.expired,
    digest: artifact.digest,
    created_at: artifact.createdAt,
    updated_at: artifact.updatedAt,
    expires_at: artifact.expiresAt,
    workflow_run: {
      id: run.id,
      repository_id: run.repository.id,
      head_repository_id: run.repository.id,
      head_branch: run.branch,
      head_sha: run.sha,
    },
  }
}

/** The run's page. */
export function runPage(world: World, run: WorkflowRun): string {
  return `${repositoryPage(world, run.repository)}/actions/runs/${run.id}`
}
