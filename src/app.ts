// The webhooks we hear: a Probot app that makes of each delivery a knock, and finds the cards it is about.
import { Probot } from 'probot'
import { forgetInstallation } from './flow/installation.ts'
import { learnAbout } from './flow/log-context.ts'
import { route } from './flow/route.ts'
import type { World } from './flow/world.ts'
import { type Self, translate } from './github/translate.ts'
import type { Delivery, Wake } from './ledger/port.ts'

/** A delivery that is being read: when it came in, and whom it wakes. */
type Heard = { receivedAt: string; wakes: Wake[] }

/** What a delivery says of where it comes from. */
type Sender = { organization?: { login?: string }; installation?: { id?: unknown } | null }

/** The Probot app. It only listens: what has to be asked of GitHub, each installation's own client asks. */
function listen(world: World, appId: number, heard: ReadonlyMap<string, Heard>) {
  let bot = 0
  /** Our own account's id tells our own acts from people's; nobody is asked before the first delivery. */
  const self = async (owner: string | undefined): Promise<Self> => {
    if (bot === 0 && owner !== undefined) bot = (await (await world.installations.of(owner))?.github.self())?.id ?? 0
    return { appId, botId: bot }
  }
  return (probot: Probot): void => {
    probot.onAny(async ({ id, name, payload }) => {
      const { organization, installation } = payload as Sender
      const owner = organization?.login
      if (typeof installation?.id === 'number') learnAbout({ installation: installation.id })
      const knock = translate(name, payload, await self(owner))
      if (knock?.knock === 'installation') forgetInstallation(world, knock.owner)
      const delivery = heard.get(id)
      if (knock && delivery)
        delivery.wakes = await route(world, knock, { delivery: id, receivedAt: delivery.receivedAt })
    })
  }
}

/** Reads one stored delivery with Probot, and answers whom it wakes. The signature was checked when it came in. */
export async function reader(world: World, appId: number): Promise<(delivery: Delivery) => Promise<Wake[]>> {
  // Given the app's key, Probot would make an API client for each delivery, which nobody uses here.
  const probot = new Probot({ githubToken: 'none', logLevel: 'fatal' })
  const underWay = new Map<string, Heard>()
  await probot.load(listen(world, appId, underWay))
  return async ({ guid, event, body, receivedAt }) => {
    const heard: Heard = { receivedAt, wakes: [] }
    underWay.set(guid, heard)
    try {
      await probot.receive({ id: guid, name: event as never, payload: payloadOf(body) })
      return heard.wakes
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
