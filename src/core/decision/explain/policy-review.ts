// The check run `andon / policy` on a pull request: what is wrong with the policy, what changes, and what it would have done.
import { type Problem, sentence } from '../../facts/problem.ts'
import type { OrganizationReview, RepositoryReview } from '../../policy/review.ts'
import type { ReplaySummary } from '../replay-summary.ts'
import { code, oneLine, plain } from './escape.ts'
import { differenceWords, EFFECT_WORDS } from './policy-differences.ts'
import { replayHeadline, replayLists, yieldWords } from './replay.ts'

export const POLICY_CHECK = 'andon / policy'

/** A mark on a line of a file; plain text. */
export type Annotation = { path: string; line: number; level: 'warning' | 'failure'; title: string; message: string }

export type ReviewWords = {
  conclusion: 'success' | 'failure' | 'neutral'
  title: string
  summary: string
  text: string
  annotations: Annotation[]
}

/** `repository`: whose pull request it is. `replay` null: nothing could be replayed under this policy. */
export function policyReviewWords(
  repository: string,
  review: RepositoryReview | OrganizationReview,
  replay: ReplaySummary | null,
): ReviewWords {
  const { problems, warnings, differences } = review
  const marks = [...marked(repository, problems, 'failure'), ...marked(repository, warnings, 'warning')]
  const unreadable = problems.length > 0
  const elsewhere = [...problems, ...warnings].filter((problem) => pathIn(repository, problem) === null)
  const where =
    elsewhere.length > 0 ? '; those of this repository are marked on their lines' : ', each marked on its line'
  const parts = [
    unreadable
      ? `⛔ This policy cannot be used: ${some(problems.length, 'problem')}${where}.`
      : differences.length === 0
        ? 'Nothing changes: the policy says what it said before.'
        : `**What changes**\n\n${listed(
            differences.map((one) => `- ${differenceWords(one)}`),
            MOST_DIFFERENCES,
          )}`,
    ...(warnings.length > 0 ? [`⚠️ ${some(warnings.length, 'warning')}${where}.`] : []),
    ...(marks.length > MOST_MARKS
      ? [`${marks.length - MOST_MARKS} of the problems and warnings are not marked: a check run holds no more.`]
      : []),
    ...(elsewhere.length > 0
      ? [
          `In other files:\n\n${listed(
            elsewhere.map((one) => `- ${plain(sentence(one), 1_000)}`),
            MOST_ELSEWHERE,
          )}`,
        ]
      : []),
    ...('leaning' in review ? [leaningWords(review)] : []),
    ...(replay === null || unreadable ? [] : replayWords(replay)),
    'Nothing of this is in force yet: only the default branch counts.',
  ]
  return {
    conclusion: unreadable || breaks(review) > 0 ? 'failure' : differences.length === 0 ? 'neutral' : 'success',
    title: oneLine(titleOf(review, unreadable ? null : replay)),
    summary: parts.join('\n\n'),
    text: replay === null || unreadable ? '' : replayLists(replay, MOST_MOVES).join('\n\n'),
    annotations: marks.slice(0, MOST_MARKS),
  }
}

const MOST_MARKS = 500
const MOST_DIFFERENCES = 100
const MOST_ELSEWHERE = 20
const MOST_MOVES = 50
const MOST_NAMED = 20

function titleOf(review: RepositoryReview | OrganizationReview, replay: ReplaySummary | null): string {
  const { problems, differences } = review
  if (problems.length > 0) return `${some(problems.length, 'problem')}: this policy cannot be used`
  if (breaks(review) > 0)
    return `The ${breaks(review) === 1 ? 'policy of one repository' : `policies of ${breaks(review)} repositories`} could no longer be read`
  if (differences.length === 0) return 'Nothing changes'
  const effects = (['looser', 'maybe', 'stricter'] as const).flatMap((effect) => {
    const count = differences.filter((one) => one.effect === effect).length
    return count === 0 ? [] : [`${count} ${EFFECT_WORDS[effect]}`]
  })
  const changes = `${some(differences.length, 'change')}${effects.length > 0 ? ` (${effects.join(', ')})` : ''}`
  return replay === null || replay.moves === 0 ? changes : `${changes}. ${replayHeadline(replay)}`
}

/** Repositories whose policy would be unreadable on top of this one. */
function breaks(review: RepositoryReview | OrganizationReview): number {
  return 'broken' in review ? review.broken.length : 0
}

function replayWords(replay: ReplaySummary): string[] {
  const yields = yieldWords(replay.gates, replay.moves)
  return [
    `**Replay**\n\n${replayHeadline(replay)}`,
    ...(yields.length > 0 ? [`**Gates**\n\n${yields.map((line) => `- ${line}`).join('\n')}`] : []),
  ]
}

function leaningWords({ leaning, broken }: OrganizationReview): string {
  const lean = `${leaning === 0 ? 'No repository has' : leaning === 1 ? 'One repository has' : `${leaning} repositories have`} a policy of ${leaning > 1 ? 'their' : 'its'} own on top of this one.`
  if (broken.length === 0) return `${lean} Replayed are the moves of all other cards.`
  const more = broken.length > MOST_NAMED ? ` and ${broken.length - MOST_NAMED} more` : ''
  return `${lean} ⛔ With this change these could no longer be read: ${broken
    .slice(0, MOST_NAMED)
    .map((name) => code(name))
    .join(', ')}${more}.`
}

function marked(repository: string, problems: Problem[], level: Annotation['level']): Annotation[] {
  return problems.flatMap((problem) => {
    const path = pathIn(repository, problem)
    if (path === null) return []
    const message = oneLine(`${problem.message}${problem.remedy ? ` ${problem.remedy}` : ''}`, 2_000)
    return [{ path, line: problem.line ?? 1, level, title: POLICY_CHECK, message }]
  })
}

/** The path of a problem's file in the pull request's own repository; null where it is another's. */
function pathIn(repository: string, { file }: Problem): string | null {
  return file?.toLowerCase().startsWith(`${repository.toLowerCase()}/`) ? file.slice(repository.length + 1) : null
}

function listed(lines: string[], most: number): string {
  const more = lines.length > most ? [`- and ${lines.length - most} more`] : []
  return [...lines.slice(0, most), ...more].join('\n')
}

function some(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
