// What a gate said of one change: the verdict, its reason, and the numbers beside their criteria.
import type { Reason } from './reason.ts'
import type { Verdict } from './verdict.ts'

/** A number beside its criterion. `value` is the number that was judged, null where it was not measured; `note` says how it was come by. */
export type Row = {
  name: string
  value: number | null
  criterion: string
  met: boolean
  n?: number
  stderr?: number
  note?: string
}

/**
 * `detail` names what the reason is about (people still missing, paths, checks): plain text, untrusted, to be
 * escaped where it is shown. `until`: when time alone may change the verdict.
 */
export type Judgement = {
  verdict: Verdict
  reason: Reason
  detail?: string[]
  rows?: Row[]
  until?: string
  urls?: string[]
}
