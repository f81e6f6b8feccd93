// Who moved a card, with the mark of an agent or an app.
import { html } from 'hono/html'
import type { Attempt } from '../core/decision/move.ts'
import type { Actor } from '../core/facts/actor.ts'
import { type Html, typed } from './markup.ts'

export function mover({ by, agent }: Pick<Attempt, 'by' | 'agent'>): Html {
  return agent === undefined
    ? account(by)
    : html`<span aria-hidden="true">🤖</span> agent ${typed(agent, 60)} <span class="quiet">${typed(by.login, 60)}</span>`
}

/** An account; an app's is told from a person's. */
export function account(by: Actor): Html {
  return html`${typed(by.login, 60)}${by.type === 'Bot' ? html` <span class="quiet">bot</span>` : null}`
}
