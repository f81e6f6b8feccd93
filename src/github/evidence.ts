// Brings the evidence that a run handed in: its artifact, fetched and unpacked within bounds.
import { z } from 'zod'
import { readAnswer } from './card-answer.ts'
import { GitHubProblem } from './github-problem.ts'
import type { Artifact } from './port.ts'
import { inRepository } from './repository-route.ts'
import { looksZipped, unpack, zipEntries } from './unzip.ts'
import type { Wire } from './wire.ts'
import { orNull } from './workflows.ts'

const MEBIBYTE = 1024 * 1024
const PACKED_LIMIT = 10 * MEBIBYTE
export const UNPACKED_LIMIT = 12 * MEBIBYTE
const FILE = 'evidence.json'
/** The artifact's name, or the file's own where it was uploaded bare. */
const NAMES = ['andon-evidence', FILE]
const TIMEOUT = 30_000

const listSchema = z.object({
  total_count: z.number(),
  artifacts: z.array(
    z.object({
      id: z.number(),
      name: z.string(),
      size_in_bytes: z.number(),
      expired: z.boolean().nullish(),
      created_at: z.string().nullish(),
    }),
  ),
})
type Listed = z.infer<typeof listSchema>['artifacts'][number]

/** `fetch` takes the link that GitHub answers with, which needs no token and must not get one. */
export async function fetchEvidence(
  wire: Wire,
  repository: string,
  run: number,
  fetch: typeof globalThis.fetch,
): Promise<Artifact> {
  const listed = await findArtifact(wire, repository, run)
  if (listed === null) return missing(`The run handed in no artifact named ${NAMES[0]}.`)
  if (listed.expired) return missing(`The artifact ${listed.name} has expired.`)
  if (listed.size_in_bytes > PACKED_LIMIT)
    return tooLarge(`The artifact ${listed.name} is ${listed.size_in_bytes} bytes long`)
  const packed = await download(wire, repository, listed, fetch)
  if (!(packed instanceof Uint8Array)) return packed
  const opened = await open(packed)
  if (!(opened instanceof Uint8Array)) return opened
  return { ok: true, bytes: opened, artifact: listed.id, createdAt: listed.created_at ?? null }
}

async function findArtifact(wire: Wire, repository: string, run: number): Promise<Listed | null> {
  const list = async (more: object) => {
    const route = 'GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts'
    const parameters = { ...inRepository(repository), run_id: run, per_page: 100, ...more }
    const answer = await orNull(() => wire.rest({ route, parameters, urgency: 'read' }))
    return answer === null ? { total_count: 0, artifacts: [] } : readAnswer(listSchema, answer.data)
  }
  const all = await list({})
  for (const name of NAMES) {
    const { artifacts } = all.total_count <= all.artifacts.length ? all : await list({ name })
    const named = artifacts.filter((artifact) => artifact.name === name).sort((a, b) => b.id - a.id)
    const found = named.find((artifact) => !artifact.expired) ?? named[0]
    if (found) return found
  }
  return null
}

async function download(
  wire: Wire,
  repository: string,
  listed: Listed,
  fetch: typeof globalThis.fetch,
): Promise<Uint8Array | Artifact> {
  const answer = await orNull(() =>
    wire.rest({
      route: 'GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}',
      parameters: {
        ...inRepository(repository),
        artifact_id: listed.id,
        archive_format: 'zip',
        // By hand: a token must not travel along to the storage.
        request: { redirect: 'manual', parseSuccessResponseBody: false },
      },
      urgency: 'read',
    }),
  )
  if (answer === null) return missing(`The artifact ${listed.name} has expired or was deleted.`)
  const { location } = answer.headers
  if (location === undefined) return readBounded(answer.data as ReadableStream<Uint8Array> | null, listed.name)
  const response = await follow(location, fetch)
  if (response.status === 404 || response.status === 410) return missing(`The artifact ${listed.name} has expired.`)
  if (!response.ok) throw new GitHubProblem('unavailable', `The artifact's storage answered ${response.status}.`)
  return readBounded(response.body, listed.name)
}

async function follow(location: string, fetch: typeof globalThis.fetch): Promise<Response> {
  try {
    return await fetch(location, { signal: AbortSignal.timeout(TIMEOUT), headers: { 'user-agent': 'andon' } })
  } catch {
    // The link is a secret for the minute it lives: not even its host is told.
    throw new GitHubProblem('unavailable', "The artifact's storage was not reached.")
  }
}

async function readBounded(body: ReadableStream<Uint8Array> | null, name: string): Promise<Uint8Array | Artifact> {
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of body ?? []) {
      size += chunk.length
      if (size > PACKED_LIMIT) return tooLarge(`The artifact ${name} is more than ${PACKED_LIMIT} bytes long`)
      chunks.push(chunk)
    }
  } catch {
    throw new GitHubProblem('unavailable', "The artifact's download broke off.")
  }
  return Buffer.concat(chunks)
}

async function open(packed: Uint8Array): Promise<Uint8Array | Artifact> {
  if (!looksZipped(packed)) return packed
  const entries = zipEntries(packed)
  if (entries === null) return malformed('The artifact is no readable zip file.')
  const atTop = entries.filter((entry) => entry.name === FILE)
  const named = atTop.length > 0 ? atTop : entries.filter((entry) => entry.name.split('/').at(-1) === FILE)
  if (named.length > 1) return malformed(`The artifact holds ${named.length} files named ${FILE}.`)
  const [entry] = named
  if (!entry) return missing(`The artifact holds no ${FILE}.`)
  const bytes = await unpack(entry, UNPACKED_LIMIT)
  if (bytes === 'too-large') return tooLarge(`${FILE} unpacks to more than ${UNPACKED_LIMIT} bytes`)
  return bytes === 'malformed' ? malformed(`${FILE} could not be unpacked.`) : bytes
}

const missing = (message: string): Artifact => ({ ok: false, reason: 'evidence-missing', message })
const malformed = (message: string): Artifact => ({ ok: false, reason: 'evidence-malformed', message })
const tooLarge = (message: string): Artifact => ({
  ok: false,
  reason: 'evidence-too-large',
  message: `${message}; at most ${PACKED_LIMIT} packed and ${UNPACKED_LIMIT} unpacked are read.`,
})
