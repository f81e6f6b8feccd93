// Reads what Andon asks of a workflow: the JSON of its one input, `andon`.
import { z } from 'zod'
import type { Checked, Problem } from '../../src/core/facts/problem.ts'

const MAX_LENGTH = 65_535

// Only what an action needs; the request holds more, and may come to hold more still.
const requestSchema = z.object({
  andon: z.literal(1),
  request: z.string().min(1).max(64),
  gate: z.string().max(128).nullish(),
  sha: z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/),
  criteria: z.record(z.string().max(128), z.unknown()).nullish(),
})

/** `criteria` are the gate's metrics as in the policy: shown beside the numbers, and judged by the app alone. */
export type Request = { request: string; gate: string | null; sha: string; criteria: Map<string, unknown> }

const REMEDY =
  'Let Andon dispatch the workflow, with `on: workflow_dispatch: inputs: andon`, or give the JSON as the input `request`.'

/** The request out of the action's input, else out of the event that started the run (`inputs.andon`). */
export function readRequest(given: string, payload: object): Checked<Request> {
  const inputs: unknown = 'inputs' in payload ? payload.inputs : null
  const dispatched = typeof inputs === 'object' && inputs !== null && 'andon' in inputs ? inputs.andon : undefined
  const text = given || dispatched
  if (typeof text !== 'string' || text === '') return refuse('There is no request: nobody says what was asked.')
  if (text.length > MAX_LENGTH) return refuse(`The request is longer than ${MAX_LENGTH} characters.`)
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return refuse('The request is not valid JSON.')
  }
  const parsed = requestSchema.safeParse(json)
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue): Problem => {
      const path = issue.path.join('.') || 'the whole'
      return { path, message: `The request's field \`${path}\` is not as Andon writes it.`, remedy: REMEDY }
    })
    return { ok: false, problems }
  }
  const { request, gate, sha, criteria } = parsed.data
  return { ok: true, value: { request, gate: gate ?? null, sha, criteria: new Map(Object.entries(criteria ?? {})) } }
}

function refuse(message: string): { ok: false; problems: Problem[] } {
  return { ok: false, problems: [{ message, remedy: REMEDY }] }
}
