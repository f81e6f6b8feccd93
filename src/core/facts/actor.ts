// Who did something on GitHub. A login may be renamed and reused; the id stays.

export type ActorType = 'User' | 'Bot' | 'Unknown'

/** `id` is GitHub's database id; 0 where GitHub does not name one (a deleted account, "ghost"). */
export type Actor = { login: string; id: number; type: ActorType }

export const GHOST: Actor = { login: 'ghost', id: 0, type: 'Unknown' }

/** The actor of GitHub's own board automations (auto-close, auto-archive, "merged → Done"). */
export const BOARD_AUTOMATION = 'github-project-automation[bot]'

/** Andon where it moves a card on its own account. The core does not know under which name GitHub knows the app. */
export const ANDON: Actor = { login: 'andon[bot]', id: 0, type: 'Bot' }

/** Whether one of these logins is the account's: GitHub does not tell them apart by their case. */
export function isNamed(logins: string[], { login }: Pick<Actor, 'login'>): boolean {
  return logins.some((named) => named.toLowerCase() === login.toLowerCase())
}

/** True for the same account; falls back to the login where one side has no id. */
export function sameActor(a: Actor, b: Actor): boolean {
  return a.id !== 0 && b.id !== 0 ? a.id === b.id : a.login.toLowerCase() === b.login.toLowerCase()
}
