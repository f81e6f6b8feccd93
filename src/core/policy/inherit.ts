// Makes one policy out of the organization's file and the repository's, or says everything that is wrong with them.
import type { Checked, Problem } from '../facts/problem.ts'
import { doubtsOf } from './doubts.ts'
import { mergeFiles } from './merged.ts'
import { nameProblems } from './names.ts'
import type { Policy } from './policy.ts'
import { type PolicySource, readPolicyFile } from './policy-file.ts'
import { resolvePolicy } from './resolve.ts'
import { policyFileSchema } from './schema.ts'

export type { PolicySource }

const MOST_PROBLEMS = 100

/**
 * The policy in force: `changes`, `risk`, `agents`, `gates`, `workflows` and `labels.move` merged by name, the rest as a whole,
 * the repository's winning. Null where there is no file. Problems and warnings name the file, line and column.
 */
export function combine(organization: PolicySource | null, repository: PolicySource | null): Checked<Policy> | null {
  if (organization === null && repository === null) return null
  const under = organization && readPolicyFile(organization)
  const over = repository && readPolicyFile(repository)
  const files = [under, over].filter((file) => file !== null)
  const problems = files.flatMap((file) => inOrder(file.problems))
  if (files.some((file) => file.raw === null)) return wrong(problems)
  const merged = mergeFiles(under, over)
  for (const [key, remedy] of Object.entries(NEEDED)) {
    if (!Object.hasOwn(merged.raw, key))
      problems.push(merged.problem([key], { message: `\`${key}\` is missing.`, remedy }))
  }
  problems.push(...nameProblems(merged))
  const parsed = policyFileSchema.safeParse(merged.raw)
  const policy = parsed.success ? resolvePolicy(parsed.data) : null
  if (problems.length > 0) return wrong(inOrder(problems))
  if (policy === null) throw new Error('Two policies of the right form do not merge into one.')
  const warnings = inOrder(doubtsOf(policy, merged))
  return { ok: true, value: policy, ...(warnings.length > 0 ? { warnings } : {}) }
}

const NEEDED = {
  board: 'Name the board, as in `board: { project: 12 }`.',
  columns: 'List the board’s columns in the order of the pipeline.',
}

function wrong(problems: Problem[]): Checked<Policy> {
  return { ok: false, problems: problems.slice(0, MOST_PROBLEMS) }
}

/** By file, as given, and by line within it. */
function inOrder(problems: Problem[]): Problem[] {
  const files = [...new Set(problems.map((problem) => problem.file))]
  const rank = (problem: Problem) => files.indexOf(problem.file)
  return problems.toSorted(
    (a, b) => rank(a) - rank(b) || (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
  )
}
