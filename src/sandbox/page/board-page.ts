// Serves the board's page, its live events and what people do on it; only to this machine, and only to itself.
import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { readBody } from '../server/read-body.ts'
import type { ExtraHandler } from '../server/server.ts'
import type { Project } from '../world/board.ts'
import type { World } from '../world/world.ts'
import { act } from './acts.ts'
import { viewBoard } from './board-view.ts'
import { viewDetail } from './card-view.ts'
import { runPage } from './run-page.ts'

const FILES = Object.fromEntries(
  [
    ['board.html', 'text/html', new URL('./browser/board.html', import.meta.url)],
    ['board.css', 'text/css', new URL('./browser/board.css', import.meta.url)],
    ['board.js', 'text/javascript', new URL('./browser/board.js', import.meta.url)],
    ['card.js', 'text/javascript', new URL('./browser/card.js', import.meta.url)],
    ['carry.js', 'text/javascript', new URL('./browser/carry.js', import.meta.url)],
    ['element.js', 'text/javascript', new URL('./browser/element.js', import.meta.url)],
    ['menu.js', 'text/javascript', new URL('./browser/menu.js', import.meta.url)],
    ['panel.js', 'text/javascript', new URL('./browser/panel.js', import.meta.url)],
  ].map(([name, type, url]) => [name, { type: `${type}; charset=utf-8`, text: readFileSync(url as URL, 'utf8') }]),
)

const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
}
/** Changes that come together are told together. */
const GATHER_MS = 25
const ALIVE_MS = 15_000

/** A handler for `startSandbox`: `/`, `/orgs/<org>/projects/<n>` and below, and the pages that cards and runs link to. */
export function boardPage(world: World): ExtraHandler {
  return async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://sandbox')
    const parts = url.pathname.split('/').slice(1).map(decode)
    const answer = route(world, parts, request, response)
    if (answer === null) return false
    if (!isLocal(request)) send(response, 403, 'text/plain', 'The board is shown on this machine only.')
    else await answer()
    return true
  }
}

/** Null: this address is not ours. */
function route(
  world: World,
  parts: string[],
  request: IncomingMessage,
  response: ServerResponse,
): (() => unknown) | null {
  const [first, second, third, fourth, fifth] = parts
  const get = request.method === 'GET'
  const home = firstBoard(world)
  if (first === '' && parts.length === 1 && home) return () => redirect(response, addressOf(home))
  if (first === '_board' && second && Object.hasOwn(FILES, second)) return () => sendFile(response, second)
  if (first === 'orgs' && third === 'projects') {
    const project = world.organizations.get(second?.toLowerCase() ?? '')?.projects.get(Number(fourth))
    if (!project) return null
    if (parts.length === 4 && get) return () => sendFile(response, 'board.html')
    if (fifth === 'events' && get) return () => streamBoard(world, project, request, response)
    if (fifth === 'cards' && get) return () => sendCard(project, Number(parts[5]), response)
    if (fifth === 'act' && request.method === 'POST') return () => takeAct(world, project, request, response)
    return null
  }
  const repository = world.repositories.get(`${first}/${second}`.toLowerCase())
  if (!repository || !get) return null
  if (third === 'pull' || third === 'issues') {
    const item = repository.threads.get(Number(fourth))?.items[0]
    return item ? () => redirect(response, `${addressOf(item.project)}?card=${item.id}`) : null
  }
  const run = third === 'actions' && fourth === 'runs' ? world.workflowRuns.get(Number(fifth)) : undefined
  if (run?.repository !== repository) return null
  return () => send(response, 200, 'text/html; charset=utf-8', String(runPage(run, home ? addressOf(home) : '/')))
}

function streamBoard(world: World, project: Project, request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream' })
  const tell = () => response.write(`data: ${JSON.stringify(viewBoard(project))}\n\n`)
  let gathering: NodeJS.Timeout | null = null
  const forget = world.on('changed', () => {
    gathering ??= setTimeout(() => {
      gathering = null
      tell()
    }, GATHER_MS)
  })
  const alive = setInterval(() => response.write(': alive\n\n'), ALIVE_MS)
  request.on('close', () => {
    forget()
    clearInterval(alive)
    if (gathering) clearTimeout(gathering)
  })
  tell()
}

function sendCard(project: Project, id: number, response: ServerResponse): void {
  const item = project.items.find((candidate) => candidate.id === id && candidate.archivedAt === null)
  if (item) sendJson(response, 200, viewDetail(item))
  else sendJson(response, 404, { refused: 'This card is not on the board any more.' })
}

async function takeAct(
  world: World,
  project: Project,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request)
  const isJson = request.headers['content-type']?.startsWith('application/json')
  const refused = body && isJson ? act(world, project, parse(body)) : 'The page asked for nothing that can be read.'
  sendJson(response, refused === null ? 200 : 422, { refused })
}

/** Another site could reach loopback through the browser: it cannot forge `Host`, nor leave `Origin` out of a POST. */
function isLocal(request: IncomingMessage): boolean {
  const { host = '', origin } = request.headers
  const named = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host)
  return named && (origin === undefined ? request.method === 'GET' : origin === `http://${host}`)
}

function firstBoard(world: World): Project | undefined {
  return [...world.projects.values()].find((project) => project.owner.kind === 'Organization')
}

function addressOf(project: Project): string {
  return `/orgs/${project.owner.login}/projects/${project.number}`
}

function redirect(response: ServerResponse, to: string): void {
  response.writeHead(302, { ...HEADERS, location: to }).end()
}

function sendFile(response: ServerResponse, name: string): void {
  const { type = '', text = '' } = FILES[name] ?? {}
  send(response, 200, type, text)
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  send(response, status, 'application/json', JSON.stringify(body))
}

function send(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { ...HEADERS, 'content-type': type }).end(text)
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return null
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
