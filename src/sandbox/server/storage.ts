// The blob storage behind artifacts: another origin, links that live for a minute, no credentials welcome.
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { Artifact } from '../world/run.ts'
import type { Faults } from './faults.ts'
import type { LoggedRequest } from './request-log.ts'

export type Blob = { bytes: Uint8Array; contentType: string; name: string }

export type Storage = {
  url: string
  /** A link to the blob that works for one minute. */
  link(blob: Blob): string
  stop(): Promise<void>
}

const minute = 60_000

/** An artifact as the storage hands it out: a zip, or the one bare file that it is. */
export function blobOf(artifact: Artifact): Blob {
  const { name, bytes, zipped } = artifact
  return zipped
    ? { bytes, contentType: 'application/zip', name: `${name}.zip` }
    : { bytes, contentType: 'application/octet-stream', name }
}

/** `now` in milliseconds. */
export async function startStorage(options: {
  now: () => number
  faults: Faults
  log: (entry: LoggedRequest) => void
}): Promise<Storage> {
  const links = new Map<string, { blob: Blob; until: number }>()

  function answer(request: IncomingMessage, response: ServerResponse): number {
    // A signed link is the whole permission: the real storage refuses a request that brings a token besides.
    if (request.headers.authorization) {
      return refuse(
        response,
        401,
        'InvalidAuthenticationInfo',
        'Authentication information is not given in the correct format.',
      )
    }
    const url = new URL(request.url ?? '/', 'http://storage')
    const link = links.get(url.searchParams.get('sig') ?? '')
    if (!link || request.method !== 'GET')
      return refuse(response, 404, 'BlobNotFound', 'The specified blob does not exist.')
    if (options.now() >= link.until) {
      return refuse(response, 403, 'AuthenticationFailed', 'Signature not valid in the specified time frame.')
    }
    response.writeHead(200, {
      'content-type': link.blob.contentType,
      'content-length': link.blob.bytes.byteLength,
      'content-disposition': `attachment; filename="${link.blob.name.replaceAll(/[^\w.-]/g, '_')}"`,
    })
    response.end(link.blob.bytes)
    return 200
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = options.now()
    const path = (request.url ?? '').split('?')[0] ?? ''
    const struck = options.faults.forRequest({ kind: 'storage', method: request.method ?? '', path, writes: false })
    for (const fault of struck) if (fault.fault === 'latency') await pause(fault.ms)
    const broken = struck.find((fault) => fault.fault === 'error' || fault.fault === 'cut')
    let status = 0
    if (broken?.fault === 'error') status = refuse(response, broken.status ?? 503, 'ServerBusy', 'The server is busy.')
    else if (broken) response.destroy()
    else status = answer(request, response)
    options.log({
      id: randomBytes(8).toString('hex'),
      at: new Date(started).toISOString(),
      kind: 'storage',
      method: request.method ?? '',
      path,
      operation: null,
      status,
      tokenFetch: false,
      caller: 'nobody',
      ms: 0,
    })
  }

  const server = createServer((request, response) => void serve(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    url,
    link(blob) {
      for (const [key, { until }] of links) if (until < options.now() - 10 * minute) links.delete(key)
      const signature = randomBytes(24).toString('base64url')
      const until = options.now() + minute
      links.set(signature, { blob, until })
      const expires = encodeURIComponent(new Date(until).toISOString())
      return `${url}/artifacts/${encodeURIComponent(blob.name)}?se=${expires}&sp=r&sig=${signature}`
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function refuse(response: ServerResponse, status: number, code: string, message: string): number {
  response.writeHead(status, { 'content-type': 'application/xml', 'x-ms-error-code': code })
  response.end(`<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`)
  return status
}
