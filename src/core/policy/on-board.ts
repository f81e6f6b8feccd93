// Holds a policy against the live board that it governs: the field, the columns and the teams that are not there.
import type { Problem } from '../facts/problem.ts'
import { isRecord, unknownName } from '../facts/shape.ts'
import type { Path } from '../facts/yaml.ts'
import { allLayers, type Bases, NO_BASES } from './layers.ts'
import { mergeLayers } from './merged.ts'
import type { Policy } from './policy.ts'
import type { PolicySource } from './policy-file.ts'

/** `teams`: those that were asked for; null for one that the organization does not have. */
export type LiveBoard = {
  fields: { name: string; options: { name: string }[] }[]
  teams: Record<string, string[] | null>
}

type Files = { organization: PolicySource | null; repository: PolicySource | null; bases?: Bases }

/** The slugs of all teams that the files name, whatever for. */
export function teamsNamed(files: Files): string[] {
  return [...new Set(teamsIn(merge(files).raw).map(({ slug }) => slug))]
}

/** `problems` stop cards; `warnings` only let them past. */
export function unlikeBoard(
  policy: Policy,
  files: Files,
  { fields, teams }: LiveBoard,
): { problems: Problem[]; warnings: Problem[] } {
  const merged = merge(files)
  const unknown = teamsIn(merged.raw)
    .filter(({ slug }) => Object.hasOwn(teams, slug) && teams[slug] === null)
    .map(({ slug, path }) =>
      merged.problem(path, {
        message: `The organization has no team \`${slug}\`, or does not show it.`,
        remedy: 'Correct the slug, create the team, or let the app read members.',
      }),
    )
  const named = policy.board.field
  const field = fields.find(({ name }) => name.toLowerCase() === named.toLowerCase())
  if (field === undefined) {
    const names = fields.map(({ name }) => name)
    const lost = merged.problem(['board', 'field'], unknownName(named, names, 'is no single-select field of the board'))
    return { problems: [lost, ...unknown], warnings: [] }
  }
  const options = field.options.map(({ name }) => name)
  const columns = policy.columns.map(({ name }) => name)
  const strangers = options.filter((name) => !columns.includes(name))
  const lacking = columns.flatMap((name, at) =>
    options.includes(name)
      ? []
      : // A column that was renamed is one of those that the policy does not name.
        [merged.problem(['columns', at, 'name'], unknownName(name, strangers, 'is no column of the board'), 'value')],
  )
  const warnings = strangers.map((name) =>
    merged.problem(['columns'], {
      message: `The board has a column \`${name}\` that the policy does not name: no gate asks a card that goes there.`,
      remedy: 'List it, or take it off the board.',
    }),
  )
  // Where a column is missing, it is the strange one that was renamed.
  return { problems: [...lacking, ...unknown], warnings: lacking.length > 0 ? [] : warnings }
}

function merge({ organization, repository, bases = NO_BASES }: Files) {
  return mergeLayers(allLayers(organization, repository, bases))
}

/** Every list under a key `teams`: of gates, and of whatever else a policy gives to teams. */
function teamsIn(value: unknown, path: Path = []): { slug: string; path: Path }[] {
  if (Array.isArray(value)) return value.flatMap((each, at) => teamsIn(each, [...path, at]))
  if (!isRecord(value)) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'teams' && Array.isArray(inner)
      ? inner.flatMap((slug, at) => (typeof slug === 'string' ? [{ slug, path: [...path, key, at] }] : []))
      : teamsIn(inner, [...path, key]),
  )
}
