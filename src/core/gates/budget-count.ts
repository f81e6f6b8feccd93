// What is left of a budget, in rows of numbers beside their criteria, or why that cannot be told.
import { environmentOf } from '../facts/change.ts'
import { millisecondsOf } from '../facts/duration.ts'
import type { Row } from '../facts/judgement.ts'
import type { Grants, GrantsQuestion, Spent, SpentQuestion, Sum } from '../facts/spent.ts'
import { burnRate, fires, PAGING_PAIRS, partSpent } from '../statistics/burn-rate.ts'
import type { BudgetSettings } from './budget-settings.ts'
import type { Context } from './gate.ts'

/** `unknown`: why it cannot be told. `until`: when an event leaves a window, so that the sums change by time alone. */
export type Count = { rows: Row[]; unknown: string[]; until: string | null }

/** What the record must tell, or why it cannot be asked. */
export function budgetQuestion(context: Context, settings: BudgetSettings): SpentQuestion | GrantsQuestion | string {
  const { of, window, metric = '', by = [], from } = settings
  if (of === 'risk') return { of: 'grants', column: context.move.to, window }
  const { environment, regions } = environmentOf(context.change)
  if (by.includes('environment') && environment === null)
    return 'the manifest names no environment, and this budget is kept for each'
  if (by.includes('region') && regions.length === 0)
    return 'the manifest names no regions of its environment, and this budget is kept for each'
  const burn = of === 'errors' ? pairsOf(settings).flatMap(({ long, short }) => [long, short]) : []
  return {
    of: 'spent',
    budget: of,
    metric,
    ...(from ? { from } : {}),
    environment: by.includes('environment') ? environment : null,
    regions: by.includes('region') ? regions : [],
    windows: [...new Set([window, ...burn])],
  }
}

/** What a card of a risk weighs. */
export function weightAt(weights: BudgetSettings['weights'] = { default: 1 }, risk: string): number {
  return (Object.hasOwn(weights, risk) ? weights[risk] : weights.default) ?? 0
}

export function countGrants({ weights, limit, window }: BudgetSettings, risk: string, grants: Grants): Count {
  const weigh = (name: string) => weightAt(weights, name)
  const before = Object.entries(grants.risks).reduce((sum, [name, moves]) => sum + weigh(name) * moves, 0)
  const moves = Object.values(grants.risks).reduce((sum, count) => sum + count, 0)
  const value = before + weigh(risk)
  const note = `${few(before)} by ${moves} granted before, ${few(weigh(risk))} by this card`
  return {
    rows: [{ name: `risk taken in ${window}`, value, criterion: `≤ ${limit}`, met: value <= limit, note }],
    unknown: grants.cut ? ['more moves were granted in that time than are read: shorten the window'] : [],
    until: leaves(grants.oldest, window),
  }
}

/** Of several regions, the worst one is shown, and decides. */
export function countSpent(settings: BudgetSettings, question: SpentQuestion, { cut, scopes }: Spent): Count {
  const counts = scopes.map(({ region, windows }) => {
    const scope = [question.environment, region].filter((name) => name !== null).join(', ')
    const rows = settings.of === 'errors' ? errorRows(settings, scope, windows) : costRows(settings, scope, windows)
    return { rows, unknown: unknownOf(settings, scope, windows) }
  })
  const worst = counts.map(({ rows }) => rows).sort((one, other) => badness(other) - badness(one))
  const ends = scopes.flatMap(({ windows }) => windows.flatMap(({ window, oldest }) => leaves(oldest, window) ?? []))
  return {
    rows: worst[0] ?? [],
    unknown: [
      ...(cut || counts.length === 0 ? ['there is more evidence in that time than is read: shorten the window'] : []),
      ...counts.flatMap(({ unknown }) => unknown),
    ],
    until: ends.sort()[0] ?? null,
  }
}

/** What is unknown is never a pass: no evidence, none of late, none with the metric, or numbers that cannot be. */
function unknownOf(settings: BudgetSettings, scope: string, windows: Sum[]): string[] {
  const { of, metric, window } = settings
  const where = scope === '' ? '' : ` for ${scope}`
  const whole = sumOf(windows, window)
  if (whole.unusable > 0)
    return [
      `${whole.unusable} of the runs in the last ${window}${where} handed in numbers that cannot be: ${of === 'errors' ? `${metric} is no share from 0 to 1 with its n` : `${metric} is less than 0`}`,
    ]
  if (of === 'cost')
    return whole.pieces === 0 && whole.silent > 0
      ? [`none of the ${whole.silent} runs in the last ${window}${where} handed in ${metric}`]
      : []
  if (whole.requests === 0) return [`no run in the last ${window}${where} handed in ${metric}`]
  const longest = pairsOf(settings)
    .map(({ long }) => sumOf(windows, long))
    .sort((one, other) => millisecondsOf(other.window) - millisecondsOf(one.window))[0]
  return longest?.requests === 0
    ? [`no run in the last ${longest.window}${where} handed in ${metric}, so nothing tells how fast it is spent`]
    : []
}

function errorRows(settings: BudgetSettings, scope: string, windows: Sum[]): Row[] {
  const { limit, window } = settings
  const rateOver = (name: string) => {
    const { spent, requests } = sumOf(windows, name)
    return burnRate(spent, requests, limit)
  }
  const used = rateOver(window)
  const row = {
    name: named(`error budget used in ${window}, %`, scope),
    value: used === null ? null : used * 100,
    criterion: '≤ 100',
    met: used !== null && used <= 1,
    n: Math.round(sumOf(windows, window).requests),
  }
  const pairs = pairsOf(settings).map(({ rate, long, short }): Row => {
    const [over, lately] = [rateOver(long), rateOver(short)]
    const share = over === null ? 0 : partSpent(over, millisecondsOf(long), millisecondsOf(window))
    const note =
      over === null
        ? `no evidence in ${long}`
        : `${long} ${few(over)}, which is ${few(share * 100)}% of the budget; ${short} ${lately === null ? 'without evidence' : few(lately)}`
    return {
      name: named(`burn rate over ${long} and ${short}`, scope),
      value: over === null || lately === null ? over : Math.min(over, lately),
      criterion: `< ${rate}`,
      met: !fires(rate, over, lately),
      note,
    }
  })
  return [row, ...pairs]
}

function costRows({ metric, limit, window }: BudgetSettings, scope: string, windows: Sum[]): Row[] {
  const { spent, pieces, silent } = sumOf(windows, window)
  const note = `${pieces} ${pieces === 1 ? 'run' : 'runs'}${silent > 0 ? `; ${silent} more did not say` : ''}`
  const name = named(`${metric} in ${window}`, scope)
  return [{ name, value: spent, criterion: `≤ ${limit}`, met: spent <= limit, note }]
}

const pairsOf = ({ burn }: BudgetSettings) => burn ?? PAGING_PAIRS
const named = (name: string, scope: string) => (scope === '' ? name : `${name} (${scope})`)

function sumOf(windows: Sum[], window: string): Sum {
  const nothing = { spent: 0, requests: 0, pieces: 0, silent: 0, unusable: 0, oldest: null }
  return windows.find((sum) => sum.window === window) ?? { window, ...nothing }
}

function badness(rows: Row[]): number {
  return (rows.some(({ met }) => !met) ? 1e15 : 0) + (rows[0]?.value ?? 0)
}

function leaves(oldest: string | null, window: string): string | null {
  return oldest === null ? null : new Date(Date.parse(oldest) + millisecondsOf(window)).toISOString()
}

/** Three digits, as many as a glance takes in. */
function few(value: number): string {
  return String(Number(value.toPrecision(3)))
}
