// Warns of budgets that nothing spends, that can never be spent or that evaluations fill, and of cards too heavy for any.
import type { Problem } from '../facts/problem.ts'
import type { BudgetSettings } from '../gates/budget-settings.ts'
import type { Merged } from './merged.ts'
import type { Policy } from './policy.ts'

export function budgetDoubts(policy: Policy, merged: Merged): Problem[] {
  return Object.values(policy.gates).flatMap((rule) => {
    if (rule.kind !== 'budget') return []
    const settings = rule.settings as BudgetSettings
    return [
      ...weightless(rule.name, settings, merged),
      ...tooHeavy(rule.name, settings, merged),
      ...neverFiring(rule.name, settings, merged),
      ...filledByEvaluations(policy, rule.name, settings, merged),
    ]
  })
}

function weightless(gate: string, { weights = { default: 1 } }: BudgetSettings, merged: Merged): Problem[] {
  if (Object.values(weights).some((weight) => weight > 0)) return []
  const message = `Every card weighs 0: \`${gate}\` always passes.`
  return [merged.problem(['gates', gate, 'weights'], { message, remedy: 'Give a weight to the cards that count.' })]
}

function tooHeavy(gate: string, { of, limit, weights = { default: 1 } }: BudgetSettings, merged: Merged): Problem[] {
  if (of !== 'risk') return []
  return Object.entries(weights).flatMap(([risk, weight]) => {
    if (weight <= limit) return []
    const message = `A card of risk \`${risk}\` weighs ${weight}, more than the whole budget of ${limit}: none gets in.`
    const remedy = 'Let it weigh less, or raise `limit`.'
    return [merged.problem(['gates', gate, 'weights', risk], { message, remedy })]
  })
}

/** All requests going wrong is a burn rate of 1 / limit, and there is no higher one. */
function neverFiring(gate: string, { of, limit, burn = [] }: BudgetSettings, merged: Merged): Problem[] {
  if (of !== 'errors') return []
  return burn.flatMap(({ rate }, at) => {
    if (rate * limit <= 1) return []
    const most = Number((1 / limit).toPrecision(3))
    const message = `A burn rate of ${rate} is never reached: with \`limit\` ${limit}, ${most} is that of errors alone.`
    return [merged.problem(['gates', gate, 'burn', at, 'rate'], { message, remedy: 'Name a lower rate.' })]
  })
}

/** What the action `evaluate` hands in with every evaluation, whoever asks for it. */
const EVALUATIONS_OWN = 'error_rate'

/** All evidence of the board with the metric counts: errors among test cases would be taken for those of the service. */
function filledByEvaluations(
  policy: Policy,
  gate: string,
  { of, metric, from }: BudgetSettings,
  merged: Merged,
): Problem[] {
  if (of !== 'errors' || metric === undefined || from !== undefined) return []
  const measuring = Object.values(policy.gates).find(
    ({ kind, settings }) =>
      kind === 'evaluation' &&
      (metric === EVALUATIONS_OWN || Object.hasOwn((settings as { metrics: object }).metrics, metric)),
  )
  if (measuring === undefined) return []
  const message = `The gate \`${measuring.name}\` measures \`${metric}\`, too: what its test cases tell counts into this budget.`
  const remedy =
    'Name the workflows that count in `from`, or let the service’s have another name, as in `service_errors`.'
  return [merged.problem(['gates', gate, 'metric'], { message, remedy })]
}
