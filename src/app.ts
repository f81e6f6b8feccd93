// The webhooks we hear: a Probot app that makes of each delivery a knock, and tells it to the cards it is about.
import { Probot } from 'probot'
import { forgetInstallation } from './flow/installation.ts'
import { route } from './flow/route.ts'
import type { World } from './flow/world.ts'
import { type Self, translate } from './github/translate.ts'
import type { Delivery } from './ledger/port.ts'

/**
 * The Probot app. It only listens: what has to be asked of GitHub, each installation's own client asks. `receivedAt`:
 * when the delivery with that GUID came in.
 */
function listen(world: World, appId: number, receivedAt: (guid: string) => string | undefined) {
  let bot = 0
  /** Our own account's id tells our own acts from people's; nobody is asked before the first delivery. */
  const self = async (owner: string | undefined): Promise<Self> => {
    if (bot === 0 && owner !== undefined) bot = (await (await world.installations.of(owner))?.github.self())?.id ?? 0
    return { appId, botId: bot }
  }
  return (probot: Probot): void => {
    probot.onAny(async ({ id, name, payload }) => {
      const owner = (payload as { organization?: { login?: string } }).organization?.login
      const knock = translate(name, payload, await self(owner))
      if (knock?.knock === 'installation') forgetInstallation(world, knock.owner)
      const received = receivedAt(id)
      if (knock) await route(world, knock, { delivery: id, ...(received && { receivedAt: received }) })
    })
  }
}

export type ProbotSettings = { appId: number; privateKey: string; logLevel: 'fatal' }

/** Reads one stored delivery with Probot. The signature was checked when it came in. */
export async function deliverer(
  world: World,
  settings: ProbotSettings,
): Promise<(delivery: Delivery) => Promise<void>> {
  const probot = new Probot(settings)
  const underWay = new Map<string, string>()
  await probot.load(listen(world, settings.appId, (guid) => underWay.get(guid)))
  return async ({ guid, event, body, receivedAt }) => {
    underWay.set(guid, receivedAt)
    try {
      await probot.receive({ id: guid, name: event as never, payload: payloadOf(body) })
    } finally {
      underWay.delete(guid)
    }
  }
}

/** What a parser says of a text quotes it, and no body may reach the log. */
function payloadOf(body: string): never {
  try {
    return JSON.parse(body) as never
  } catch {
    throw new Error('The body is no JSON.')
  }
}
