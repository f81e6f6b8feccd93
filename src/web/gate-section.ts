// One gate of a move: its verdict, its numbers beside their criteria, the runs it asked for and the evidence they handed in.

import { html } from 'hono/html'
import { number } from '../core/decision/explain/numbers.ts'
import { reasonWords } from '../core/decision/explain/reasons.ts'
import type { Attempt, GateState, Move, Request } from '../core/decision/move.ts'
import { showMeasured } from '../core/facts/criterion.ts'
import type { EvidenceSummary } from '../core/facts/evidence.ts'
import type { Judgement, Row } from '../core/facts/judgement.ts'
import {
  away,
  type Column,
  type Content,
  digest,
  facts,
  type Html,
  moment,
  name,
  state,
  table,
  typed,
  words,
} from './markup.ts'
import { gateState } from './verdicts.ts'

const MOST_LINKS = 10

/** `late`: it started because the card arrived, and decides nothing yet. */
export function gateSection(move: Move, attempt: Attempt, gate: GateState, late = false): Html {
  const { judgement } = gate
  const runs = runsOf(move, attempt, gate.name, gate.request)
  const notes = [
    gate.kind,
    ...(late ? ['started as the card arrived'] : gate.enforce ? [] : ['shown only: it decides nothing']),
  ]
  return html`<article class="gate">
<h3>${name(gate.name)} ${gateState(gate, attempt.outcome !== null && !late)} <span class="quiet">${typed(notes.join(', '))}</span></h3>
${judgement ? found(judgement, runs) : html`<p>${attempt.outcome === null ? 'It has not answered yet.' : 'It was not asked: the move was settled before.'}</p>`}
${runs.map((request) => runPart(request, request.id === gate.request))}
</article>`
}

function found(judgement: Judgement, runs: Request[]): Content {
  const shown = new Set(runs.map(({ run }) => run?.url))
  return [
    html`<p>${words(reasonWords(judgement.reason, judgement.detail))}</p>`,
    judgement.rows && judgement.rows.length > 0 ? numbers(judgement.rows) : null,
    judgement.until ? html`<p class="quiet">Andon looks again by ${moment(judgement.until)}.</p>` : null,
    links((judgement.urls ?? []).filter((url) => !shown.has(url))),
  ]
}

function numbers(rows: Row[]): Html {
  const shown = COLUMNS.filter(({ of }, index) => index < 4 || rows.some((row) => of(row) !== null))
  return table(
    html`<span class="quiet">Measured against the criteria</span>`,
    shown,
    rows.map((row) => ({ cells: shown.map(({ of }) => of(row)) })),
    'cards numbers',
  )
}

/** The last three are left out where no row has them. */
const COLUMNS: (Column & { of: (row: Row) => Content })[] = [
  { title: 'Metric', of: (row) => name(row.name) },
  {
    title: 'Measured',
    align: 'end',
    of: (row) => (row.value === null ? 'not measured' : showMeasured(row.value, row.criterion)),
  },
  { title: 'Criterion', align: 'end', of: (row) => typed(row.criterion) },
  { title: 'Met', of: (row) => (row.met ? state('pass', 'yes') : state('fail', 'no')) },
  { title: 'Cases', align: 'end', of: (row) => (row.n === undefined ? null : number(row.n)) },
  { title: 'Standard error', align: 'end', of: (row) => (row.stderr === undefined ? null : number(row.stderr)) },
  { title: 'Note', of: (row) => (row.note === undefined ? null : typed(row.note)) },
]

function links(urls: string[]): Html | null {
  if (urls.length === 0) return null
  const shown = urls
    .slice(0, MOST_LINKS)
    .map((url) => html`<li>${away(url, typed(url.replace(/^https?:\/\//, '')))}</li>`)
  return html`<ul class="links">${shown}</ul>`
}

/** What was asked of workflows for this gate: in this move, and the run in force where an earlier move made it. */
function runsOf(move: Move, attempt: Attempt, gate: string, inForce: string | null): Request[] {
  return Object.values(move.requests).filter(
    ({ id, move: of, name, purpose }) => id === inForce || (of === attempt.id && name === gate && purpose !== 'then'),
  )
}

/** A workflow run that was asked for, and what came of it. */
export function runPart(request: Request, inForce: boolean): Html {
  const { run, ended, answer, dropped } = request
  const evidence = answer && 'evidence' in answer ? answer.evidence : null
  const refused = answer && !('evidence' in answer) ? answer : null
  return html`<div class="run">
${facts([
  ['Workflow', name(request.asked.file)],
  ['Run', run ? away(run.url, `run ${run.id}`) : 'not started yet'],
  ['Asked', moment(request.askedAt)],
  ['Answer by', ended ? null : moment(request.deadline)],
  ['Ended', ended ? html`${typed(ended.conclusion)}${ended.attempt > 1 ? `, attempt ${ended.attempt}` : null}` : null],
  ['Commit', request.commit ? digest(request.commit.sha) : null],
  ['Request', name(request.id)],
  [
    'Counts',
    dropped
      ? 'no: another run was asked for'
      : inForce || request.purpose === 'then'
        ? null
        : 'no: a later answer counts',
  ],
])}
${refused && !inForce ? html`<p>${words(reasonWords(refused.reason, refused.detail ? [refused.detail] : []))}</p>` : null}
${evidence ? evidencePart(evidence, request.evidence) : null}
</div>`
}

function evidencePart(evidence: EvidenceSummary, whole: string | null): Html {
  const { tool, suite, cases, started, ended, files, metrics, arms } = evidence
  return html`<details><summary>Evidence</summary>
${facts([
  ['Digest', whole ? digest(whole) : null],
  ['Tool', tool ? typed([tool.name, tool.version].filter(Boolean).join(' ')) : null],
  ['Suite', suite ? html`${typed(suite.name)}${suite.digest ? html` ${digest(suite.digest)}` : null}` : null],
  ['Commit tested', digest(evidence.sha)],
  ['Measured', started ? html`${moment(started)}${ended ? html` to ${moment(ended)}` : null}` : null],
  [
    'Cases',
    cases
      ? `${cases.total}: ${cases.passed} passed, ${cases.failed} failed, ${cases.errored} errored, ${cases.unscored} unscored`
      : null,
  ],
  [
    'Arms',
    arms
      ? listed(
          Object.entries(arms).map(
            ([arm, { requests, errors }]) => html`${name(arm)} ${errors} errors in ${requests} requests`,
          ),
        )
      : null,
  ],
  ['Files', files ? listed(files.map((file) => html`${typed(file.name)} ${digest(file.digest)}`)) : null],
])}
${table(
  html`<span class="quiet">All metrics of this evidence</span>`,
  [
    { title: 'Metric' },
    { title: 'Value', align: 'end' },
    { title: 'Cases', align: 'end' },
    { title: 'Standard error', align: 'end' },
  ],
  Object.entries(metrics).map(([metric, { value, n, stderr }]) => ({
    cells: [
      name(metric),
      number(value),
      n === undefined ? null : number(n),
      stderr === undefined ? null : number(stderr),
    ],
  })),
  'cards numbers',
)}
</details>`
}

function listed(items: Html[]): Content {
  return items.flatMap((item, index) => (index > 0 ? [', ', item] : [item]))
}
