// The webhooks we hear: a Probot app that makes of each delivery a knock, and tells it to the cards it is about.
import { Probot } from 'probot'
import { route } from './flow/route.ts'
import type { World } from './flow/world.ts'
import { type Self, translate } from './github/translate.ts'
import type { Delivery } from './ledger/port.ts'

/** The Probot app. It only listens: what has to be asked of GitHub, each installation's own client asks. */
export function listen(world: World, self: Self) {
  return (probot: Probot): void => {
    probot.onAny(async ({ name, payload }) => {
      const knock = translate(name, payload, self)
      if (knock) await route(world, knock)
    })
  }
}

/** Reads one stored delivery with Probot. The signature was checked when it came in. */
export async function deliverer(
  world: World,
  self: Self,
  settings: { appId: number; privateKey: string; logLevel: 'fatal' },
): Promise<(delivery: Delivery) => Promise<void>> {
  const probot = new Probot(settings)
  await probot.load(listen(world, self))
  return async ({ guid, event, body }) => {
    await probot.receive({ id: guid, name: event as never, payload: JSON.parse(body) })
  }
}
