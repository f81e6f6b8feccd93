// Carries out several writes in one GraphQL request, in order, and tells the outcome of each.
import { z } from 'zod'
import { COMMENT_MARKER } from '../core/decision/explain/comment.ts'
import { placeSchema, readAnswer } from './card-answer.ts'
import { PLACE } from './card-query.ts'
import { CHECK_LIMIT, COMMENT_LIMIT, cutText } from './cut-text.ts'
import { GitHubProblem, type GraphError, graphKind } from './github-problem.ts'
import type { CheckAnnotation, CheckWrite, Unwritten, Write, Written } from './port.ts'
import type { Redact } from './redact.ts'
import { placeIn } from './translate-card.ts'
import type { Wire } from './wire.ts'

/** One write: its input type and value, its mutation, and what is asked back. */
type Part = { input: string; variable: Record<string, unknown>; mutation: string; answer: string }

/**
 * Throws a `GitHubProblem` where no answer came: nobody knows then which of the writes were done. GitHub carries out
 * the parts of a mutation one after the other, and goes on after one that failed. A comment or check run that was
 * deleted meanwhile is made anew, by a second request. A card's return does not wait for the limit on contents: where
 * the whole may not go now, it goes alone.
 */
export async function performWrites(wire: Wire, writes: Write[], redact: Redact): Promise<Written[]> {
  const first = await send(wire, writes, redact).catch(async (problem: unknown) => {
    const { kind, status, message, retryAfter } = problem as GitHubProblem
    // Without a status it was not GitHub that refused: nothing was sent.
    const unsent = problem instanceof GitHubProblem && kind === 'rate-limit' && status === null
    if (!unsent || writes.every(makesContent) || !writes.some(makesContent)) throw problem
    const moves = writes.filter((write) => !makesContent(write))
    const sent = await send(wire, moves, redact)
    const later: Sent = { written: { ok: false, why: 'outage', message, retryAfter }, lost: false }
    return writes.map((write) => sent[moves.indexOf(write)] ?? later)
  })
  const lost = writes.flatMap((write, n) => (first[n]?.lost ? [{ ...write, id: null, n }] : []))
  const second = await send(wire, lost, redact)
  return first.map(({ written }, n) => second[lost.findIndex((write) => write.n === n)]?.written ?? written)
}

type Sent = { written: Written; lost: boolean }

async function send(wire: Wire, writes: Write[], redact: Redact): Promise<Sent[]> {
  if (writes.length === 0) return []
  const { document, variables } = writeDocument(writes)
  const { data, errors } = await wire.mutate({
    document,
    variables,
    urgency: writes.some(isUrgent) ? 'verdict' : 'cosmetic',
    content: writes.filter(makesContent).length,
  })
  return writes.map((write, n) => {
    const own = errors.filter((error) => error.path[0] === `w${n}`)
    const known = (write.write === 'comment' || write.write === 'check') && write.id !== null
    const lost = known && own.some((error) => graphKind(error) === 'not-found')
    return { written: outcome(write, data[`w${n}`], own, redact), lost }
  })
}

/** One document for all of them. Only names of ours are written into it; all values are variables. */
export function writeDocument(writes: Write[]): { document: string; variables: Record<string, unknown> } {
  const parts = writes.map(partOf)
  const declared = parts.map((part, n) => `$i${n}: ${part.input}!`).join(', ')
  const fields = parts.map((part, n) => `w${n}: ${part.mutation}(input: $i${n}) { ${part.answer} }`).join('\n  ')
  const places = writes.some((write) => write.write === 'place') ? PLACE : ''
  return {
    document: `mutation Write(${declared}) {\n  ${fields}\n}${places}`,
    variables: Object.fromEntries(parts.map((part, n) => [`i${n}`, part.variable])),
  }
}

/** A verdict, a card's return and a card's removal go before what only looks nicer. A cancelled check is no verdict. */
function isUrgent(write: Write): boolean {
  if (write.write === 'check') return write.conclusion !== null && write.conclusion !== 'cancelled'
  return write.write === 'place' || write.write === 'archive'
}

/** GitHub counts apart what makes content, and allows little of it. */
function makesContent(write: Write): boolean {
  return write.write === 'check' || write.write === 'comment'
}

function partOf(write: Write): Part {
  switch (write.write) {
    case 'place': {
      const where = { projectId: write.project, itemId: write.item, fieldId: write.field }
      const answer = 'projectV2Item { id ...Place }'
      return write.option === null
        ? {
            input: 'ClearProjectV2ItemFieldValueInput',
            variable: where,
            mutation: 'clearProjectV2ItemFieldValue',
            answer,
          }
        : {
            input: 'UpdateProjectV2ItemFieldValueInput',
            variable: { ...where, value: { singleSelectOptionId: write.option } },
            mutation: 'updateProjectV2ItemFieldValue',
            answer,
          }
    }
    case 'archive':
      return {
        input: 'ArchiveProjectV2ItemInput',
        variable: { projectId: write.project, itemId: write.item },
        mutation: 'archiveProjectV2Item',
        answer: 'item { id }',
      }
    case 'check':
      return checkPart(write)
    case 'comment': {
      const marker = write.body.includes(COMMENT_MARKER) ? COMMENT_MARKER : ''
      const body = cutText(write.body, COMMENT_LIMIT, marker)
      return write.id === null
        ? {
            input: 'AddCommentInput',
            variable: { subjectId: write.subject, body },
            mutation: 'addComment',
            answer: 'commentEdge { node { id url } }',
          }
        : {
            input: 'UpdateIssueCommentInput',
            variable: { id: write.id, body },
            mutation: 'updateIssueComment',
            answer: 'issueComment { id url }',
          }
    }
    case 'remove-label':
      return {
        input: 'RemoveLabelsFromLabelableInput',
        variable: { labelableId: write.subject, labelIds: [write.label] },
        mutation: 'removeLabelsFromLabelable',
        answer: 'labelable { __typename }',
      }
    default:
      return write satisfies never
  }
}

function checkPart(write: CheckWrite): Part {
  const stand = {
    repositoryId: write.repositoryId,
    name: write.name,
    externalId: write.externalId,
    ...(write.detailsUrl === null ? {} : { detailsUrl: write.detailsUrl }),
    ...(write.conclusion === null
      ? { status: 'IN_PROGRESS' }
      : { status: 'COMPLETED', conclusion: write.conclusion.toUpperCase() }),
    output: {
      title: write.title,
      summary: cutText(write.summary, CHECK_LIMIT),
      ...(write.text === '' ? {} : { text: cutText(write.text, CHECK_LIMIT) }),
      ...(write.annotations && write.annotations.length > 0 ? { annotations: write.annotations.map(mark) } : {}),
    },
  }
  const answer = 'checkRun { id permalink }'
  return write.id === null
    ? { input: 'CreateCheckRunInput', variable: { ...stand, headSha: write.sha }, mutation: 'createCheckRun', answer }
    : { input: 'UpdateCheckRunInput', variable: { ...stand, checkRunId: write.id }, mutation: 'updateCheckRun', answer }
}

function mark({ path, line, level, title, message }: CheckAnnotation): Record<string, unknown> {
  const location = { startLine: line, endLine: line }
  return { path, location, annotationLevel: level.toUpperCase(), title, message }
}

const handle = z.object({ id: z.string(), url: z.string().optional(), permalink: z.string().optional() })
const payload = z.object({
  projectV2Item: z.object({ id: z.string(), fieldValues: placeSchema }).nullish(),
  item: z.object({ id: z.string() }).nullish(),
  checkRun: handle.nullish(),
  commentEdge: z.object({ node: handle.nullable() }).nullish(),
  issueComment: handle.nullish(),
})

function outcome(write: Write, answer: unknown, errors: GraphError[], redact: Redact): Written {
  if (errors.length > 0 || answer === null || answer === undefined) {
    const message = redact(errors.map((error) => error.message).join(' ')) || 'GitHub did not say what became of it.'
    return { ok: false, why: whyNot(write, errors), message }
  }
  const read = readAnswer(payload, answer)
  const place =
    read.projectV2Item && write.write === 'place' ? placeIn(read.projectV2Item.fieldValues, write.field) : null
  const made = read.checkRun ?? read.commentEdge?.node ?? read.issueComment
  const id = made?.id ?? read.projectV2Item?.id ?? read.item?.id ?? null
  return { ok: true, id, url: made?.url ?? made?.permalink ?? null, place }
}

/** What every installation hears that lacks a permission. */
const NOT_ACCESSIBLE = /not accessible by integration/i

function whyNot(write: Write, errors: GraphError[]): Unwritten {
  const kinds = errors.map(graphKind)
  const passes = kinds.some((kind) => kind === 'unavailable' || kind === 'rate-limit' || kind === 'secondary-limit')
  if (passes || errors.length === 0) return 'outage'
  if (errors.some(({ message }) => NOT_ACCESSIBLE.test(message))) return 'denied'
  // A thread may forbid what the app may do elsewhere; a board that is not shown any more is a lost permission too.
  if (write.write === 'comment' || write.write === 'remove-label') return 'refused'
  const gone = write.write !== 'check' && kinds.includes('not-found')
  return gone || kinds.includes('forbidden') ? 'denied' : 'refused'
}
