// Gate `files`: the named files exist at the change's commit.
import { z } from 'zod'
import { type Query, queryKey } from '../facts/query.ts'
import { repositoryPath } from '../facts/repository-path.ts'
import type { Context, LocalGate } from './gate.ts'
import { keepsAll } from './tightening.ts'

const settings = z.strictObject({
  paths: z
    .array(
      z.string().refine((path) => repositoryPath(path) !== null, {
        error: 'A path starts at the top of the repository, with `/` between its parts and no `..`.',
      }),
    )
    .min(1)
    .max(100)
    .describe('Paths from the top of the repository. Each must be a file at the commit under test.'),
})

type Settings = z.infer<typeof settings>

export const filesGate = {
  kind: 'files',
  settings,
  tightening: { paths: keepsAll },
  question(context, settings) {
    const query = queryOf(context, settings)
    return query === null ? { ask: 'nothing' } : { ask: 'github', queries: [query] }
  },
  judge(answer, settings) {
    const query = queryOf(answer, settings)
    if (query === null) return { verdict: 'fail', reason: 'draft-card' }
    const blobs = answer.facts.blobs[queryKey(query)] ?? {}
    if (query.paths.some((path) => !Object.hasOwn(blobs, path))) return { verdict: 'wait', reason: 'unread' }
    const missing = query.paths.filter((path) => blobs[path] === null)
    return missing.length > 0
      ? { verdict: 'fail', reason: 'files-missing', detail: missing }
      : { verdict: 'pass', reason: 'files-present', detail: query.paths }
  },
} satisfies LocalGate<Settings>

function queryOf({ commit }: Context, settings: Settings): (Query & { fact: 'blobs' }) | null {
  if (commit === null) return null
  const paths = settings.paths.map((path) => repositoryPath(path) ?? path)
  return { fact: 'blobs', repository: commit.repository, sha: commit.sha, paths: [...new Set(paths)] }
}
