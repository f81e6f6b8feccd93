// Tells each knock to the cards it is about, and wakes them.
import { cardStream } from '../core/facts/card.ts'
import type { Knock } from '../github/knock.ts'
import type { CardIndex } from '../ledger/port.ts'
import { now, type World } from './world.ts'

/** A request's id (a ULID), as a run's name should hold it. */
const REQUEST = /[0-9A-HJKMNP-TV-Z]{26}/g

/** A knock as it waits with its card. `receivedAt`: when the delivery that told it came in. */
export type Told = Knock & { delivery?: string; receivedAt?: string }

export async function route(
  world: World,
  knock: Knock,
  from: { delivery?: string; receivedAt?: string } = {},
): Promise<void> {
  const text = JSON.stringify({ ...knock, ...from } satisfies Told)
  const at = now(world)
  const wake = (stream: string) => world.ledger.wake(stream, knock.owner, at, text)
  const wakeAll = async (cards: CardIndex[]) => {
    for (const card of cards) await wake(card.stream)
  }
  switch (knock.knock) {
    case 'item':
      // Our own move of a card comes back as a knock; it tells nothing new.
      return knock.ours ? undefined : wake(cardStream(knock.item))
    case 'content':
      return wakeAll([
        ...(await world.ledger.cards({ content: knock.content })),
        ...(await world.ledger.cards({ pull: knock.content })),
      ])
    case 'run': {
      const names = knock.name.match(REQUEST) ?? []
      const known = await world.ledger.handle('runs', String(knock.run))
      for (const request of new Set([...(known ? [known] : []), ...names])) {
        const stream = await world.ledger.streamOfRequest(request)
        if (stream) return wake(stream)
      }
      return undefined
    }
    case 'check':
      return wakeAll(await world.ledger.cards({ sha: knock.sha, repository: knock.repository }))
    case 'policy':
    case 'board':
    case 'installation':
      return world.ledger.wake(`sweep:${knock.owner}`, knock.owner, at)
    default:
      return knock satisfies never
  }
}
