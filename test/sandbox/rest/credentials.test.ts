// Who is let in: an app by its signature, an installation by its token, a job and a person by theirs.
import { createSign } from 'node:crypto'
import { createAppAuth } from '@octokit/auth-app'
import { Octokit } from '@octokit/core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { acceptPermissions, actionsApp, suspendInstallation, uninstallApp } from '../../../src/sandbox/world/install.ts'
import { dispatchWorkflow } from '../../../src/sandbox/world/runs.ts'
import { type Acme, refusal, startAcme } from './acme.ts'

let acme: Acme
let now = Date.parse('2026-11-23T10:00:00Z')
beforeAll(async () => {
  acme = await startAcme({ clock: () => new Date(now) })
})
afterAll(() => acme.sandbox.stop())

const seconds = () => Math.floor(now / 1000)

function sign(claims: Record<string, unknown>, header: Record<string, unknown> = { alg: 'RS256', typ: 'JWT' }): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signed = `${part(header)}.${part(claims)}`
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(acme.privateKey, 'base64url')}`
}

async function ask(authorization: string, path = '/app'): Promise<{ status: number; message: string }> {
  const answer = await fetch(`${acme.sandbox.apiUrl}${path}`, { headers: { authorization, 'user-agent': 'test' } })
  return { status: answer.status, message: ((await answer.json()) as { message?: string }).message ?? '' }
}

it('lets an app in by a token of its own key, for ten minutes at most', async () => {
  const iss = acme.andon.id
  const good = { iss, iat: seconds() - 30, exp: seconds() + 500 }
  expect((await ask(`Bearer ${sign(good)}`)).status).toBe(200)
  expect((await ask(`Bearer ${sign({ ...good, iss: acme.andon.clientId })}`)).status).toBe(200)
  expect((await ask(`Bearer ${sign({ ...good, exp: seconds() + 601 })}`)).message).toContain('too far in the future')
  expect((await ask(`Bearer ${sign({ ...good, exp: seconds() - 1 })}`)).message).toContain(
    "'Expiration time' claim ('exp') must be",
  )
  expect((await ask(`Bearer ${sign({ ...good, iat: seconds() + 60 })}`)).message).toContain(
    "'Issued at' claim ('iat') must be",
  )
  expect(await ask(`Bearer ${sign({ ...good, iss: 1 })}`)).toEqual({ status: 404, message: 'Integration not found' })
})

it('is not fooled by another key, another algorithm, or none', async () => {
  const claims = { iss: acme.andon.id, iat: seconds(), exp: seconds() + 300 }
  const good = sign(claims)
  const undecodable = { status: 401, message: 'A JSON web token could not be decoded' }
  expect(await ask(`Bearer ${good.slice(0, -8)}AAAAAAAA`)).toEqual(undecodable)
  expect(await ask(`Bearer ${sign(claims, { alg: 'none' })}`)).toEqual(undecodable)
  expect(await ask(`Bearer ${sign(claims, { alg: 'HS256' })}`)).toEqual(undecodable)
  expect(await ask('Bearer ghs_12_a.b.c')).toEqual({ status: 401, message: 'Bad credentials' })
  expect((await ask('Bearer nonsense')).status).toBe(401)
  expect((await ask('', '/repos/acme/bot')).status).toBe(401)
})

it('corrects a client whose clock is wrong, as GitHub does by its date header', async () => {
  // The sandbox's clock stands years away from this machine's; the client finds the difference and tries again.
  now = Date.parse('2031-01-01T00:00:00Z')
  const { request } = new Octokit({ baseUrl: acme.sandbox.apiUrl })
  const auth = createAppAuth({
    appId: acme.andon.id,
    privateKey: acme.privateKey,
    request: request,
    log: { warn() {} } as never,
  })
  const asked = request.defaults({ request: { hook: auth.hook } })
  expect((await asked('GET /app')).data?.slug).toBe('andon')
})

async function installationToken(): Promise<string> {
  return acme.sandbox.tokens.forInstallation(acme.installation).token
}

it('gives installation tokens of the new long form that are good for an hour', async () => {
  const token = await installationToken()
  expect(token).toMatch(/^ghs_\d+_[\w-]+\.[\w-]+\.[\w-]+$/)
  expect(token.length).toBeGreaterThan(480)
  expect(token.length).toBeLessThan(560)
  expect((await ask(`token ${token}`, '/repos/acme/bot')).status).toBe(200)
  now += 3_600_000
  expect(await ask(`token ${token}`, '/repos/acme/bot')).toEqual({ status: 401, message: 'Bad credentials' })
})

it('an app’s own token opens nothing of a repository, and an installation’s nothing of the app', async () => {
  const jwt = sign({ iss: acme.andon.id, iat: seconds(), exp: seconds() + 300 })
  expect((await ask(`Bearer ${jwt}`, '/repos/acme/bot')).status).toBe(403)
  expect((await ask(`token ${await installationToken()}`, '/app')).status).toBe(401)
})

it('a permission that the owner takes back is gone from the tokens that are out', async () => {
  const token = await installationToken()
  expect((await ask(`token ${token}`, '/repos/acme/bot/issues/1')).status).toBe(200)
  acceptPermissions(acme.world, acme.olga, acme.installation, { issues: undefined })
  expect((await ask(`token ${token}`, '/repos/acme/bot/issues/1')).status).toBe(403)
  acceptPermissions(acme.world, acme.olga, acme.installation, { issues: 'write' })
})

it('a run’s GITHUB_TOKEN reaches its own repository with the permissions it was given', async () => {
  const { world, olga, repository, sandbox } = acme
  const run = dispatchWorkflow(world, olga, repository, 'andon-evaluate.yml', { ref: 'main', inputs: { andon: '{}' } })
  expect(run.suite.app).toBe(actionsApp(world))
  const token = sandbox.tokens.forRun(run, { contents: 'read' })
  expect((await ask(`token ${token}`, '/repos/acme/bot/contents/README.md')).status).toBe(200)
  expect((await ask(`token ${token}`, '/repos/acme/bot/issues/1')).status).toBe(403)
  expect(sandbox.requests.list({ caller: `job:${run.id}` })).toHaveLength(2)
})

it('a suspended installation is refused, a removed one forgotten', async () => {
  const { world, olga, installation, app } = acme
  const token = await installationToken()
  const route = 'POST /app/installations/{installation_id}/access_tokens'
  suspendInstallation(world, olga, installation, true)
  expect((await ask(`token ${token}`, '/repos/acme/bot')).message).toBe('This installation has been suspended')
  expect((await refusal(app.request(route, { installation_id: installation.id }))).status).toBe(403)
  suspendInstallation(world, olga, installation, false)
  expect((await ask(`token ${token}`, '/repos/acme/bot')).status).toBe(200)
  uninstallApp(world, olga, installation)
  expect((await ask(`token ${token}`, '/repos/acme/bot')).status).toBe(401)
  expect((await refusal(app.request(route, { installation_id: installation.id }))).status).toBe(404)
})
