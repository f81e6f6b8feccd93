// The artifact service against those who should not get in, and uploads that are not what they say.
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ArtifactService } from '../../../src/sandbox/runner/artifact-service.ts'
import { ArtifactShelf } from '../../../src/sandbox/runner/artifact-shelf.ts'
import type { KeptArtifact } from '../../../src/sandbox/runner/host.ts'

let service: ArtifactService
let kept: KeptArtifact[]
let job: Caller
let other: Caller

type Caller = { token: string; run: string; job: string; close(): void }

beforeAll(async () => {
  service = await ArtifactService.start((id) => `http://127.0.0.1:1/${id}`)
})
afterAll(() => service.stop())
beforeEach(() => {
  kept = []
  job = admit()
  other = admit()
})

function admit(): Caller {
  const shelf = new ArtifactShelf({
    keep: (artifact) => kept.push(artifact),
    remove: (id) => void kept.splice(id - 1, 1),
  })
  const { token, close } = service.admit(shelf)
  const { scp } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
  const [scope, run, jobId] = scp.split(':')
  expect(scope).toBe('Actions.Results')
  return { token, run, job: jobId, close }
}

async function call(method: string, body: Record<string, unknown>, by: Caller = job, as: Caller = by) {
  const response = await fetch(`${service.url}twirp/github.actions.results.api.v1.ArtifactService/${method}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${by.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ workflow_run_backend_id: as.run, workflow_job_run_backend_id: as.job, ...body }),
  })
  return { status: response.status, body: (await response.json()) as Record<string, string> }
}

async function open(name: string): Promise<string> {
  return (
    (await call('CreateArtifact', { name, version: 7, mime_type: 'application/json' })).body.signed_upload_url ?? ''
  )
}

const put = (link: string, body: string, headers: Record<string, string> = {}) =>
  fetch(link, { method: 'PUT', body, headers })
const sha256 = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`

describe('an upload', () => {
  it('may come whole or in blocks, whose list says their order', async () => {
    const whole = await open('whole.json')
    expect((await put(whole, '{"a":1}', { 'x-ms-blob-type': 'BlockBlob' })).status).toBe(201)
    expect((await call('FinalizeArtifact', { name: 'whole.json', size: '7', hash: sha256('{"a":1}') })).status).toBe(
      200,
    )
    const blocks = await open('blocks.json')
    await put(`${blocks}&comp=block&blockid=Yg==`, 'second')
    await put(`${blocks}&comp=block&blockid=YQ==`, 'first ')
    const list = '<?xml version="1.0"?><BlockList><Latest>YQ==</Latest><Latest>Yg==</Latest></BlockList>'
    expect((await put(`${blocks}&comp=blocklist`, list, { 'x-ms-blob-content-type': 'application/json' })).status).toBe(
      201,
    )
    expect((await call('FinalizeArtifact', { name: 'blocks.json', size: '12' })).status).toBe(200)
    expect(kept.map((one) => [Buffer.from(one.bytes).toString(), one.zipped, one.digest])).toEqual([
      ['{"a":1}', false, sha256('{"a":1}')],
      ['first second', false, sha256('first second')],
    ])
    expect((await call('GetSignedArtifactURL', { name: 'blocks.json' })).body.signed_url).toBe('http://127.0.0.1:1/2')
    expect((await call('DeleteArtifact', { name: 'blocks.json' })).body.artifact_id).toBe('2')
    expect(kept).toHaveLength(1)
  })

  it('is not kept where size or digest lie, or a block is missing', async () => {
    await put(await open('short'), 'abc')
    expect((await call('FinalizeArtifact', { name: 'short', size: '4' })).status).toBe(400)
    await put(await open('forged'), 'abc')
    expect((await call('FinalizeArtifact', { name: 'forged', size: '3', hash: sha256('abd') })).status).toBe(400)
    const gap = await open('gap')
    expect((await put(`${gap}&comp=blocklist`, '<BlockList><Latest>YQ==</Latest></BlockList>')).status).toBe(400)
    expect((await call('FinalizeArtifact', { name: 'gap', size: '0' })).status).toBe(404)
    expect(kept).toEqual([])
  })

  it('needs its signed link, alone', async () => {
    const link = await open('a')
    expect((await put(link.replace(/sig=.*/, 'sig=guessed'), 'x')).status).toBe(403)
    expect((await put(link, 'x', { authorization: `Bearer ${job.token}` })).status).toBe(403)
    expect((await fetch(link)).status).toBe(405)
  })
})

describe('the service', () => {
  it('knows a job by its token alone, and only while it runs', async () => {
    const [head, , signature] = job.token.split('.')
    const claims = Buffer.from(JSON.stringify({ scp: `Actions.Results:${other.run}:${other.job}`, exp: 9e9 })).toString(
      'base64url',
    )
    const forged = { ...other, token: `${head}.${claims}.${signature}` }
    expect((await call('CreateArtifact', { name: 'x' }, forged)).status).toBe(401)
    expect((await call('CreateArtifact', { name: 'x' }, { ...job, token: '' })).status).toBe(401)
    expect((await call('CreateArtifact', { name: 'x' }, job, other)).status).toBe(403)
    job.close()
    expect((await call('CreateArtifact', { name: 'x' })).status).toBe(401)
  })

  it('takes a name once, and none that GitHub forbids', async () => {
    await open('evidence')
    expect((await call('CreateArtifact', { name: 'evidence' })).body.msg).toContain('already exists')
    for (const name of ['', 'a/b', 'a:b', '..\\x', 'new\nline']) {
      expect((await call('CreateArtifact', { name })).status).toBe(409)
    }
  })

  it('answers what it does not know with a refusal', async () => {
    expect((await call('FinalizeArtifact', { name: 'never-created', size: '0' })).status).toBe(404)
    expect((await call('Nonsense', {})).status).toBe(404)
    const broken = await fetch(`${service.url}twirp/github.actions.results.api.v1.ArtifactService/ListArtifacts`, {
      method: 'POST',
      headers: { authorization: `Bearer ${job.token}` },
      body: '{',
    })
    expect(broken.status).toBe(400)
  })
})
