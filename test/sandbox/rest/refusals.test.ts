// What GitHub refuses, the sandbox refuses in the same words.

import { createAppAuth } from '@octokit/auth-app'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expireArtifact, uploadArtifact } from '../../../src/sandbox/world/artifacts.ts'
import { createPerson } from '../../../src/sandbox/world/organize.ts'
import { addCollaborator, createRepository, pushCommit } from '../../../src/sandbox/world/repositories.ts'
import { type Acme, refusal, startAcme } from './acme.ts'

let acme: Acme
beforeAll(async () => {
  acme = await startAcme()
})
afterAll(() => acme.sandbox.stop())

const dispatches = 'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches'
const inputs = { andon: '{}' }

describe('a dispatch', () => {
  const dispatch = (
    body: Record<string, unknown>,
    headers: Record<string, string> = {},
    workflow_id = 'andon-evaluate.yml',
  ) => acme.octokit.request(dispatches, { ...acme.at, workflow_id, ref: 'main', ...body, headers } as never)

  it('needs a branch or a tag: a commit is no ref', async () => {
    const sha = acme.pull.head.sha
    expect(await refusal(dispatch({ ref: sha, inputs }))).toMatchObject({
      status: 422,
      message: `No ref found for: ${sha}`,
    })
  })

  it('knows no workflow that is only on a branch', async () => {
    const { world, ada, repository } = acme
    pushCommit(world, ada, repository, 'faster', {
      files: { '.github/workflows/new.yml': 'on: workflow_dispatch\njobs: {}\n' },
    })
    expect(await refusal(dispatch({ ref: 'faster' }, {}, 'new.yml'))).toMatchObject({
      status: 404,
      message: 'Not Found',
    })
  })

  it('runs what stands at the ref, so a ref without the trigger is refused', async () => {
    const { world, ada, repository } = acme
    pushCommit(world, ada, repository, 'untriggered', {
      files: { '.github/workflows/andon-evaluate.yml': 'on: push\njobs: {}\n' },
    })
    expect(await refusal(dispatch({ ref: 'untriggered', inputs }))).toMatchObject({
      status: 422,
      message: "Workflow does not have 'workflow_dispatch' trigger",
    })
  })

  it('takes only declared inputs, all required ones, and no more than GitHub holds', async () => {
    expect(await refusal(dispatch({ inputs: { ...inputs, extra: 'x' } }))).toMatchObject({
      status: 422,
      message: 'Unexpected inputs provided: ["extra"]',
    })
    expect((await refusal(dispatch({ inputs: {} }))).message).toBe("Required input 'andon' not provided")
    expect((await refusal(dispatch({ inputs: { andon: 'x'.repeat(65_536) } }))).status).toBe(422)
    const many = Object.fromEntries(Array.from({ length: 26 }, (_, at) => [`i${at}`, 'x']))
    expect((await refusal(dispatch({ inputs: many }))).message).toContain('No more than 25 properties are allowed')
  })

  it('answers with the run only when asked, and under the newer API always', async () => {
    expect((await dispatch({ inputs })).status).toBe(204)
    const asked = await dispatch({ inputs, return_run_details: true })
    expect(asked).toMatchObject({ status: 200, data: { workflow_run_id: expect.any(Number) } })
    const newer = { 'x-github-api-version': '2026-03-10' }
    expect((await dispatch({ inputs }, newer)).status).toBe(200)
    expect((await refusal(dispatch({ inputs, return_run_details: true }, newer))).message).toContain(
      'is not a permitted key',
    )
    acme.sandbox.settings.rejectRunDetails = true
    expect((await refusal(dispatch({ inputs, return_run_details: true }))).status).toBe(422)
    acme.sandbox.settings.rejectRunDetails = false
  })

  it('can be blocked by the organization, and then the run fails', async () => {
    acme.world.quirks.blockDispatch = true
    const { data } = (await dispatch({ inputs, return_run_details: true })) as { data: { workflow_run_id: number } }
    acme.world.quirks.blockDispatch = false
    expect(acme.world.workflowRuns.get(data.workflow_run_id)).toMatchObject({
      status: 'completed',
      conclusion: 'failure',
    })
  })
})

describe('a request that is not as GitHub wants it', () => {
  it('is answered by the schema, in the words of GitHub', async () => {
    const { octokit, at, pull } = acme
    const check = (body: Record<string, unknown>) =>
      octokit.request('POST /repos/{owner}/{repo}/check-runs', {
        ...at,
        name: 'andon',
        head_sha: pull.head.sha,
        ...body,
      } as never)
    expect((await refusal(check({ name: undefined }))).message).toBe('Invalid request.\n\n"name" wasn\'t supplied.')
    expect((await refusal(check({ status: 'done' }))).message).toContain(
      'is not a member of ["queued","in_progress","completed"',
    )
    const summary = 'x'.repeat(65_536)
    const long = await refusal(check({ output: { title: 't', summary } }))
    expect(long).toMatchObject({
      status: 422,
      message: expect.stringContaining('Only 65535 characters are allowed; 65536 were supplied.'),
    })
    const annotation = { path: 'a', start_line: 1, end_line: 1, annotation_level: 'notice', message: 'm' }
    const annotations = Array.from({ length: 51 }, () => annotation)
    expect((await refusal(check({ output: { title: 't', summary: 's', annotations } }))).message).toContain(
      'No more than 50 items',
    )
    const action = { label: 'Far too long a label for it', description: 'd', identifier: 'i' }
    expect((await refusal(check({ actions: [action] }))).status).toBe(422)
    expect((await refusal(check({ conclusoin: 'success' }))).message).toContain('"conclusoin" is not a permitted key')
    expect((await refusal(check({ status: 'completed' }))).status).toBe(422)
    expect((await refusal(check({ head_sha: '0'.repeat(40) }))).message).toBe('Validation Failed')
  })

  it('has GitHub’s error shape, also where there is no such route', async () => {
    const answer = await fetch(`${acme.sandbox.apiUrl}/repos/acme/bot/nothing`, {
      headers: { authorization: `bearer ${acme.sandbox.tokens.forPerson(acme.ada)}`, 'user-agent': 'test' },
    })
    expect(answer.status).toBe(404)
    expect(await answer.json()).toEqual({
      message: 'Not Found',
      documentation_url: 'https://docs.github.com/rest',
      status: '404',
    })
  })

  it('is refused without a user agent, with a broken body, and for an unknown API version', async () => {
    const { sandbox, ada, octokit, at } = acme
    const authorization = `token ${sandbox.tokens.forPerson(ada)}`
    const url = `${sandbox.apiUrl}/repos/acme/bot/issues/1/comments`
    const broken = await fetch(url, { method: 'POST', headers: { authorization, 'user-agent': 'test' }, body: '{' })
    expect([broken.status, ((await broken.json()) as { message: string }).message]).toEqual([
      400,
      'Problems parsing JSON',
    ])
    const nameless = await fetch(url, { headers: { authorization, 'user-agent': '' } })
    expect(nameless.status).toBe(403)
    const old = { ...at, headers: { 'x-github-api-version': '2019-01-01' } }
    expect((await refusal(octokit.request('GET /repos/{owner}/{repo}', old))).status).toBe(400)
  })

  it('may not write a comment beyond GitHub’s size, nor an empty one', async () => {
    const { octokit, at, issue } = acme
    const write = (body: string) =>
      octokit.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
        ...at,
        issue_number: issue.number,
        body,
      })
    expect((await refusal(write('x'.repeat(65_537)))).status).toBe(422)
    expect((await refusal(write(' '))).status).toBe(422)
  })
})

describe('who may not', () => {
  it('hears 404 for what it cannot see and 403 for what it may not do', async () => {
    const { world, olga, organization, sandbox, installation, privateKey, andon } = acme
    createRepository(world, olga, organization, 'secret', { private: true, files: { a: 'a' } })
    const narrow = createAppAuth({
      appId: andon.id,
      privateKey,
      installationId: installation.id,
      request: acme.app.request,
    })
    const { token } = await narrow({
      type: 'installation',
      repositoryNames: ['bot'],
      permissions: { contents: 'read' },
    })
    const ask = async (path: string, init: RequestInit = {}) => {
      const headers = { authorization: `token ${token}`, 'user-agent': 'test' }
      const answer = await fetch(`${sandbox.apiUrl}${path}`, { ...init, headers })
      const { message } = (await answer.json()) as { message?: string }
      return { status: answer.status, message, accepted: answer.headers.get('x-accepted-github-permissions') }
    }
    expect((await ask('/repos/acme/bot/contents/README.md')).status).toBe(200)
    expect(await ask('/repos/acme/secret/contents/a')).toMatchObject({ status: 404, message: 'Not Found' })
    expect(await ask('/repos/acme/bot/issues/1')).toMatchObject({
      status: 403,
      message: 'Resource not accessible by integration',
      accepted: 'issues=read; pull_requests=read',
    })
    expect((await ask('/orgs/acme/projectsV2/1')).status).toBe(403)
    expect((await ask('/orgs/acme/teams/ai-safety')).status).toBe(403)
    const post = { method: 'POST', body: JSON.stringify({ name: 'x', head_sha: acme.pull.head.sha }) }
    expect((await ask('/repos/acme/bot/check-runs', post)).status).toBe(403)
    const issue = { method: 'POST', body: JSON.stringify({ title: 'x' }) }
    expect(await ask('/repos/acme/bot/issues', issue)).toMatchObject({ status: 403, accepted: 'issues=write' })
  })

  it('cannot ask for more than the installation was given', async () => {
    const asked = { installation_id: acme.installation.id }
    const route = 'POST /app/installations/{installation_id}/access_tokens'
    const more = await refusal(acme.app.request(route, { ...asked, permissions: { administration: 'write' } }))
    expect(more).toMatchObject({
      status: 422,
      message: 'The permissions requested are not granted to this installation.',
    })
    expect((await refusal(acme.app.request(route, { ...asked, repository_ids: [1] }))).status).toBe(422)
  })

  it('cannot write a check as a person', async () => {
    const asked = { ...acme.at, name: 'andon', head_sha: acme.pull.head.sha }
    const answer = await refusal(acme.person('ada').request('POST /repos/{owner}/{repo}/check-runs', asked))
    expect(answer).toMatchObject({ status: 403, message: 'You must authenticate via a GitHub App.' })
  })

  it('with read access cannot dispatch, and outside the organization sees nothing', async () => {
    const { world, repository } = acme
    const asked = { ...acme.at, workflow_id: 'andon-evaluate.yml', ref: 'main', inputs }
    addCollaborator(repository, createPerson(world, 'mallory'), 'read')
    createPerson(world, 'stranger')
    expect((await refusal(acme.person('mallory').request(dispatches, asked))).status).toBe(403)
    expect((await refusal(acme.person('stranger').request(dispatches, asked))).status).toBe(404)
    const team = { org: 'acme', team_slug: 'ai-safety' }
    expect((await refusal(acme.person('stranger').request('GET /orgs/{org}/teams/{team_slug}', team))).status).toBe(404)
  })
})

describe('an artifact', () => {
  it('is fetched by a link that lives for a minute, at an origin that wants no token', async () => {
    const { octokit, at, world, sandbox, ada } = acme
    const made = await octokit.request(dispatches, {
      ...at,
      workflow_id: 'andon-evaluate.yml',
      ref: 'main',
      inputs,
      return_run_details: true,
    } as never)
    const run = world.workflowRuns.get((made as { data: { workflow_run_id: number } }).data.workflow_run_id)
    if (!run) throw new Error('no run')
    const artifact = uploadArtifact(world, run, 'andon-evidence', Buffer.from('{}'), { zipped: false })
    const path = `${sandbox.apiUrl}/repos/acme/bot/actions/artifacts/${artifact.id}/zip`
    const headers = { authorization: `token ${sandbox.tokens.forPerson(ada)}`, 'user-agent': 'test' }
    const redirect = await fetch(path, { headers, redirect: 'manual' })
    const link = redirect.headers.get('location') ?? ''
    expect(redirect.status).toBe(302)
    expect(link.startsWith(sandbox.storageUrl)).toBe(true)
    expect((await fetch(link, { headers })).status).toBe(401)
    expect(await (await fetch(link)).text()).toBe('{}')
    expireArtifact(world, artifact)
    expect((await fetch(path, { headers, redirect: 'manual' })).status).toBe(410)
  })
})

it('a deployment without `auto_merge: false` may merge in place of deploying, and waits for all contexts', async () => {
  const { octokit, at, world, ada, olga, repository } = acme
  pushCommit(world, ada, repository, 'behind', { files: { x: '1' } })
  pushCommit(world, olga, repository, 'main', { files: { y: '1' } })
  const route = 'POST /repos/{owner}/{repo}/deployments'
  expect((await octokit.request(route, { ...at, ref: 'behind' })).status).toBe(202)
  const head_sha = repository.refs.get('refs/heads/behind') ?? ''
  await octokit.request('POST /repos/{owner}/{repo}/check-runs', {
    ...at,
    name: 'andon',
    head_sha,
    status: 'in_progress',
  })
  expect((await refusal(octokit.request(route, { ...at, ref: 'behind', auto_merge: false }))).status).toBe(409)
  const none = { ...at, ref: 'behind', auto_merge: false, required_contexts: [] }
  expect((await octokit.request(route, none)).status).toBe(201)
})
