// Finds the cards that each knock is about: whom to wake, and with what.
import { cardStream } from '../core/facts/card.ts'
import type { Knock } from '../github/knock.ts'
import type { CardIndex, Wake } from '../ledger/port.ts'
import { policyReviewTask, reviewOf } from './review-policy.ts'
import { now, type World } from './world.ts'

/** A request's id (a ULID), as a run's name should hold it. */
const REQUEST = /[0-9A-HJKMNP-TV-Z]{26}/g

/** A knock as it waits with its card. `receivedAt`: when the delivery that told it came in. */
export type Told = Knock & { delivery?: string; receivedAt?: string }

export async function route(
  world: World,
  knock: Knock,
  from: { delivery: string; receivedAt: string },
): Promise<Wake[]> {
  const { owner } = knock
  const text = JSON.stringify({ ...knock, ...from } satisfies Told)
  const due = now(world)
  const wake = (stream: string): Wake => ({ key: stream, owner, due, knock: text })
  const wakeAll = (cards: CardIndex[]) => cards.map(({ stream }) => wake(stream))
  switch (knock.knock) {
    case 'item':
      // Our own move of a card comes back as a knock; it tells nothing new.
      return knock.ours ? [] : [wake(cardStream(knock.item))]
    case 'content':
      return [
        ...(knock.pull ? [{ key: policyReviewTask(knock.pull), owner, due }] : []),
        ...wakeAll([
          ...(await world.ledger.cards({ content: knock.content })),
          ...(await world.ledger.cards({ pull: knock.content })),
        ]),
      ]
    case 'run': {
      const names = knock.name.match(REQUEST) ?? []
      const known = await world.ledger.handle('runs', String(knock.run))
      for (const request of new Set([...(known ? [known] : []), ...names])) {
        const stream = await world.ledger.streamOfRequest(request)
        if (stream) return [wake(stream)]
      }
      return []
    }
    case 'check': {
      const reviewed = knock.rerequested ? reviewOf(knock.externalId) : null
      if (reviewed !== null) return [wake(reviewed)]
      return wakeAll(await world.ledger.cards({ sha: knock.sha, repository: knock.repository }))
    }
    case 'policy':
    case 'board':
    case 'installation':
      return [{ key: `sweep:${owner}`, owner, due }]
    default:
      return knock satisfies never
  }
}
