// Turns a gate's questions into parts of a GraphQL document. Whatever people wrote travels as a variable.
import type { GitHubQuery } from '../core/facts/query.ts'

/** What the questions need to know of the card. `repository` is null where it holds no issue or pull request. */
export type FactScope = { owner: string; field: string; repository: string | null }

/** Parts for a document: `onProject` stands inside the board, `onRoot` at the top. */
export type FactQuestion = {
  queries: GitHubQuery[]
  declarations: string
  onRoot: string
  onProject: string
  variables: Record<string, unknown>
}

/** Paths that one request may ask about. */
export const PATHS_AT_ONCE = 100

const SHA = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/

export const COLUMN_PAGE = `{
  pageInfo { hasNextPage endCursor }
  nodes {
    id isArchived
    fieldValueByName(name: $field) { ... on ProjectV2ItemFieldSingleSelectValue { name updatedAt } }
    content {
      ... on DraftIssue { title creator { ...Who } assignees(first: 10) { nodes { login } } }
      ... on Issue { title author { ...Who } }
      ... on PullRequest { title author { ...Who } }
      ... on Assignable { assignees(first: 10) { nodes { login } } }
    }
  }
}`

export const TEAM_PAGE = '{ pageInfo { hasNextPage endCursor } nodes { login } }'

const SUITES = `{
  pageInfo { hasNextPage }
  nodes {
    app { slug }
    checkRuns(first: 100, filterBy: { checkType: LATEST }) {
      pageInfo { hasNextPage }
      nodes { databaseId name status conclusion permalink }
    }
  }
}`

const ISSUE_STATE =
  '{ closed timelineItems(last: 1, itemTypes: [CLOSED_EVENT]) { nodes { ... on ClosedEvent { actor { ...Who } } } } }'

/** Builds the parts. GitHubQuery number `n` answers under the alias `q<n>`, its path number `m` under `p<m>`. */
export function askFacts(queries: GitHubQuery[], scope: FactScope): FactQuestion {
  const variables: Record<string, unknown> = {}
  const declared: string[] = []
  const root: string[] = []
  const project: string[] = []
  const variable = (name: string, type: string, value: unknown) => {
    declared.push(`, $${name}: ${type}`)
    variables[name] = value
    return `$${name}`
  }
  const repository = (alias: string, fullName: string) => {
    const [owner = '', name = ''] = fullName.split('/')
    return `repository(owner: ${variable(`${alias}o`, 'String!', owner)}, name: ${variable(`${alias}n`, 'String!', name)})`
  }

  queries.forEach((query, n) => {
    const q = `q${n}`
    switch (query.fact) {
      case 'blobs': {
        if (!SHA.test(query.sha)) break
        const paths = query.paths.map((path, m) => {
          const expression = variable(`${q}p${m}`, 'String!', `${query.sha}:${path}`)
          return `p${m}: object(expression: ${expression}) { ... on Blob { oid } }`
        })
        if (paths.length > 0) root.push(`${q}: ${repository(q, query.repository)} { ${paths.join(' ')} }`)
        break
      }
      case 'check-runs': {
        if (!SHA.test(query.sha)) break
        const oid = variable(`${q}s`, 'GitObjectID!', query.sha)
        const suites = `checkSuites(first: 50) ${SUITES}`
        root.push(`${q}: ${repository(q, query.repository)} { object(oid: ${oid}) { ... on Commit { ${suites} } } }`)
        break
      }
      // REST tells it: see `touched.ts`.
      case 'touched':
        break
      case 'team': {
        const slug = variable(`${q}t`, 'String!', query.slug)
        const login = variable(`${q}o`, 'String!', scope.owner)
        const members = `members(first: 100, membership: ALL) ${TEAM_PAGE}`
        root.push(`${q}: organization(login: ${login}) { team(slug: ${slug}) { ${members} } }`)
        break
      }
      case 'column': {
        const filter = variable(`${q}f`, 'String', columnFilter(scope.field, query.name))
        project.push(`${q}: items(first: 100, query: ${filter}) ${COLUMN_PAGE}`)
        break
      }
      case 'issues': {
        const search = variable(`${q}i`, 'String!', issueSearch(query.query, scope))
        root.push(
          `${q}: search(type: ISSUE, query: ${search}, first: 5) { issueCount nodes { ... on Issue { number title url } } }`,
        )
        break
      }
      case 'issue-state': {
        const id = variable(`${q}i`, 'ID!', query.id)
        root.push(`${q}: node(id: ${id}) { ... on Issue ${ISSUE_STATE} }`)
        break
      }
      default:
        query satisfies never
    }
  })
  if (project.length > 0) variable('field', 'String!', scope.field)
  return {
    queries,
    declarations: declared.join(''),
    onRoot: root.join('\n'),
    onProject: `id ${project.join('\n')}`,
    variables,
  }
}

/**
 * The board's own filter for one column, or '' (all cards) where a name holds what the filter's grammar would read
 * as more than a word. It only saves pages: the reader compares each card's column itself.
 */
export function columnFilter(field: string, column: string): string {
  if (!/^[a-z0-9 -]+$/i.test(field) || /["\\*,<>@\n]|\.\.|^-/.test(column)) return ''
  return `${field.trim().toLowerCase().replaceAll(/ +/g, '-')}:"${column}"`
}

/** The search with its bounds: open issues of the card's repository, unless the policy names others itself. */
export function issueSearch(query: string, scope: FactScope): string {
  const bounds = namesItsPlace(query) ? '' : scope.repository ? ` repo:${scope.repository}` : ` org:${scope.owner}`
  return `is:issue is:open${bounds} ${query}`
}

/** Whether a search says itself where to look. */
export function namesItsPlace(query: string): boolean {
  return /(?:^|\s)(?:repo|org|user):/i.test(query)
}
