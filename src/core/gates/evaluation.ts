// Gate `evaluation`: a workflow measures, and each metric is held against its criterion here.
import { z } from 'zod'
import { type Criterion, criterionSchema, describeCriterion, meetsCriterion, showMeasured } from '../facts/criterion.ts'
import type { EvidenceSummary, Metric } from '../facts/evidence.ts'
import type { Judgement, Row } from '../facts/judgement.ts'
import { REASONS } from '../facts/reason.ts'
import type { WorkflowGate } from './gate.ts'
import { conceded, criterion, eachOf, free, same } from './tightening.ts'

const settings = z.strictObject({
  workflow: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,200}\.ya?ml$/, {
      error:
        'Name the workflow’s file alone, as in `andon-evaluate.yml`: it is looked for in `.github/workflows` of the default branch.',
    })
    .describe(
      'File name of the workflow in `.github/workflows` on the default branch. It declares one input, `andon`.',
    ),
  metrics: z
    .record(z.string().min(1).max(128), criterionSchema)
    .refine((metrics) => Object.keys(metrics).length > 0, {
      error: 'Name at least one metric: a gate that asks for nothing would always pass.',
    })
    .describe('What each metric of the evidence must reach. A metric that the evidence lacks fails.'),
  'timeout-minutes': z
    .number()
    .int()
    .min(1)
    .max(10_080)
    .default(60)
    .describe('After how many minutes without an answer the run counts as failed.'),
  with: z
    .record(z.string().min(1).max(128), z.unknown())
    .default({})
    .describe('Handed to the workflow as it is, in `fromJSON(inputs.andon).with`.'),
  reuse: z
    .boolean()
    .default(true)
    .describe(
      'Whether what was measured of the very same change under the same policy counts for a later move too. `false`: each move asks for a run of its own.',
    ),
})

type Settings = z.infer<typeof settings>

export const evaluationGate = {
  kind: 'evaluation',
  settings,
  tightening: {
    workflow: same,
    metrics: eachOf(criterion),
    'timeout-minutes': free,
    with: same,
    reuse: conceded,
  },
  question: (_context, settings) => ({
    ask: 'workflow',
    file: settings.workflow,
    criteria: settings.metrics,
    with: settings.with,
    timeoutMinutes: settings['timeout-minutes'],
  }),
  judge(answer, settings): Judgement {
    const urls = answer.runUrl === null ? {} : { urls: [answer.runUrl] }
    if ('reason' in answer) {
      const verdict = REASONS[answer.reason]
      const detail = answer.detail === null ? {} : { detail: [answer.detail] }
      // Without evidence nothing passes, whatever the reason's own verdict is.
      return { verdict: verdict === 'pass' ? 'error' : verdict, reason: answer.reason, ...detail, ...urls }
    }
    const rows = Object.entries(settings.metrics).map(([name, criterion]) =>
      judgeMetric(name, criterion, answer.evidence),
    )
    const unmeasured = rows.filter((row) => row.value === null)
    const missed = rows.filter((row) => !row.met)
    if (unmeasured.length > 0)
      return { verdict: 'fail', reason: 'metric-missing', detail: missed.map(sayMissed), rows, ...urls }
    if (missed.length > 0)
      return { verdict: 'fail', reason: 'criteria-missed', detail: missed.map(sayMissed), rows, ...urls }
    return { verdict: 'pass', reason: 'criteria-met', rows, ...urls }
  },
} satisfies WorkflowGate<Settings>

function judgeMetric(name: string, criterion: Criterion, evidence: EvidenceSummary): Row {
  const metric = Object.hasOwn(evidence.metrics, name) ? evidence.metrics[name] : undefined
  const row = { name, criterion: describeCriterion(criterion) }
  if (metric === undefined) return { ...row, value: null, met: false, note: 'the evidence does not hold it' }
  if (metric.n === 0) return { ...row, value: null, met: false, n: 0, note: 'it was measured on no case' }
  const measured = {
    ...(metric.n === undefined ? {} : { n: metric.n }),
    ...(metric.stderr === undefined ? {} : { stderr: metric.stderr }),
  }
  const unmeasured = casesLeftOut(name, metric, evidence)
  if (unmeasured === 0)
    return { ...row, value: metric.value, met: meetsCriterion(metric.value, criterion), ...measured }
  return { ...row, ...judgeWorst(metric.value, criterion, unmeasured, evidence.cases?.total ?? 0), ...measured }
}

/**
 * How many cases of the run have no part in the metric, though they should. Where it says over how many cases it was
 * computed (`n`), all others; where it does not, those that ended in an error or without a result. A metric that cases
 * bear a score of by its name may be about some of them only: then no more than the errored and unscored ones.
 */
function casesLeftOut(name: string, metric: Metric, { cases }: EvidenceSummary): number {
  if (cases === undefined) return 0
  const withoutResult = cases.errored + cases.unscored
  if (metric.n === undefined) return Math.min(withoutResult, cases.total)
  const others = Math.max(0, cases.total - metric.n)
  const ofSome = cases.scored !== undefined && Object.hasOwn(cases.scored, name)
  return ofSome ? Math.min(others, withoutResult) : others
}

/**
 * Holds the worst the metric could be, had the cases left out been measured, against the criterion: nothing gained
 * where more is better, all lost where less is better. That is exact for a mean of values in [0, 1], and the bound for
 * any mean that is not negative; beyond 1 there is no worst, so an upper bound is held against what was measured.
 */
function judgeWorst(
  value: number,
  criterion: Criterion,
  left: number,
  total: number,
): Pick<Row, 'value' | 'met' | 'note'> {
  const share = (total - left) / total
  const low = Math.min(value, value * share)
  const high = value >= 0 && value <= 1 ? value * share + left / total : value
  const { min = -Infinity, max = Infinity } = criterion
  const shown = criterion.max === undefined || low < min ? low : high
  const note = `measured ${round(value)}; ${left} of ${total} cases have no result and count against it`
  return { value: round(shown), met: low >= min && high <= max, note }
}

/** Six digits are enough to show, and hide no miss: what is met was decided before. */
const round = (value: number) => Number(value.toPrecision(6))

function sayMissed(row: Row): string {
  const note = row.note === undefined ? '' : ` (${row.note})`
  return row.value === null
    ? `${row.name} was not measured, and must be ${row.criterion}${note}`
    : `${row.name} is ${showMeasured(row.value, row.criterion)}, and must be ${row.criterion}${note}`
}
