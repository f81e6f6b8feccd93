// Gate `freeze`: now is in no freeze window.
import { z } from 'zod'
import { spansAround, type Window, windowSchema } from './freeze-window.ts'
import type { Context, LocalGate } from './gate.ts'
import { keepsAll } from './tightening.ts'

const settings = z.strictObject({
  windows: z
    .array(windowSchema)
    .min(1)
    .max(200)
    .describe('When nothing moves forward: dates, days of the week, or times that come back.'),
})

export const freezeGate = {
  kind: 'freeze',
  settings,
  tightening: { windows: keepsAll },
  question: () => ({ ask: 'nothing' }),
  judge(context, settings) {
    const now = Date.parse(context.at)
    const holding = settings.windows.filter((window) => !excepts(window, context))
    const end = frozenUntil(now, holding)
    if (end !== null) return { verdict: 'wait', reason: 'in-freeze', until: new Date(end).toISOString() }
    const excepted = settings.windows.find((window) => excepts(window, context) && frozenUntil(now, [window]) !== null)
    return {
      verdict: 'pass',
      reason: 'no-freeze',
      ...(excepted?.except ? { detail: exceptionDetail(excepted.except) } : {}),
    }
  },
} satisfies LocalGate<z.infer<typeof settings>>

/** How often the windows of one gate are looked at to find when all have ended: it is then asked again anyway. */
const MOST_LOOKS = 400

/** Whether a window does not hold for this card. */
function excepts({ except }: Window, { risk, changeKind }: Context): boolean {
  if (except === undefined) return false
  if (except.risk && !except.risk.includes(risk)) return false
  return !except.changes || (changeKind !== null && except.changes.includes(changeKind))
}

function exceptionDetail(except: NonNullable<Window['except']>): string[] {
  return [
    ...(except.risk ? [`risk ${except.risk.join(' or ')}`] : []),
    ...(except.changes ? [`kind of change ${except.changes.join(' or ')}`] : []),
  ]
}

/** The end of the freeze that holds at an instant, through all windows that overlap or touch; null where none holds. */
function frozenUntil(now: number, windows: Window[]): number | null {
  let end = now
  // Windows that together fill all time never end; and nobody's policy may keep the process busy for long.
  const steps = Math.min(200, Math.ceil(MOST_LOOKS / windows.length))
  for (let step = 0; step < steps; step++) {
    const ends = windows
      .flatMap((window) => spansAround(window, end))
      .flatMap((span) => (span.from <= end && end < span.to ? [span.to] : []))
    if (ends.length === 0) break
    end = Math.max(...ends)
  }
  return end === now ? null : end
}
