// Opens GitHub for the commands that only look: as the app where its identity is given, else with a token.
import { connect, readWithToken } from '../github/client.ts'
import type { BoardReader } from '../github/port.ts'
import { readEndpoints, readIdentity, SettingsProblem } from '../settings.ts'
import type { Environment } from './store.ts'

export const READER_HELP = `GitHub is asked as the app: APP_ID and PRIVATE_KEY or PRIVATE_KEY_PATH. Without them, with GITHUB_TOKEN: a token of
yours that may read the organization's projects, the repositories and the teams (the one of a workflow run may not read
projects). GHE_HOST and GHE_PROTOCOL as for npm start. Nothing is ever written.`

/** Throws a `SettingsProblem` where nobody is there to ask as. */
export async function openReaderOf(owner: string, environment: Environment): Promise<BoardReader> {
  const log = { warn: () => undefined, debug: () => undefined }
  const endpoints = readEndpoints(environment)
  const token = environment.GITHUB_TOKEN?.trim()
  if (!environment.APP_ID?.trim() && token) return readWithToken({ ...endpoints, token, log })
  const reader = await connect({ ...readIdentity(environment), ...endpoints, log }).reader(owner)
  if (reader === null) throw new SettingsProblem(`The app is not installed on ${owner}.`)
  return reader
}

/** `acme/12` as the owner and the number of a board; null where it is none. */
export function boardOf(text: string): { owner: string; number: number } | null {
  const [, owner, number] = /^([A-Za-z0-9][A-Za-z0-9_-]{0,99})\/([1-9]\d{0,8})$/.exec(text) ?? []
  return owner === undefined ? null : { owner, number: Number(number) }
}
