// What becomes of one webhook under the faults that strike it: how often it is sent, when, and with which story.
import { setImmediate as laterTurn, setTimeout as pause } from 'node:timers/promises'
import type { Emission } from '../world/world.ts'
import type { Faults } from './faults.ts'

/** `turn` settles when this sending may go, and is refused when the sandbox stops; `done` is called once it was sent. */
export type Sending = { emission: Emission; turn: () => Promise<void>; done: () => void }

/** How long a reordered webhook waits for another one to overtake it, in milliseconds, where none comes. */
const patience = 1000

/** Gives for each webhook its sendings; none: it is lost. */
export function startDisturbing(faults: Faults, signal: AbortSignal): (emission: Emission) => Sending[] {
  let waiting: (() => void)[] = []
  const olderValues = new Map<string, unknown>()

  return (emission) => {
    // Whoever waits to be overtaken goes after this one.
    const overtaken = waiting
    waiting = []
    let told = emission
    let late = 0
    let times = 1
    let reordered = false
    for (const fault of faults.forWebhook(emission.event, emission.action ?? undefined)) {
      switch (fault.fault) {
        case 'webhook-lost':
          times = 0
          break
        case 'webhook-late':
          late += fault.ms
          break
        case 'webhook-doubled':
          times *= 2
          break
        case 'webhook-reordered':
          reordered = true
          break
        case 'webhook-stale-from':
          told = withFrom(told, olderValues.get(keyOf(told)) ?? null)
          break
        default:
          fault satisfies never
      }
    }
    const change = fieldValue(emission)
    if (change) olderValues.set(keyOf(emission), change.from ?? null)

    // Waits from now on, so that the very next webhook can overtake it.
    const next = reordered ? new Promise<void>((go) => waiting.push(go)) : null
    const turn = async (): Promise<void> => {
      // A later turn of the event loop: GitHub's webhooks come after the answer to the request that caused them.
      await laterTurn(undefined, { signal })
      if (late > 0) await pause(late, undefined, { signal })
      if (next) await Promise.race([next, pause(patience, undefined, { signal })])
    }
    const done = (): void => {
      for (const go of overtaken) go()
    }
    if (times === 0) done()
    return Array.from({ length: times }, () => ({ emission: told, turn, done }))
  }
}

/** The same webhook with another `from`: GitHub's own is not always what the value was. */
function withFrom(emission: Emission, from: unknown): Emission {
  if (!fieldValue(emission)) return emission
  const payload = structuredClone(emission.payload)
  const copied = fieldValue({ ...emission, payload })
  if (copied) copied.from = from
  return { ...emission, payload }
}

function fieldValue(emission: Emission): Record<string, unknown> | undefined {
  const changes = emission.payload.changes as { field_value?: Record<string, unknown> } | undefined
  return emission.event === 'projects_v2_item' ? changes?.field_value : undefined
}

function keyOf(emission: Emission): string {
  const item = emission.payload.projects_v2_item as { node_id?: string } | undefined
  return `${item?.node_id} ${fieldValue(emission)?.field_node_id}`
}
