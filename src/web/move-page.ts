// One move's story: what was asked, each gate, why it ended as it did, and what the record holds of it.
import { html } from 'hono/html'
import { headline, nextSteps } from '../core/decision/explain/comment.ts'
import { reasonWords } from '../core/decision/explain/reasons.ts'
import type { Attempt } from '../core/decision/move.ts'
import { gateSection, runPart } from './gate-section.ts'
import { page } from './layout.ts'
import { away, type Content, digest, facts, type Html, moment, name, sign, table, typed, words } from './markup.ts'
import { wayOf } from './move-list.ts'
import { actsPart, emergencyPart, entriesPart, peoplePart, waiversPart } from './move-record.ts'
import { mover } from './mover.ts'
import type { Story } from './story.ts'
import { toneOf } from './verdicts.ts'

const VIA: Record<Attempt['via'], string> = {
  board: 'on the board',
  automation: "by GitHub's board automation",
  label: 'by a label',
  command: 'by a comment',
  andon: 'by Andon',
}

export function movePage(story: Story): Html {
  const { move, attempt } = story
  const title = move.seen?.card.title || 'Untitled card'
  return page(
    title,
    html`<nav class="crumbs" aria-label="Where you are"><a href="/">Moves</a> <span aria-hidden="true">/</span> ${name(attempt.id)}</nav>
<h1>${typed(title, 300)}</h1>
<p class="headline">${sign(toneOf(attempt.outcome))} ${words(headline(move, attempt).replace(/^\S+ /, ''))}.</p>
${summary(story)}
${why(attempt)}
${section('gates', 'Gates', gates(story))}
${section('emergency', 'Emergency', emergencyPart(story))}
${section('waivers', 'Waivers', waiversPart(story))}
${section('then', 'Then', followUps(story))}
${section('change', 'The change', changePart(story))}
${section('people', 'Who approved', peoplePart(story))}
${section('acts', 'What Andon did', actsPart(story.acts))}
${section('entries', 'Entries of the record', entriesPart(story))}`,
  )
}

function section(id: string, title: string, content: Content): Html | null {
  return content === null
    ? null
    : html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${content}</section>`
}

function summary({ move, attempt }: Story): Html {
  const content = move.seen?.card.content
  const address = move.seen?.card.address
  return facts([
    ['Move', wayOf(attempt)],
    ['Asked', html`by ${mover(attempt)} ${VIA[attempt.via]}, ${moment(attempt.openedAt)}`],
    ['Ended', attempt.endedAt ? moment(attempt.endedAt) : null],
    ['Card', content ? away(content.url, typed(`${content.repository}#${content.number}`)) : 'a draft'],
    ['Board', address ? typed(`${address.owner}, project ${address.number}`) : null],
    ['Kind of change', attempt.changeKind ? typed(attempt.changeKind) : 'none named'],
    ['Risk', attempt.risk === 'default' ? null : typed(attempt.risk)],
    ['While it waits', attempt.outcome === null && attempt.forward ? WAITING[attempt.whileWaiting] : null],
  ])
}

const WAITING = { stay: 'the card stays in the new column', return: 'the card waits where it came from' }

function why(attempt: Attempt): Content {
  const reasons = attempt.refusals.map(
    ({ gate, reason, detail }) =>
      html`<li>${gate === null ? null : html`${name(gate)}: `}${words(reasonWords(reason, detail))}</li>`,
  )
  const next = nextSteps(attempt).map((step) => html`<li>${words(step)}</li>`)
  return [
    section('why', 'Why', reasons.length > 0 ? html`<ul>${reasons}</ul>` : null),
    section('next', 'What to do next', next.length > 0 ? html`<ul>${next}</ul>` : null),
  ]
}

function gates({ move, attempt }: Story): Content {
  if (attempt.gates.length + attempt.late.length === 0)
    return html`<p>${attempt.forward ? 'No gate was asked.' : 'A move back is always granted, and recorded.'}</p>`
  return [
    ...attempt.gates.map((gate) => gateSection(move, attempt, gate)),
    ...attempt.late.map((gate) => gateSection(move, attempt, gate, true)),
  ]
}

function followUps({ move, attempt }: Story): Content {
  const requests = attempt.followUps.flatMap((id) => move.requests[id] ?? [])
  if (requests.length === 0) return null
  return requests.map(
    (request) => html`<article class="gate"><h3>${name(request.name)}</h3>${runPart(request, false)}</article>`,
  )
}

/** The change and the policy as they were judged, and the parts where the last read still showed that change. */
function changePart({ move, attempt, entries }: Story): Content {
  const seen = entries.flatMap(({ event }) => (event.kind === 'card-seen' ? [event] : []))
  const change = seen.findLast((read) => read.change?.digest === attempt.change)?.change ?? null
  const policy = [...seen, ...(move.seen ? [move.seen] : [])].findLast((read) => read.policy?.digest === attempt.policy)
  const sources = policy?.policy?.sources ?? []
  return [
    facts([
      ['Change', attempt.change ? digest(attempt.change) : 'not resolved'],
      [
        'Commit',
        attempt.commit
          ? html`${digest(attempt.commit.sha)} of ${typed(attempt.commit.repository)}${attempt.commit.floating ? ' (head of the default branch)' : null}`
          : 'none',
      ],
      ['Policy', attempt.policy ? digest(attempt.policy) : 'none could be read'],
      [
        'Policy from',
        sources.length > 0
          ? sources.flatMap(({ repository, path, blob }, index) => [
              index > 0 ? ', on top of ' : null,
              html`${typed(`${repository}/${path}`)} ${digest(blob)}`,
            ])
          : null,
      ],
    ]),
    change && change.parts.length > 0
      ? table(
          html`<span class="quiet">Parts of the change</span>`,
          [{ title: 'Part' }, { title: 'Name' }, { title: 'Path' }, { title: 'Digest' }],
          change.parts.map((part) => ({
            cells: [
              name(part.key),
              part.name === null ? null : typed(part.name),
              part.path === null ? null : typed(part.path),
              part.digest === null ? 'not resolved' : digest(part.digest),
            ],
          })),
          'cards',
        )
      : null,
  ]
}
