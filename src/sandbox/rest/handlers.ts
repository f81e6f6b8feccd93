// Which function answers which operation of GitHub's REST API.
import type { Operation } from '../schemas/rest.ts'
import type { Handler } from '../server/exchange.ts'
import * as app from './app.ts'
import * as artifacts from './artifacts.ts'
import * as checks from './checks.ts'
import * as content from './content.ts'
import * as deployments from './deployments.ts'
import * as dispatch from './dispatch.ts'
import * as meta from './meta.ts'
import * as organization from './organization.ts'
import * as projects from './projects.ts'
import * as pulls from './pulls.ts'
import * as runs from './runs.ts'
import * as threads from './threads.ts'

export const handlers: Record<Operation, Handler> = {
  'GET /app': app.getApp,
  'GET /app/installations': app.listInstallations,
  'GET /app/installations/{installation_id}': app.getInstallation,
  'POST /app/installations/{installation_id}/access_tokens': app.createAccessToken,
  'GET /app/hook/config': app.getHookConfig,
  'GET /app/hook/deliveries': app.listDeliveries,
  'GET /app/hook/deliveries/{delivery_id}': app.getDelivery,
  'POST /app/hook/deliveries/{delivery_id}/attempts': app.redeliver,
  'GET /orgs/{org}/installation': app.getOrganizationInstallation,
  'GET /repos/{owner}/{repo}/installation': app.getRepositoryInstallation,
  'GET /installation/repositories': app.listInstallationRepositories,
  'GET /rate_limit': meta.getRateLimit,
  'GET /meta': meta.getMeta,
  'GET /users/{username}': organization.getUser,
  'GET /repos/{owner}/{repo}': content.getRepository,
  'GET /repos/{owner}/{repo}/actions/workflows': runs.listWorkflows,
  'GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}': runs.getWorkflow,
  'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches': dispatch.createDispatch,
  'GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs': runs.listWorkflowRuns,
  'GET /repos/{owner}/{repo}/actions/runs': runs.listRuns,
  'GET /repos/{owner}/{repo}/actions/runs/{run_id}': runs.getRun,
  'POST /repos/{owner}/{repo}/actions/runs/{run_id}/rerun': dispatch.rerun,
  'POST /repos/{owner}/{repo}/actions/runs/{run_id}/cancel': dispatch.cancel,
  'GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts': artifacts.listRunArtifacts,
  'GET /repos/{owner}/{repo}/actions/artifacts': artifacts.listRepositoryArtifacts,
  'GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}': artifacts.getArtifact,
  'GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}': artifacts.downloadArtifact,
  'POST /repos/{owner}/{repo}/check-runs': checks.createCheck,
  'GET /repos/{owner}/{repo}/check-runs/{check_run_id}': checks.getCheck,
  'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}': checks.updateCheck,
  'POST /repos/{owner}/{repo}/check-runs/{check_run_id}/rerequest': checks.rerequestCheck,
  'GET /repos/{owner}/{repo}/commits/{ref}/check-runs': checks.listChecksForRef,
  'POST /repos/{owner}/{repo}/issues': threads.createIssue,
  'GET /repos/{owner}/{repo}/issues/{issue_number}': threads.getIssue,
  'PATCH /repos/{owner}/{repo}/issues/{issue_number}': threads.updateIssue,
  'GET /repos/{owner}/{repo}/issues/{issue_number}/comments': threads.listComments,
  'POST /repos/{owner}/{repo}/issues/{issue_number}/comments': threads.createComment,
  'GET /repos/{owner}/{repo}/issues/comments/{comment_id}': threads.getComment,
  'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}': threads.updateComment,
  'DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}': threads.removeComment,
  'GET /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions': threads.listReactions,
  'POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions': threads.createReaction,
  'GET /repos/{owner}/{repo}/issues/{issue_number}/labels': threads.listLabels,
  'POST /repos/{owner}/{repo}/issues/{issue_number}/labels': threads.addLabels,
  'DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}': threads.deleteLabel,
  'GET /repos/{owner}/{repo}/pulls': pulls.listPulls,
  'GET /repos/{owner}/{repo}/pulls/{pull_number}': pulls.getPull,
  'GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews': pulls.listReviews,
  'GET /repos/{owner}/{repo}/pulls/{pull_number}/commits': pulls.listPullCommits,
  'GET /repos/{owner}/{repo}/pulls/{pull_number}/files': pulls.listPullFiles,
  'GET /repos/{owner}/{repo}/contents/{path}': content.getContent,
  'GET /repos/{owner}/{repo}/git/ref/{ref}': content.getRef,
  'GET /repos/{owner}/{repo}/git/trees/{tree_sha}': content.getTree,
  'GET /repos/{owner}/{repo}/git/blobs/{file_sha}': content.getBlob,
  'GET /repos/{owner}/{repo}/collaborators/{username}/permission': organization.getCollaboratorPermission,
  'GET /repos/{owner}/{repo}/deployments': deployments.listDeployments,
  'POST /repos/{owner}/{repo}/deployments': deployments.createDeployment,
  'GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses': deployments.listDeploymentStatuses,
  'POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses': deployments.createDeploymentStatus,
  'GET /orgs/{org}/teams/{team_slug}': organization.getTeam,
  'GET /orgs/{org}/teams/{team_slug}/members': organization.listTeamMembers,
  'GET /orgs/{org}/teams/{team_slug}/memberships/{username}': organization.getTeamMembership,
  'GET /orgs/{org}/projectsV2': projects.listProjects,
  'GET /orgs/{org}/projectsV2/{project_number}': projects.getProject,
  'GET /orgs/{org}/projectsV2/{project_number}/fields': projects.listFields,
  'GET /orgs/{org}/projectsV2/{project_number}/fields/{field_id}': projects.getField,
  'GET /orgs/{org}/projectsV2/{project_number}/items': projects.listItems,
  'GET /orgs/{org}/projectsV2/{project_number}/items/{item_id}': projects.getItem,
  'PATCH /orgs/{org}/projectsV2/{project_number}/items/{item_id}': projects.updateItem,
}
