// Gate `issues`: no open issue matches a search.
import { z } from 'zod'
import type { LocalGate } from './gate.ts'
import { same } from './tightening.ts'

const settings = z.strictObject({
  query: z
    .string()
    .min(1)
    .max(200)
    .refine((query) => query.trim() !== '' && !query.includes('\n'), { error: 'A search is one line of text.' })
    .describe(
      'A GitHub issue search, as in `label:incident label:support-bot`. Only open issues count; Andon adds where to look.',
    ),
})

export const issuesGate = {
  kind: 'issues',
  settings,
  tightening: { query: same },
  question: (_context, settings) => ({ ask: 'github', queries: [{ fact: 'issues', query: settings.query }] }),
  judge(answer, settings) {
    const found = Object.hasOwn(answer.facts.issues, settings.query) ? answer.facts.issues[settings.query] : undefined
    if (found === undefined) return { verdict: 'wait', reason: 'unread' }
    const rows = [{ name: 'open issues', value: found.total, criterion: '≤ 0', met: found.total === 0 }]
    if (found.total === 0) return { verdict: 'pass', reason: 'issues-none', rows }
    const detail = found.first.map((issue) => `#${issue.number} ${issue.title}`)
    if (found.total > found.first.length) detail.push(`and ${found.total - found.first.length} more`)
    return { verdict: 'fail', reason: 'issues-open', detail, rows, urls: found.first.map((issue) => issue.url) }
  },
} satisfies LocalGate<z.infer<typeof settings>>
