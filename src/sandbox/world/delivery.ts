// The app's log of webhook deliveries, as `GET /app/hook/deliveries` shows it.

export type Delivery = {
  id: number
  guid: string
  appId: number
  deliveredAt: string
  redelivery: boolean
  /** Seconds until the answer. */
  duration: number
  /** `OK`, or GitHub's words for what went wrong. */
  status: string
  statusCode: number
  event: string
  action: string | null
  installationId: number | null
  repositoryId: number | null
  throttledAt: string | null
  url: string
  request: { headers: Record<string, string>; payload: unknown }
  response: { headers: Record<string, string>; payload: string | null }
}
