// A small artifact service on this machine: the four calls that the official client makes to upload an artifact.
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { unzipSync } from 'fflate'

export type ArtifactService = {
  /** What a runner gives a step so that it finds the service. */
  env: Record<string, string>
  /** Files of finished artifacts, by the artifact's name. */
  artifacts: Map<string, Record<string, string>>
  close(): Promise<void>
}

export async function startArtifactService({ refuses = false } = {}): Promise<ArtifactService> {
  const artifacts = new Map<string, Record<string, string>>()
  const blocks = new Map<string, Buffer>()
  let blob: Buffer = Buffer.alloc(0)
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    const body = await readBody(request)
    const json = (value: object, status = 200) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    }
    if (url.pathname.endsWith('/CreateArtifact')) {
      if (refuses)
        return json({ code: 'already_exists', msg: 'an artifact with this name already exists ::add-mask::x' }, 409)
      return json({ ok: true, signedUploadUrl: `http://127.0.0.1:${port()}/blob/1?sig=abc` })
    }
    if (url.pathname.endsWith('/FinalizeArtifact')) {
      const files = Object.entries(unzipSync(new Uint8Array(blob)))
      const name = JSON.parse(body.toString()).name as string
      artifacts.set(name, Object.fromEntries(files.map(([file, content]) => [file, new TextDecoder().decode(content)])))
      return json({ ok: true, artifactId: '77' })
    }
    const block = url.searchParams.get('blockid')
    if (block) blocks.set(block, body)
    else if (url.searchParams.get('comp') === 'blocklist') {
      blob = Buffer.concat(
        [...body.toString().matchAll(/<Latest>([^<]+)</g)].map(
          (match) => blocks.get(match[1] ?? '') ?? Buffer.alloc(0),
        ),
      )
    } else blob = body
    response.writeHead(201).end()
  })
  const port = () => (server.address() as AddressInfo).port
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    env: { ACTIONS_RESULTS_URL: `http://127.0.0.1:${port()}/`, ACTIONS_RUNTIME_TOKEN: runtimeToken() },
    artifacts,
    close: () => new Promise((done) => server.close(() => done())),
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  return Buffer.concat(parts)
}

/** The client reads the run's and the job's id out of the token, and sends it along unchecked. */
function runtimeToken(): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'none' })}.${part({ scp: 'Actions.Results:run-1:job-1' })}.x`
}
