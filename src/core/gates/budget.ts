// Gate `budget`: what may be spent in risk, errors or cost over some time is not spent yet.
import { showMeasured } from '../facts/criterion.ts'
import type { Judgement, Row } from '../facts/judgement.ts'
import { recordAnswer } from '../facts/record-question.ts'
import { approvalQueries, judgeApprovals } from './approvals.ts'
import { budgetQuestion, type Count, countGrants, countSpent, weightAt } from './budget-count.ts'
import { type BudgetSettings, budgetSettings } from './budget-settings.ts'
import type { Context, LocalGate } from './gate.ts'
import { addsNone, atLeast, atLeastAtRisks, atMost, keyByKey, must, same } from './tightening.ts'

export const budgetGate = {
  kind: 'budget',
  settings: budgetSettings,
  tightening: {
    of: same,
    metric: same,
    from: same,
    limit: atMost,
    window: same,
    weights: atLeastAtRisks(weightAt),
    burn: same,
    by: same,
    'when-spent': letThrough,
  },
  question(context, settings) {
    const question = budgetQuestion(context, settings)
    const record = typeof question === 'string' ? [] : [{ fact: 'record' as const, question }]
    const { 'when-spent': whenSpent } = settings
    return { ask: 'people', queries: [...record, ...(whenSpent ? approvalQueries(whenSpent) : [])] }
  },
  judge(answer, settings): Judgement {
    const counted = count(answer, settings)
    if (counted === null) return { verdict: 'wait', reason: 'unread' }
    const { rows, unknown } = counted
    if (unknown.length > 0) return { verdict: 'error', reason: 'budget-unmeasured', detail: unknown, rows }
    if (rows.every((row) => row.met)) return { verdict: 'pass', reason: 'budget-left', rows }
    return judgeSpent(answer, settings, counted)
  },
} satisfies LocalGate<BudgetSettings>

/** Who may let cards through a spent budget: nobody else than is locked, and nobody at all where nobody may. */
function letThrough(locked: BudgetSettings['when-spent'], now: BudgetSettings['when-spent']) {
  if (now === undefined) return []
  if (locked === undefined) return must('not be there: a spent budget lets nothing through')
  return keyByKey({ approvals: atLeast, teams: addsNone, users: addsNone })(locked, now)
}

/** Null while the record was not asked. */
function count(context: Context, settings: BudgetSettings): Count | null {
  const question = budgetQuestion(context, settings)
  if (typeof question === 'string') return { rows: [], unknown: [question], until: null }
  if (question.of === 'grants') {
    const grants = recordAnswer(context.facts.record, question)
    return grants === undefined ? null : countGrants(settings, context.risk, grants)
  }
  const spent = recordAnswer(context.facts.record, question)
  return spent === undefined ? null : countSpent(settings, question, spent)
}

/** Who may let a card through all the same has had no part in the change: it is their own budget they would overdraw. */
function judgeSpent(context: Context, settings: BudgetSettings, { rows, until }: Count): Judgement {
  const { 'when-spent': whenSpent } = settings
  const detail = rows.filter((row) => !row.met).map(sayMissed)
  if (whenSpent === undefined) return { verdict: 'fail', reason: 'budget-spent', detail, rows }
  const { approvals, teams, users } = whenSpent
  const asked = judgeApprovals(context, { count: approvals, teams, users, independent: true })
  const all = { ...asked, rows: [...rows, ...(asked.rows ?? [])] }
  switch (asked.reason) {
    case 'approvals-given':
      return { ...all, reason: 'budget-spent-approved' }
    case 'approvals-missing':
      return { ...all, reason: 'budget-approvals-missing', ...(until === null ? {} : { until }) }
    default:
      return all
  }
}

function sayMissed({ name, value, criterion }: Row): string {
  return `${name} is ${showMeasured(value ?? 0, criterion)}, and must be ${criterion}`
}
