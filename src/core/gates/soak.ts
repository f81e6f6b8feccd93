// Gate `soak`: the card has stood long enough in the column it leaves.
import { z } from 'zod'
import type { LocalGate } from './gate.ts'
import { atLeast } from './tightening.ts'

const settings = z.strictObject({
  minutes: z
    .number()
    .int()
    .min(1)
    .max(525_600)
    .describe('How many minutes the card must have stood in the column it leaves. A day is 1440.'),
})

export const soakGate = {
  kind: 'soak',
  settings,
  tightening: { minutes: atLeast },
  question: () => ({ ask: 'nothing' }),
  judge(context, settings) {
    const row = { name: 'minutes in the column', criterion: `≥ ${settings.minutes}` }
    const entered = Date.parse(context.enteredAt ?? '')
    const now = Date.parse(context.at)
    if (Number.isNaN(entered) || Number.isNaN(now)) {
      // Counting from now would begin anew at each look; so nothing passes until the card's coming is known.
      const detail = [
        `Nothing tells since when the card has been in ${context.move.from ?? 'no column'}: move it back there, and its time begins.`,
      ]
      return { verdict: 'wait', reason: 'soaking', detail, rows: [{ ...row, value: null, met: false }] }
    }
    const minutes = Math.max(0, Math.floor((now - entered) / 60_000))
    const until = entered + settings.minutes * 60_000
    if (now >= until) return { verdict: 'pass', reason: 'soaked', rows: [{ ...row, value: minutes, met: true }] }
    return {
      verdict: 'wait',
      reason: 'soaking',
      rows: [{ ...row, value: minutes, met: false }],
      until: new Date(until).toISOString(),
    }
  },
} satisfies LocalGate<z.infer<typeof settings>>
