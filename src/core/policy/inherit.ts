// Makes one policy out of the organization's file, the repository's and what they extend, or says all that is wrong with them.
import type { Checked, Problem } from '../facts/problem.ts'
import { doubtsOf } from './doubts.ts'
import { allLayers, type Bases, NO_BASES } from './layers.ts'
import { lockProblems } from './locks.ts'
import { mergeLayers } from './merged.ts'
import { nameProblems } from './names.ts'
import type { Policy } from './policy.ts'
import type { PolicySource } from './policy-file.ts'
import { resolvePolicy } from './resolve.ts'
import { policyFileSchema } from './schema.ts'

export { type Bases, NO_BASES, type PolicySource }

const MOST_PROBLEMS = 100

/** `sources`: the files that were read, lowest first; a preset's has no repository. */
export type Combined = Checked<Policy> & { sources: PolicySource[] }

/**
 * The policy in force: `changes`, `risk`, `agents`, `gates`, `workflows` and `labels.move` merged by name, the rest as a whole,
 * the repository's winning over the organization's, and each over what it extends; but what a lower layer locked may only
 * be tightened. Null where there is no file. Problems and warnings name the file, line and column. `now`, in milliseconds:
 * warns of what is past, too.
 */
export function combine(
  organization: PolicySource | null,
  repository: PolicySource | null,
  bases: Bases = NO_BASES,
  now: number | null = null,
): Combined | null {
  if (organization === null && repository === null) return null
  const layers = allLayers(organization, repository, bases)
  const sources = layers.map((file) => file.source)
  const wrong = (problems: Problem[]): Combined => ({ ok: false, problems: problems.slice(0, MOST_PROBLEMS), sources })
  const problems = layers.flatMap((file) => inOrder(file.problems))
  // What is missing or undefined may stand in what could not be read.
  if (layers.some((file) => file.raw === null) || problems.some(isOfExtends)) return wrong(problems)
  const merged = mergeLayers(layers)
  for (const [key, remedy] of Object.entries(NEEDED)) {
    if (!Object.hasOwn(merged.raw, key))
      problems.push(merged.problem([key], { message: `\`${key}\` is missing.`, remedy }))
  }
  problems.push(...nameProblems(merged), ...lockProblems(layers))
  const parsed = policyFileSchema.safeParse(merged.raw)
  const policy = parsed.success ? resolvePolicy(parsed.data) : null
  if (problems.length > 0) return wrong(inOrder(problems))
  if (policy === null) throw new Error('Policies of the right form do not merge into one.')
  const warnings = inOrder(doubtsOf(policy, merged, now))
  return { ok: true, value: policy, sources, ...(warnings.length > 0 ? { warnings } : {}) }
}

const NEEDED = {
  board: 'Name the board, as in `board: { project: 12 }`.',
  columns: 'List the board’s columns in the order of the pipeline.',
}

function isOfExtends({ path }: Problem): boolean {
  return path?.split('.')[0] === 'extends'
}

/** By file, as given, and by line within it. */
function inOrder(problems: Problem[]): Problem[] {
  const files = [...new Set(problems.map((problem) => problem.file))]
  const rank = (problem: Problem) => files.indexOf(problem.file)
  return problems.toSorted(
    (a, b) => rank(a) - rank(b) || (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
  )
}
