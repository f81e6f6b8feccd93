// Reads the app's own log of deliveries on GitHub, and asks for one of them again.
import { z } from 'zod'
import { readAnswer } from './card-answer.ts'
import type { DeliveryLog } from './port.ts'
import { READERS } from './translate.ts'
import type { Wire } from './wire.ts'
import { orNull } from './workflows.ts'

const attempts = z.array(
  z.object({
    id: z.number(),
    guid: z.string(),
    delivered_at: z.string(),
    redelivery: z.boolean(),
    status_code: z.number(),
    event: z.string(),
    throttled_at: z.string().nullish(),
  }),
)

/** `wire` speaks as the app itself: no installation can see this log. */
export function openDeliveryLog(wire: Wire): DeliveryLog {
  return {
    async page(cursor) {
      // GitHub's filter for failures knows of the statuses 400 to 599 only, and where nobody answered there was none.
      const parameters = { per_page: 100, ...(cursor === null ? {} : { cursor }) }
      const { data, headers } = await wire.rest({ route: 'GET /app/hook/deliveries', parameters, urgency: 'read' })
      return {
        cursor: nextCursor(headers.link),
        attempts: readAnswer(attempts, data).map(({ status_code: status, throttled_at: throttled, ...attempt }) => ({
          id: attempt.id,
          guid: attempt.guid,
          at: new Date(attempt.delivered_at).toISOString(),
          redelivery: attempt.redelivery,
          heard: Object.hasOwn(READERS, attempt.event),
          // What GitHub holds back for a while is not lost yet.
          failed: !(status >= 200 && status < 400) && !(status === 0 && throttled),
        })),
      }
    },
    async redeliver(id) {
      const route = 'POST /app/hook/deliveries/{delivery_id}/attempts'
      return (await orNull(() => wire.rest({ route, parameters: { delivery_id: id }, urgency: 'read' }))) !== null
    },
  }
}

function nextCursor(link: string | undefined): string | null {
  const next = link?.split(',').find((part) => /rel="next"/.test(part))
  const url = next?.match(/<([^>]*)>/)?.[1]
  return url !== undefined && URL.canParse(url) ? new URL(url).searchParams.get('cursor') : null
}
