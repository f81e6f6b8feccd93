// What every line of the log is about: the delivery, organization, installation, card and move that are being worked on just then.
import { AsyncLocalStorage } from 'node:async_hooks'

/** Ids and names only; never what people wrote. */
export type About = {
  task?: string
  owner?: string
  installation?: number
  card?: string
  move?: string
  deliveries?: string[]
  delivery?: string
}

const storage = new AsyncLocalStorage<About>()

/** Works with `about` on each line that is logged meanwhile, however deep. */
export function logAbout<Answer>(about: About, work: () => Promise<Answer>): Promise<Answer> {
  return storage.run({ ...storage.getStore(), ...about }, work)
}

/** Adds what was learned since `logAbout` began. */
export function learnAbout(about: About): void {
  const known = storage.getStore()
  if (known) Object.assign(known, about)
}

type Line = (fields: object, message: string) => void

/** The same log, each line with what it is about. What a line says itself comes first. */
export function logInContext<Log extends { debug: Line; info: Line; warn: Line; error: Line }>(log: Log) {
  const line =
    (level: 'debug' | 'info' | 'warn' | 'error'): Line =>
    (fields, message) =>
      log[level]({ ...storage.getStore(), ...fields }, message)
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') }
}
