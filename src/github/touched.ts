// Tells which patterns the files of a pull request match, from GitHub's list of its changed files.
import { z } from 'zod'
import { matchesGlob } from '../core/facts/glob.ts'
import type { GitHubQuery, Touched } from '../core/facts/query.ts'
import { readAnswer } from './card-answer.ts'
import { GitHubProblem } from './github-problem.ts'
import { inRepository } from './repository-route.ts'
import type { Wire } from './wire.ts'

const filesSchema = z.array(
  z.object({ filename: z.string(), status: z.string(), previous_filename: z.string().optional() }),
)
const headSchema = z.object({
  repository: z.object({ pullRequest: z.object({ headRefOid: z.string(), changedFiles: z.number() }).nullable() }),
})

export const HEAD = `
query Head($owner: String!, $repo: String!, $number: Int!) {
  repository(owner: $owner, name: $repo) { pullRequest(number: $number) { headRefOid changedFiles } }
}`

const PAGE = 100
/** GitHub lists no more files of a pull request than 3,000. */
const MOST_PAGES = 30

/**
 * REST, because GraphQL does not tell a renamed file's old name: who moves a guardrail away has touched it. The list
 * names no commit, so the head is asked for afterwards; where it is another one by then, or files are left out of the
 * list, every pattern counts as touched.
 */
export async function touchedBy(
  wire: Wire,
  query: GitHubQuery & { fact: 'touched' },
): Promise<Record<string, Touched>> {
  const paths = await pathsOf(wire, query)
  const at = inRepository(query.repository)
  const { data } = await wire.query({
    document: HEAD,
    variables: { ...at, number: query.number },
    urgency: 'read',
  })
  const pull = readAnswer(headSchema, data).repository.pullRequest
  const whole = paths !== null && pull?.headRefOid === query.sha && paths.files >= pull.changedFiles
  return Object.fromEntries(
    query.globs.map((glob): [string, Touched] => {
      const path = paths?.names.find((name) => matchesGlob(glob, name))
      if (path !== undefined) return [glob, { path }]
      return [glob, whole ? null : { path: null }]
    }),
  )
}

/** Every name that a changed file has or had; null where GitHub does not show the pull request. */
async function pathsOf(
  wire: Wire,
  { repository, number }: GitHubQuery & { fact: 'touched' },
): Promise<{ files: number; names: string[] } | null> {
  const names: string[] = []
  let files = 0
  try {
    for (let page = 1; page <= MOST_PAGES; page++) {
      const { data } = await wire.rest({
        route: 'GET /repos/{owner}/{repo}/pulls/{pull_number}/files',
        parameters: { ...inRepository(repository), pull_number: number, per_page: PAGE, page },
        urgency: 'read',
      })
      const listed = readAnswer(filesSchema, data)
      files += listed.length
      for (const file of listed) {
        names.push(file.filename)
        if (file.status === 'renamed' && file.previous_filename !== undefined) names.push(file.previous_filename)
      }
      if (listed.length < PAGE) break
    }
    return { files, names }
  } catch (error) {
    if (error instanceof GitHubProblem && error.status === 404) return null
    throw error
  }
}
