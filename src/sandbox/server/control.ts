// The sandbox's own routes under `/_sandbox`: set faults and read the logs from another process, on this machine only.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Deliveries } from './deliveries.ts'
import type { Fault, Faults } from './faults.ts'
import { readBody } from './read-body.ts'
import type { RequestLog } from './request-log.ts'

const kinds = new Set<Fault['fault']>([
  'latency',
  'error',
  'cut',
  'primary-limit',
  'secondary-limit',
  'webhook-lost',
  'webhook-late',
  'webhook-doubled',
  'webhook-reordered',
  'webhook-stale-from',
])

/**
 * `GET /_sandbox/faults` lists the rules, `POST` adds one, `PUT` replaces all by a list, `DELETE` takes all away;
 * `DELETE /_sandbox/faults/<id>` one. `GET` and `DELETE` of `/_sandbox/requests` and `/_sandbox/webhooks` read and
 * empty the logs.
 */
export async function answerControl(
  request: IncomingMessage,
  response: ServerResponse,
  parts: { faults: Faults; requests: RequestLog; webhooks: Deliveries },
): Promise<void> {
  const reply = (status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body))
  }
  if (!isLocal(request)) return reply(403, { message: 'The sandbox is controlled from this machine only.' })
  const { faults, requests, webhooks } = parts
  const [, , topic, id] = (request.url ?? '').split('?')[0]?.split('/') ?? []
  switch (`${request.method} ${topic}`) {
    case 'GET faults':
      return reply(200, faults.list())
    case 'POST faults':
    case 'PUT faults': {
      const rules = readRules(await readBody(request))
      if (typeof rules === 'string') return reply(422, { message: rules })
      if (request.method === 'PUT') faults.clear()
      return reply(201, { ids: rules.map((rule) => faults.add(rule)) })
    }
    case 'DELETE faults': {
      if (id === undefined) faults.clear()
      else if (!faults.remove(Number(id))) return reply(404, { message: `There is no fault ${id}.` })
      return reply(200, faults.list())
    }
    case 'GET requests':
      return reply(200, { count: requests.count(), requests: requests.list() })
    case 'DELETE requests':
      requests.reset()
      return reply(200, {})
    case 'GET webhooks':
      return reply(200, { emitted: webhooks.emitted(), webhooks: webhooks.list() })
    case 'DELETE webhooks':
      webhooks.reset()
      return reply(200, {})
    default:
      return reply(404, { message: 'The sandbox has no such route.' })
  }
}

/** A web page of another origin could reach loopback through the browser; it cannot forge `Host` nor leave `Origin` out. */
function isLocal(request: IncomingMessage): boolean {
  const host = (request.headers.host ?? '').replace(/:\d+$/, '')
  const origin = request.headers.origin
  return (
    ['127.0.0.1', 'localhost'].includes(host) && (origin === undefined || origin === `http://${request.headers.host}`)
  )
}

function readRules(body: Buffer | null): Fault[] | string {
  try {
    const given: unknown = JSON.parse(body?.toString('utf8') ?? '')
    const rules = (Array.isArray(given) ? given : [given]) as Fault[]
    const wrong = rules.find((rule) => !kinds.has(rule?.fault))
    return wrong === undefined ? rules : `Unknown fault ${JSON.stringify(wrong)}; there are ${[...kinds].join(', ')}.`
  } catch {
    return 'The body is not JSON.'
  }
}
