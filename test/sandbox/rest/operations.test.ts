// Every operation, called by GitHub's own client; the sandbox refuses to give an answer that GitHub's schema does not know.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { operations } from '../../../src/sandbox/schemas/operations.ts'
import { uploadArtifact } from '../../../src/sandbox/world/artifacts.ts'
import { review } from '../../../src/sandbox/world/reviews.ts'
import { finishRun } from '../../../src/sandbox/world/runs.ts'
import { type Acme, startAcme } from './acme.ts'

let acme: Acme
const called = new Set<string>()

beforeAll(async () => {
  acme = await startAcme()
  for (const client of [acme.app, acme.octokit]) {
    client.hook.before('request', (request) => {
      called.add(`${request.method} ${request.url}`)
    })
  }
})
afterAll(() => acme.sandbox.stop())

describe('what the app itself may ask', () => {
  it('shows the app, its installations and its hook', async () => {
    const { app, installation, andon } = acme
    expect((await app.request('GET /app')).data).toMatchObject({ id: andon.id, slug: 'andon', installations_count: 1 })
    expect((await app.request('GET /app/installations')).data).toHaveLength(1)
    const asked = { installation_id: installation.id }
    expect((await app.request('GET /app/installations/{installation_id}', asked)).data.id).toBe(installation.id)
    expect((await app.request('GET /orgs/{org}/installation', { org: 'acme' })).data.id).toBe(installation.id)
    expect((await app.request('GET /repos/{owner}/{repo}/installation', acme.at)).data.id).toBe(installation.id)
    expect((await app.request('GET /app/hook/config')).data).toMatchObject({ content_type: 'json' })
    expect((await app.request('GET /app/hook/deliveries')).data).toEqual([])
    const made = await app.request('POST /app/installations/{installation_id}/access_tokens', asked)
    expect(made.status).toBe(201)
  })
})

describe('what an installation may read', () => {
  it('lists its repositories, limits and addresses', async () => {
    const { octokit } = acme
    const { data } = await octokit.request('GET /installation/repositories')
    expect(data.repositories.map((one) => one.full_name)).toEqual(['acme/bot'])
    expect((await octokit.request('GET /rate_limit')).data.resources.core.limit).toBe(5000)
    expect((await octokit.request('GET /meta')).data.verifiable_password_authentication).toBe(false)
    expect((await octokit.request('GET /users/{username}', { username: 'ada' })).data.login).toBe('ada')
    expect((await octokit.request('GET /repos/{owner}/{repo}', acme.at)).data.default_branch).toBe('main')
  })

  it('reads files, refs, trees and blobs', async () => {
    const { octokit, at } = acme
    const path = 'prompts/answer.md'
    const file = await octokit.request('GET /repos/{owner}/{repo}/contents/{path}', { ...at, path })
    if (Array.isArray(file.data) || file.data.type !== 'file' || !('content' in file.data))
      throw new Error('not a file')
    expect(Buffer.from(file.data.content, 'base64').toString()).toBe('Be kind.\n')
    const raw = await octokit.request('GET /repos/{owner}/{repo}/contents/{path}', {
      ...at,
      path,
      ref: 'faster',
      mediaType: { format: 'raw' },
    })
    expect(String(raw.data)).toBe('Be kind and quick.\n')
    const folder = await octokit.request('GET /repos/{owner}/{repo}/contents/{path}', { ...at, path: '' })
    expect((folder.data as { name: string }[]).map((one) => one.name)).toEqual(['.github', 'README.md', 'prompts'])
    const ref = await octokit.request('GET /repos/{owner}/{repo}/git/ref/{ref}', { ...at, ref: 'heads/main' })
    const tree_sha = ref.data.object.sha
    const tree = await octokit.request('GET /repos/{owner}/{repo}/git/trees/{tree_sha}', {
      ...at,
      tree_sha,
      recursive: '1',
    })
    expect(tree.data.tree.map((one) => one.path)).toContain(path)
    const blob = await octokit.request('GET /repos/{owner}/{repo}/git/blobs/{file_sha}', {
      ...at,
      file_sha: file.data.sha,
    })
    expect(Buffer.from(blob.data.content, 'base64').toString()).toBe('Be kind.\n')
  })

  it('knows teams, members and roles', async () => {
    const { octokit, at } = acme
    const team = { org: 'acme', team_slug: 'ai-safety' }
    expect((await octokit.request('GET /orgs/{org}/teams/{team_slug}', team)).data.members_count).toBe(1)
    const members = await octokit.request('GET /orgs/{org}/teams/{team_slug}/members', team)
    expect(members.data.map((one) => one.login)).toEqual(['ada'])
    const route = 'GET /orgs/{org}/teams/{team_slug}/memberships/{username}'
    expect((await octokit.request(route, { ...team, username: 'ada' })).data).toMatchObject({
      state: 'active',
      role: 'member',
    })
    const asked = { ...at, username: 'ada' }
    const role = await octokit.request('GET /repos/{owner}/{repo}/collaborators/{username}/permission', asked)
    expect(role.data).toMatchObject({ permission: 'write', role_name: 'write' })
  })

  it('reads pull requests with reviews, commits and files', async () => {
    const { octokit, at, pull, world, olga } = acme
    review(world, olga, pull, 'APPROVED')
    const asked = { ...at, pull_number: pull.number }
    expect((await octokit.request('GET /repos/{owner}/{repo}/pulls', at)).data).toHaveLength(1)
    expect((await octokit.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', asked)).data.head.ref).toBe('faster')
    const reviews = await octokit.request('GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews', asked)
    expect(reviews.data[0]).toMatchObject({ state: 'APPROVED', commit_id: pull.head.sha })
    const commits = await octokit.request('GET /repos/{owner}/{repo}/pulls/{pull_number}/commits', asked)
    expect(commits.data.map((one) => one.author?.login)).toEqual(['ada'])
    const files = await octokit.request('GET /repos/{owner}/{repo}/pulls/{pull_number}/files', asked)
    expect(files.data).toMatchObject([
      { filename: 'prompts/answer.md', status: 'modified', additions: 1, deletions: 1 },
    ])
  })
})

describe('what an installation may write', () => {
  it('makes, changes, lists and asks again for a check run', async () => {
    const { octokit, at, pull } = acme
    const made = await octokit.request('POST /repos/{owner}/{repo}/check-runs', {
      ...at,
      name: 'andon',
      head_sha: pull.head.sha,
      status: 'in_progress',
      external_id: 'move-1',
    })
    const asked = { ...at, check_run_id: made.data.id }
    const output = { title: 'Passed', summary: 'All gates passed.' }
    const changed = await octokit.request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', {
      ...asked,
      conclusion: 'success',
      output,
    })
    expect(changed.data).toMatchObject({ status: 'completed', conclusion: 'success', external_id: 'move-1' })
    expect(
      (await octokit.request('GET /repos/{owner}/{repo}/check-runs/{check_run_id}', asked)).data.output.title,
    ).toBe('Passed')
    const ref = { ...at, ref: 'faster' }
    expect((await octokit.request('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', ref)).data.total_count).toBe(1)
    const again = await octokit.request('POST /repos/{owner}/{repo}/check-runs/{check_run_id}/rerequest', asked)
    expect(again.status).toBe(201)
  })

  it('opens an issue, with labels that are made where there are none', async () => {
    const { octokit, at } = acme
    const wish = { ...at, title: 'Review', body: 'Why?', labels: ['andon: review'] }
    const { status, data } = await octokit.request('POST /repos/{owner}/{repo}/issues', wish)
    expect(status).toBe(201)
    expect(data).toMatchObject({ title: 'Review', user: { login: 'andon[bot]' }, labels: [{ name: 'andon: review' }] })
  })

  it('edits an issue, comments on it, labels it and reacts', async () => {
    const { octokit, at, issue } = acme
    const asked = { ...at, issue_number: issue.number }
    const issueRoute = '/repos/{owner}/{repo}/issues/{issue_number}'
    await octokit.request(`PATCH ${issueRoute}`, { ...asked, title: 'Answer much faster', labels: ['risk: high'] })
    const read = await octokit.request(`GET ${issueRoute}`, asked)
    expect(read.data).toMatchObject({ title: 'Answer much faster', labels: [{ name: 'risk: high' }] })
    const made = await octokit.request(`POST ${issueRoute}/comments`, { ...asked, body: 'Held.' })
    const comment = { ...at, comment_id: made.data.id }
    const commentRoute = '/repos/{owner}/{repo}/issues/comments/{comment_id}'
    await octokit.request(`PATCH ${commentRoute}`, { ...comment, body: 'Held, because …' })
    expect((await octokit.request(`GET ${commentRoute}`, comment)).data).toMatchObject({
      body: 'Held, because …',
      user: { login: 'andon[bot]', type: 'Bot' },
    })
    const first = await octokit.request(`POST ${commentRoute}/reactions`, { ...comment, content: 'eyes' })
    const second = await octokit.request(`POST ${commentRoute}/reactions`, { ...comment, content: 'eyes' })
    expect([first.status, second.status]).toEqual([201, 200])
    expect((await octokit.request(`GET ${commentRoute}/reactions`, comment)).data).toHaveLength(1)
    expect((await octokit.request(`GET ${issueRoute}/comments`, asked)).data).toHaveLength(1)
    await octokit.request(`DELETE ${commentRoute}`, comment)
    expect((await octokit.request(`GET ${issueRoute}/comments`, asked)).data).toHaveLength(0)
    await octokit.request(`POST ${issueRoute}/labels`, { ...asked, labels: ['promote: staging'] })
    const left = await octokit.request(`DELETE ${issueRoute}/labels/{name}`, { ...asked, name: 'promote: staging' })
    expect(left.data.map((one) => one.name)).toEqual(['risk: high'])
    expect((await octokit.request(`GET ${issueRoute}/labels`, asked)).data).toHaveLength(1)
  })

  it('dispatches a workflow, reads its run and artifact, runs it again and cancels it', async () => {
    const { octokit, at, world, sandbox } = acme
    const workflows = await octokit.request('GET /repos/{owner}/{repo}/actions/workflows', at)
    expect(workflows.data.workflows.map((one) => one.path)).toEqual(['.github/workflows/andon-evaluate.yml'])
    const workflow = { ...at, workflow_id: 'andon-evaluate.yml' }
    const workflowRoute = '/repos/{owner}/{repo}/actions/workflows/{workflow_id}'
    expect((await octokit.request(`GET ${workflowRoute}`, workflow)).data.name).toBe('Evaluate')
    const inputs = { andon: '{"request":"r1"}' }
    const made = await octokit.request(`POST ${workflowRoute}/dispatches`, {
      ...workflow,
      ref: 'main',
      inputs,
      return_run_details: true,
    })
    const run_id = Number(made.data.workflow_run_id)
    const run = world.workflowRuns.get(run_id)
    if (!run) throw new Error('the dispatch named no run')
    const asked = { ...at, run_id }
    const runRoute = '/repos/{owner}/{repo}/actions/runs/{run_id}'
    expect((await octokit.request(`GET ${runRoute}`, asked)).data).toMatchObject({
      event: 'workflow_dispatch',
      run_attempt: 1,
    })
    expect(
      (await octokit.request(`GET ${workflowRoute}/runs`, { ...workflow, created: '>=2020-01-01' })).data.total_count,
    ).toBe(1)
    expect(
      (await octokit.request('GET /repos/{owner}/{repo}/actions/runs', { ...at, event: 'push' })).data.total_count,
    ).toBe(0)
    expect((await octokit.request(`POST ${runRoute}/cancel`, asked)).status).toBe(202)
    const artifact = uploadArtifact(world, run, 'andon-evidence', Buffer.from('zip bytes'))
    finishRun(world, run, 'success')
    const listed = await octokit.request(`GET ${runRoute}/artifacts`, { ...asked, name: 'andon-evidence' })
    expect(listed.data.artifacts[0]).toMatchObject({ id: artifact.id, expired: false, workflow_run: { id: run_id } })
    expect((await octokit.request('GET /repos/{owner}/{repo}/actions/artifacts', at)).data.total_count).toBe(1)
    const one = { ...at, artifact_id: artifact.id }
    const artifactRoute = '/repos/{owner}/{repo}/actions/artifacts/{artifact_id}'
    expect((await octokit.request(`GET ${artifactRoute}`, one)).data.digest).toMatch(/^sha256:/)
    const bytes = await octokit.request(`GET ${artifactRoute}/{archive_format}`, { ...one, archive_format: 'zip' })
    expect(Buffer.from(bytes.data as ArrayBuffer).toString()).toBe('zip bytes')
    expect(sandbox.requests.list({ kind: 'storage' })).toHaveLength(1)
    expect((await octokit.request(`POST ${runRoute}/rerun`, asked)).status).toBe(201)
    expect((await octokit.request(`GET ${runRoute}`, asked)).data).toMatchObject({ run_attempt: 2, status: 'queued' })
  })

  it('reads a board and moves a card by integer ids', async () => {
    const { octokit, project, item } = acme
    const board = { org: 'acme', project_number: project.number }
    const route = '/orgs/{org}/projectsV2/{project_number}'
    expect((await octokit.request('GET /orgs/{org}/projectsV2', { org: 'acme' })).data).toHaveLength(1)
    expect((await octokit.request(`GET ${route}`, board)).data.title).toBe('Changes')
    const fields = await octokit.request(`GET ${route}/fields`, board)
    const status = fields.data.find((field) => field.name === 'Status')
    if (!status) throw new Error('the board has no Status')
    expect(
      (await octokit.request(`GET ${route}/fields/{field_id}`, { ...board, field_id: status.id })).data.data_type,
    ).toBe('single_select')
    const staging = status.options?.find((option) => option.name.raw === 'Staging')
    const asked = { ...board, item_id: item.id }
    const value = staging?.id ?? ''
    await octokit.request(`PATCH ${route}/items/{item_id}`, { ...asked, fields: [{ id: status.id, value }] })
    const read = await octokit.request(`GET ${route}/items/{item_id}`, { ...asked, fields: String(status.id) })
    expect(read.data.fields).toContainEqual(
      expect.objectContaining({ name: 'Status', value: expect.objectContaining({ id: value }) }),
    )
    expect((await octokit.request(`GET ${route}/items`, { ...board, q: 'status:Staging' })).data).toHaveLength(1)
    expect((await octokit.request(`GET ${route}/items`, { ...board, q: '-status:Staging' })).data).toHaveLength(0)
  })

  it('deploys, once the defaults that bite are set aside', async () => {
    const { octokit, at } = acme
    const route = '/repos/{owner}/{repo}/deployments'
    const made = await octokit.request(`POST ${route}`, {
      ...at,
      ref: 'main',
      environment: 'staging',
      auto_merge: false,
    })
    if (made.status !== 201) throw new Error('it was not deployed')
    const asked = { ...at, deployment_id: Number(made.data.id) }
    await octokit.request(`POST ${route}/{deployment_id}/statuses`, { ...asked, state: 'success' })
    expect((await octokit.request(`GET ${route}/{deployment_id}/statuses`, asked)).data).toHaveLength(1)
    expect((await octokit.request(`GET ${route}`, at)).data).toHaveLength(1)
  })
})

it('has been asked for every operation that it claims, but the delivery log, which has its own test', () => {
  const elsewhere = ['GET /app/hook/deliveries/{delivery_id}', 'POST /app/hook/deliveries/{delivery_id}/attempts']
  expect(operations.filter((operation) => !called.has(operation))).toEqual(elsewhere)
})
