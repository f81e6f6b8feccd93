// Remembers what became of the workflow runs that Andon asked for.
import type { Event } from '../facts/event.ts'
import type { Reason } from '../facts/reason.ts'
import type { Move, Request } from './move.ts'

type RequestEvent = Extract<
  Event,
  {
    kind:
      | 'gate-asked'
      | 'workflow-ordered'
      | 'run-started'
      | 'run-ended'
      | 'dispatch-refused'
      | 'evidence-received'
      | 'evidence-refused'
      | 'command-given'
  }
>

export function evolveRequest(move: Move, event: RequestEvent): Move {
  switch (event.kind) {
    case 'gate-asked':
      return keep(move, ask(move, event.gate, event.purpose, event))
    case 'workflow-ordered':
      return keep(move, ask(move, event.name, 'then', event))
    case 'run-started':
      return update(move, event.request, () => ({ run: { id: event.run, url: event.url } }))
    case 'run-ended':
      return update(move, event.request, (request) => ({
        run: { id: event.run, url: event.url },
        ended: { conclusion: event.conclusion, attempt: event.attempt },
        ...(event.conclusion === 'success'
          ? {}
          : { answer: unanswered(request, conclusionReason(event.conclusion), event.conclusion, event.url) }),
      }))
    case 'dispatch-refused':
      return update(move, event.request, (request) => ({
        answer: unanswered(request, event.reason, event.detail, null),
      }))
    case 'evidence-received':
      return update(move, event.request, (request) => ({
        evidence: event.digest,
        answer: request.answer ?? { evidence: event.evidence, runUrl: request.run?.url ?? null },
      }))
    case 'evidence-refused':
      return update(move, event.request, (request) => ({
        answer: unanswered(request, event.reason, event.detail, request.run?.url ?? null),
      }))
    case 'command-given':
      return event.retry === null ? move : drop(move, event.retry)
    default:
      return event satisfies never
  }
}

/** The first answer stands: evidence that was taken is not unmade by what comes after it. */
function unanswered(request: Request, reason: Reason, detail: string | null, runUrl: string | null): Request['answer'] {
  return request.answer ?? { reason, detail, runUrl: runUrl ?? request.run?.url ?? null }
}

function ask(
  move: Move,
  name: string,
  purpose: Request['purpose'],
  event: Extract<Event, { kind: 'gate-asked' | 'workflow-ordered' }>,
): Request {
  const current = move.current
  return {
    id: event.request,
    name,
    purpose,
    move: event.move,
    change: current?.change ?? null,
    policy: current?.policy ?? null,
    commit: current?.commit ?? null,
    asked: event.asked,
    askedAt: event.at,
    deadline: event.deadline,
    run: null,
    ended: null,
    answer: null,
    evidence: null,
    dropped: false,
  }
}

function keep(move: Move, request: Request): Move {
  return { ...move, requests: { ...move.requests, [request.id]: request } }
}

function update(move: Move, id: string, change: (request: Request) => Partial<Request>): Move {
  const request = move.requests[id]
  return request ? keep(move, { ...request, ...change(request) }) : move
}

/** `retry`: a gate's name, or `*` for every gate whose answer did not pass. What a settled move was told stays told. */
function drop(move: Move, retry: string): Move {
  const requests = { ...move.requests }
  for (const request of Object.values(requests)) {
    if (retry === '*' || request.name === retry) requests[request.id] = { ...request, dropped: true }
  }
  const current = move.current
  if (current?.outcome !== null) return { ...move, requests }
  const gates = current.gates.map((gate) =>
    (retry === '*' ? gate.judgement?.verdict !== 'pass' : gate.name === retry)
      ? { ...gate, request: null, judgement: null }
      : gate,
  )
  return { ...move, requests, current: { ...current, gates } }
}

function conclusionReason(conclusion: string): Reason {
  switch (conclusion) {
    case 'cancelled':
      return 'run-cancelled'
    case 'timed_out':
      return 'run-timed-out'
    default:
      return 'run-failed'
  }
}
