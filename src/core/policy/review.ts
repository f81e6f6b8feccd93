// What a changed policy file would be: read with the files that it stands with, and held against what is in force.
import type { Problem } from '../facts/problem.ts'
import { type Difference, differences } from './differences.ts'
import { type Bases, combine, NO_BASES, type PolicySource } from './inherit.ts'
import type { Policy } from './policy.ts'

/** `policy` null: there is no file, it cannot be read, or it is a part only that repositories' files complete. */
type Reading = { policy: Policy | null; problems: Problem[]; warnings: Problem[] }

/** The files before and after; null where there is none. */
export type FileChange = { before: PolicySource | null; after: PolicySource | null }

/** What the files may extend, before and after. */
type BasesChange = { before: Bases; after: Bases }

const UNCHANGED: BasesChange = { before: NO_BASES, after: NO_BASES }

export type RepositoryReview = Reading & { differences: Difference[] }

/** `leaning`: how many repositories have a policy on top of this one; `broken`: those that could no longer be read. */
export type OrganizationReview = RepositoryReview & { leaning: number; broken: string[] }

/** A repository's file on top of the organization's, which stays as it is. */
export function reviewRepository(
  organization: PolicySource | null,
  { before, after }: FileChange,
  bases: BasesChange = UNCHANGED,
): RepositoryReview {
  const read = readOn(organization, after, bases.after)
  return {
    ...read,
    differences: read.problems.length > 0 ? [] : between(readOn(organization, before, bases.before), read),
  }
}

/** The organization's file, alone and under each repository's. */
export function reviewOrganization(
  { before, after }: FileChange,
  repositories: PolicySource[],
  bases: BasesChange = UNCHANGED,
): OrganizationReview {
  const alone = readOn(after, null, bases.after)
  const pairs = repositories.map((file) => ({
    file,
    old: readOn(before, file, bases.before),
    now: readOn(after, file, bases.after),
  }))
  const broken = pairs.filter(({ old, now }) => old.problems.length === 0 && now.problems.length > 0)
  const found = alone.problems.length > 0 ? [] : [between(readOn(before, null, bases.before), alone)]
  // What only repositories' files complete shows its differences in them.
  if (alone.policy === null && alone.problems.length === 0)
    found.push(...pairs.map(({ old, now }) => between(old, now)))
  const unique = new Map(found.flat().map((difference) => [JSON.stringify({ ...difference, columns: [] }), difference]))
  return {
    ...alone,
    differences: [...unique.values()],
    leaning: repositories.length,
    broken: broken.map(({ file }) => file.repository),
  }
}

function between(before: Reading, after: Reading): Difference[] {
  // What could not be read before cannot be compared.
  return before.problems.length > 0 ? [] : differences(before.policy, after.policy)
}

function readOn(organization: PolicySource | null, repository: PolicySource | null, bases: Bases): Reading {
  const checked = combine(organization, repository, bases)
  if (checked === null) return { policy: null, problems: [], warnings: [] }
  const warnings = checked.warnings ?? []
  if (checked.ok) return { policy: checked.value, problems: [], warnings }
  const mayMiss = (problem: Problem) => repository === null && MISSING.test(problem.message)
  return { policy: null, problems: checked.problems.filter((problem) => !mayMiss(problem)), warnings }
}

/** Sections that a repository's file may bring instead. */
const MISSING = /^`(board|columns)` is missing\.$/
