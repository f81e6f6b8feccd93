// The cut of GitHub's schemas, held against the answers that GitHub itself gives as examples.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { type Operation, operations } from '../../../src/sandbox/schemas/operations.ts'
import { checkParameters, checkResponse, findRoute } from '../../../src/sandbox/schemas/rest.ts'
import { checkWebhook } from '../../../src/sandbox/schemas/webhook.ts'

const file = new URL('../../fixtures/github/rest-examples.json', import.meta.url)
const { examples } = JSON.parse(readFileSync(file, 'utf8')) as { examples: Record<string, unknown> }

/** Examples that GitHub did not keep in step with its own schemas, by what they lack. */
const outdated = [
  'POST /app/hook/deliveries/{delivery_id}/attempts 202',
  'GET /meta 200',
  'GET /repos/{owner}/{repo} 200',
  'POST /repos/{owner}/{repo}/actions/runs/{run_id}/rerun 201',
  'POST /repos/{owner}/{repo}/actions/runs/{run_id}/cancel 202',
  'POST /repos/{owner}/{repo}/check-runs/{check_run_id}/rerequest 201',
  'GET /repos/{owner}/{repo}/issues/{issue_number} 200',
  'GET /repos/{owner}/{repo}/pulls 200',
  'GET /repos/{owner}/{repo}/pulls/{pull_number} 200',
  'GET /repos/{owner}/{repo}/collaborators/{username}/permission 200',
  'GET /orgs/{org}/teams/{team_slug} 200',
  'GET /orgs/{org}/projectsV2 200',
  'GET /orgs/{org}/projectsV2/{project_number}/fields 200',
  'GET /orgs/{org}/projectsV2/{project_number}/items 200',
]

it('takes GitHub’s own answers, but for examples that are known to be out of date', () => {
  const refused = Object.keys(examples).filter((key) => {
    const [, operation, status] = /^(.*) (\d+)$/.exec(key) ?? []
    return checkResponse(operation as Operation, Number(status), examples[key]).length > 0
  })
  expect(refused.sort()).toEqual([...outdated].sort())
  expect(Object.keys(examples).length).toBeGreaterThan(operations.length - 8)
})

it('refuses what GitHub would not say', () => {
  expect(checkResponse('GET /app', 200, {})).not.toEqual([])
  expect(checkResponse('GET /app', 201, {})).toEqual(['GET /app never answers 201'])
  expect(checkWebhook('projects_v2_item', { action: 'edited' })).not.toEqual([])
  expect(checkWebhook('projects_v2_item', { action: 'teleported' })).not.toEqual([])
})

it('finds the route of a path, decoded, and none for what is not there', () => {
  expect(findRoute('GET', '/repos/acme/bot/contents/a%20folder/b.txt')?.path).toEqual({
    owner: 'acme',
    repo: 'bot',
    path: 'a folder/b.txt',
  })
  expect(findRoute('GET', '/repos/acme/bot/contents')?.path.path).toBe('')
  expect(findRoute('DELETE', '/repos/acme/bot')).toBeNull()
  expect(findRoute('GET', '/repos/acme/%zz')).toBeNull()
})

it('gives parameters their types, and their place to what is wrong', () => {
  const pulls = findRoute('GET', '/repos/acme/bot/pulls')
  const pull = findRoute('GET', '/repos/acme/bot/pulls/seven')
  if (!pulls || !pull) throw new Error('no route')
  expect(checkParameters(pulls, new URLSearchParams('per_page=5&unknown=1'))).toMatchObject({
    query: { per_page: 5, page: 1 },
  })
  expect(checkParameters(pulls, new URLSearchParams('state=ajar'))).toMatchObject({ place: 'query' })
  expect(checkParameters(pull, new URLSearchParams())).toMatchObject({ place: 'path' })
})
