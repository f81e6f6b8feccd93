// A storage origin that takes uploads as Azure's block blobs do: blocks and their list, or the whole at once.
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

type Upload = { blocks: Map<string, Uint8Array>; whole: Uint8Array | null; contentType: string }

export type BlobUploads = {
  /** A signed link that takes one blob. `ending` is the blob's file ending, as in `.zip`. */
  open(ending: string): string
  /** What was uploaded there; null while the upload is not complete. */
  take(link: string): { bytes: Uint8Array; contentType: string } | null
  stop(): Promise<void>
}

/** As much as one request may bring: the client sends blocks of 8 MB. */
const MOST_BYTES = 256 * 1024 * 1024

export async function startBlobUploads(): Promise<BlobUploads> {
  const uploads = new Map<string, Upload>()
  const server = createServer((request, response) => {
    receive(request, uploads).then(
      (status) => answer(response, status),
      () => answer(response, 500),
    )
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    open(ending) {
      const signature = randomBytes(24).toString('base64url')
      uploads.set(signature, { blocks: new Map(), whole: null, contentType: 'application/octet-stream' })
      // Account, container, blob: Azure's client reads an address that is an IP in this form.
      return `${origin}/sandbox/artifacts/${randomBytes(12).toString('hex')}${ending}?sp=cw&sig=${signature}`
    },
    take(link) {
      const signature = signatureOf(new URL(link))
      const upload = uploads.get(signature)
      if (!upload?.whole) return null
      uploads.delete(signature)
      return { bytes: upload.whole, contentType: upload.contentType }
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}

async function receive(request: IncomingMessage, uploads: Map<string, Upload>): Promise<number> {
  const url = new URL(request.url ?? '/', 'http://storage')
  const upload = uploads.get(signatureOf(url))
  if (!upload || request.headers.authorization) return 403
  if (request.method !== 'PUT') return 405
  const body = await readBody(request)
  if (!body) return 413
  const part = url.searchParams.get('comp')
  if (part === 'block') {
    upload.blocks.set(url.searchParams.get('blockid') ?? '', body)
    return 201
  }
  if (part !== null && part !== 'blocklist') return 400
  upload.contentType = String(
    request.headers['x-ms-blob-content-type'] ?? request.headers['content-type'] ?? upload.contentType,
  )
  if (part === null) {
    upload.whole = body
    return 201
  }
  const ids = [...body.toString('utf8').matchAll(/<(?:Latest|Uncommitted|Committed)>([^<]*)</g)].map(
    (found) => found[1] ?? '',
  )
  const blocks = ids.map((id) => upload.blocks.get(id))
  if (blocks.some((block) => block === undefined)) return 400
  upload.whole = Buffer.concat(blocks as Uint8Array[])
  upload.blocks.clear()
  return 201
}

async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += (chunk as Buffer).length
    if (size > MOST_BYTES) return null
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks)
}

function answer(response: ServerResponse, status: number): void {
  response.writeHead(status, {
    'content-length': 0,
    'x-ms-request-id': randomBytes(16).toString('hex'),
    'x-ms-version': '2025-11-05',
    'last-modified': new Date().toUTCString(),
    etag: `"0x${randomBytes(8).toString('hex')}"`,
  })
  response.end()
}

function signatureOf(url: URL): string {
  return url.searchParams.get('sig') ?? ''
}
