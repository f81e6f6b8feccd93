// Gate `manifest`: the change is declared, and every part that must be known resolves to a digest.
import { z } from 'zod'
import type { Part } from '../facts/change.ts'
import type { Judgement } from '../facts/judgement.ts'
import { sentence } from '../facts/problem.ts'
import type { LocalGate } from './gate.ts'
import { keepsAll } from './tightening.ts'

const settings = z.strictObject({
  requires: z
    .array(z.string().min(1).max(64))
    .min(1)
    .optional()
    .describe(
      'Sections the manifest must hold, resolved, besides those that `changes` requires of the kind of change.',
    ),
})

type Settings = z.infer<typeof settings>

export const manifestGate = {
  kind: 'manifest',
  settings,
  tightening: { requires: keepsAll },
  question(context) {
    const change = context.change
    const paths = change?.parts.flatMap((part) => (part.path !== null && part.digest === null ? [part.path] : [])) ?? []
    if (change === null || paths.length === 0) return { ask: 'nothing' }
    return { ask: 'github', queries: [{ fact: 'blobs', repository: change.repository, sha: change.sha, paths }] }
  },
  judge(_answer, settings, context): Judgement {
    const { change, card, manifestProblems } = context
    if (change === null) {
      if (card.manifest === null && manifestProblems.length === 0)
        return { verdict: 'fail', reason: 'manifest-missing' }
      return { verdict: 'fail', reason: 'manifest-unreadable', detail: manifestProblems.map(sentence) }
    }
    const kinds = context.knownKinds ?? []
    if (kinds.length > 0 && (context.changeKind === null || !kinds.includes(context.changeKind))) {
      return { verdict: 'fail', reason: 'change-kind-unknown', detail: kindDetail(context.changeKind, kinds) }
    }
    return judgeSections([...new Set([...context.requires, ...(settings.requires ?? [])])], change.parts)
  },
} satisfies LocalGate<Settings>

function judgeSections(required: string[], parts: Part[]): Judgement {
  const absent = required.filter((section) => !parts.some((part) => part.section === section))
  const needed = parts.filter((part) => required.includes(part.section))
  const unresolved = needed.filter((part) => part.digest === null).map(unresolvedDetail)
  if (absent.length > 0) {
    return {
      verdict: 'fail',
      reason: 'manifest-incomplete',
      detail: [...absent.map((section) => `${section} is missing`), ...unresolved],
    }
  }
  if (unresolved.length > 0) return { verdict: 'fail', reason: 'manifest-unresolved', detail: unresolved }
  return { verdict: 'pass', reason: 'manifest-resolved', detail: needed.map((part) => `${part.key}: ${part.digest}`) }
}

function unresolvedDetail(part: Part): string {
  if (part.path !== null) return `${part.key}: ${part.path} is not at the commit under test`
  if (part.section === 'rollback') return `${part.key} does not say \`to\` which version`
  if (part.section === 'environment') return `${part.key} has no name`
  return `${part.key}${part.name === null ? '' : ` (${part.name})`} has neither a digest nor a path`
}

function kindDetail(kind: string | null, kinds: string[]): string[] {
  const known = `the policy knows ${kinds.join(', ')}`
  return [
    kind === null
      ? `no label and no \`kind\` says what kind of change this is; ${known}`
      : `${kind} is not a kind of change; ${known}`,
  ]
}
