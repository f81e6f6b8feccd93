// What another policy would have decided about recorded moves, in Markdown.
import type { ReplayedMove } from '../replay-moves.ts'
import type { GateYield, ReplaySummary } from '../replay-summary.ts'
import type { Need } from '../ruling.ts'
import { columnWords } from './comment.ts'
import { code, link, plain } from './escape.ts'
import { time } from './numbers.ts'
import { reasonWords } from './reasons.ts'

const MOST_NEEDS = 5

/** "Of the last 200 moves, 7 would now be refused, 2 granted." */
export function replayHeadline({ moves, refused, granted, waiting, untold }: ReplaySummary): string {
  if (moves === 0) return 'The record holds no decided move of this board yet.'
  const parts = [
    ...(refused.length > 0 ? [`${refused.length} would now be refused`] : []),
    ...(granted.length > 0 ? [`${granted.length} ${refused.length > 0 ? '' : 'would now be '}granted`] : []),
    ...(waiting.length > 0 ? [`${waiting.length} would wait`] : []),
    ...(untold.length > 0 ? [`${untold.length} cannot be told from the record`] : []),
  ]
  if (moves === 1) return `The one move recorded ${parts[0]?.slice(2) ?? 'would be decided as it was'}.`
  return `Of the last ${moves} moves, ${parts.length === 0 ? 'none would be decided otherwise' : parts.join(', ')}.`
}

/** One move whose outcome is another one, as one line of a list. */
function replayedMoveWords(replayed: ReplayedMove): string {
  const { card, move, at, from, to, recorded } = replayed
  const name = card.repository === null ? '' : `${card.repository}#${card.number} `
  const shown = card.url === null ? plain(`${name}${card.title}`) : link(`${name}${card.title}`, card.url)
  const why = replayReasons(replayed)
  const way = `${columnWords(from)} → ${columnWords(to)}`
  return `- ${shown}, ${way}, ${recorded} ${time(at)}${why.length > 0 ? `: ${why.join(' ')}` : '.'} [record](andon://moves/${move})`
}

/** Why a move would be decided otherwise, in sentences. */
export function replayReasons({ ruling }: ReplayedMove): string[] {
  return [...ruling.reasons.map(sayReason), ...(ruling.needs.length > 0 ? [sayNeeds(ruling.needs)] : [])]
}

/** Heading and moves of each outcome that is another one; of many moves only the newest. */
export function replayLists(summary: ReplaySummary, most: number): string[] {
  return OUTCOMES.flatMap((outcome) => {
    const moves = summary[outcome]
    if (moves.length === 0) return []
    const more = moves.length > most ? [`- and ${moves.length - most} more`] : []
    return [[`**${HEADINGS[outcome]}**\n`, ...moves.slice(0, most).map(replayedMoveWords), ...more].join('\n')]
  })
}

export const OUTCOMES = ['refused', 'granted', 'waiting', 'untold'] as const

export const HEADINGS = {
  refused: 'Would now be refused',
  granted: 'Would now be granted',
  waiting: 'Would wait',
  untold: 'Cannot be told from the record',
}

/** What each gate that is only shown would do if it were enforced; and the gates that never made a difference. */
export function yieldWords(gates: GateYield[], moves: number): string[] {
  const shown = gates
    .filter((gate) => !gate.enforce)
    .map(
      (gate) =>
        `${code(gate.gate)} is only shown: ${judgedWords(gate)}; enforced, it would have refused ${gate.refused}.`,
    )
  const idle = gates
    .filter(({ judged, untold }) => moves > 0 && judged + untold === 0)
    .map(({ gate }) => `${code(gate)} applied to none of these moves.`)
  const easy = gates
    .filter(
      ({ enforce, judged, passed, untold }) => enforce && judged >= MOST_SURE && passed === judged && untold === 0,
    )
    .map(({ gate, judged }) => `${code(gate)} passed each of the ${judged} moves that it was asked about.`)
  return [...shown, ...easy, ...idle]
}

/** A gate that always passed is worth a word only where it was asked this often. */
const MOST_SURE = 10

function judgedWords({ judged, untold }: GateYield): string {
  const times = `judged ${judged} ${judged === 1 ? 'time' : 'times'}`
  return untold === 0 ? times : `${times}, and ${untold} ${untold === 1 ? 'time' : 'times'} it cannot be told`
}

function sayReason({ gate, reason, detail }: ReplayedMove['ruling']['reasons'][number]): string {
  return `${gate === null ? '' : `${code(gate)}: `}${reasonWords(reason, detail)}`
}

function sayNeeds(needs: Need[]): string {
  const all = [...new Set(needs.map(needWords))]
  const more = all.length > MOST_NEEDS ? `, and ${all.length - MOST_NEEDS} more` : ''
  return `Needs ${all.slice(0, MOST_NEEDS).join(', ')}${more}.`
}

function needWords(need: Need): string {
  switch (need.fact) {
    case 'run':
      return `a run of ${code(need.file)} for ${code(need.gate)}`
    case 'metric':
      return `${code(need.metric)}, which was not measured for ${code(need.gate)}`
    case 'unread':
      return `what ${code(need.gate)} asks`
    case 'blobs':
      return `whether ${need.paths.map((path) => code(path)).join(', ')} ${need.paths.length === 1 ? 'was' : 'were'} at the commit`
    case 'check-runs':
      return 'the check runs of the commit'
    case 'touched':
      return `whether the pull request touched ${need.globs.map((glob) => code(glob)).join(', ')}`
    case 'team':
      return `the members of ${code(need.slug)}`
    case 'column':
      return `the cards that stood in ${columnWords(need.name)}`
    case 'issues':
      return `the open issues that match ${code(need.query)}`
    case 'issue-state':
      return 'whether an issue was closed'
    case 'record':
      return `what the other cards of the board did (${code(need.question.of)})`
    default:
      return need satisfies never
  }
}
