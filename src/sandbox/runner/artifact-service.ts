// GitHub's artifact service as `@actions/artifact` speaks to it: twirp over JSON on an origin of its own.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type ArtifactShelf, digestOf, type Shelved } from './artifact-shelf.ts'
import { type BlobUploads, startBlobUploads } from './blob-uploads.ts'
import { type JobIdentity, RuntimeTokens } from './runtime-token.ts'

type Call = Record<string, unknown>
type Reply = { status: number; body: Record<string, unknown> }
type Session = { shelf: ArtifactShelf; identity: JobIdentity; open: Map<string, { link: string; zipped: boolean }> }

const PATH = '/twirp/github.actions.results.api.v1.ArtifactService/'
const MOST_BYTES = 1024 * 1024

export class ArtifactService {
  readonly #tokens = new RuntimeTokens()
  readonly #sessions = new Map<string, Session>()
  readonly #uploads: BlobUploads
  readonly #server: Server
  /** For ACTIONS_RESULTS_URL. */
  readonly url: string
  /** The link of an artifact, for `GetSignedArtifactURL`. */
  readonly #download: (id: number) => string

  private constructor(server: Server, uploads: BlobUploads, download: (id: number) => string) {
    this.#server = server
    this.#uploads = uploads
    this.#download = download
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  }

  static async start(download: (id: number) => string): Promise<ArtifactService> {
    const uploads = await startBlobUploads()
    const server = createServer()
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
    const service = new ArtifactService(server, uploads, download)
    server.on('request', (request, response) => void service.#serve(request, response))
    return service
  }

  /** Opens the service to one job: the token for its steps, and what ends it with the job. */
  admit(shelf: ArtifactShelf): { token: string; close(): void } {
    const { token, identity } = this.#tokens.issue()
    this.#sessions.set(identity.jobBackendId, { shelf, identity, open: new Map() })
    return { token, close: () => this.#sessions.delete(identity.jobBackendId) }
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((closed) => this.#server.close(closed))
    await this.#uploads.stop()
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const reply = await this.#answer(request).catch((error: Error) => refuse(500, 'internal', error.message))
    response.writeHead(reply.status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(reply.body))
  }

  async #answer(request: IncomingMessage): Promise<Reply> {
    const path = new URL(request.url ?? '/', 'http://results').pathname
    if (request.method !== 'POST' || !path.startsWith(PATH)) return refuse(404, 'bad_route', 'no such method')
    const identity = this.#tokens.read((request.headers.authorization ?? '').replace(/^Bearer /i, ''))
    const session = identity && this.#sessions.get(identity.jobBackendId)
    if (!session) return refuse(401, 'unauthenticated', 'the runtime token is not valid for a running job')
    const call = await readJson(request)
    if (!call) return refuse(400, 'malformed', 'the request is not JSON')
    const { runBackendId, jobBackendId } = session.identity
    if (call.workflow_run_backend_id !== runBackendId || call.workflow_job_run_backend_id !== jobBackendId) {
      return refuse(403, 'permission_denied', 'the token belongs to another run or job')
    }
    switch (path.slice(PATH.length)) {
      case 'CreateArtifact':
        return this.#create(session, call)
      case 'FinalizeArtifact':
        return this.#finalize(session, call)
      case 'ListArtifacts':
        return { status: 200, body: { artifacts: list(session, call) } }
      case 'GetSignedArtifactURL': {
        const found = session.shelf.find(String(call.name))
        if (!found) return refuse(404, 'not_found', 'no such artifact')
        return { status: 200, body: { signed_url: this.#download(found.id) } }
      }
      case 'DeleteArtifact': {
        const found = session.shelf.remove(String(call.name))
        return found
          ? { status: 200, body: { ok: true, artifact_id: String(found.id) } }
          : refuse(404, 'not_found', 'no such artifact')
      }
      default:
        return refuse(404, 'bad_route', 'no such method')
    }
  }

  #create(session: Session, call: Call): Reply {
    const name = String(call.name ?? '')
    const refusal = session.open.has(name)
      ? 'an artifact with this name already exists on the workflow run'
      : session.shelf.refusal(name)
    if (refusal) return refuse(409, 'already_exists', refusal)
    // Clients before version 7 of the protocol say no type: theirs are zipped.
    const zipped = String(call.mime_type ?? 'application/zip') === 'application/zip'
    const link = this.#uploads.open(zipped ? '.zip' : '')
    session.open.set(name, { link, zipped })
    return { status: 200, body: { ok: true, signed_upload_url: link } }
  }

  #finalize(session: Session, call: Call): Reply {
    const name = String(call.name ?? '')
    const opened = session.open.get(name)
    const blob = opened && this.#uploads.take(opened.link)
    if (!opened || !blob) return refuse(404, 'not_found', 'nothing was uploaded under this name')
    session.open.delete(name)
    if (Number(call.size ?? 0) !== blob.bytes.length)
      return refuse(400, 'invalid_argument', 'the size is not that of the upload')
    if (call.hash !== undefined && call.hash !== digestOf(blob.bytes))
      return refuse(400, 'invalid_argument', 'the digest is not that of the upload')
    const shelved = session.shelf.put({ name, bytes: blob.bytes, zipped: opened.zipped, contentType: blob.contentType })
    return { status: 200, body: { ok: true, artifact_id: String(shelved.id) } }
  }
}

function list(session: Session, call: Call): Record<string, unknown>[] {
  const wanted = (one: Shelved) =>
    (call.name_filter === undefined || call.name_filter === one.artifact.name) &&
    (call.id_filter === undefined || String(call.id_filter) === String(one.id))
  return session.shelf
    .all()
    .filter(wanted)
    .map(({ id, artifact, at }) => ({
      workflow_run_backend_id: session.identity.runBackendId,
      workflow_job_run_backend_id: session.identity.jobBackendId,
      database_id: String(id),
      name: artifact.name,
      size: String(artifact.bytes.length),
      created_at: at.toISOString(),
      digest: artifact.digest,
    }))
}

function refuse(status: number, code: string, msg: string): Reply {
  return { status, body: { code, msg } }
}

async function readJson(request: IncomingMessage): Promise<Call | null> {
  let text = ''
  for await (const chunk of request) {
    text += chunk
    if (text.length > MOST_BYTES) return null
  }
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Call) : null
  } catch {
    return null
  }
}
