// Pages of lists, with cursors that survive the list's growth.

export type PageArguments = {
  first?: number | null
  last?: number | null
  after?: string | null
  before?: string | null
}
type Identified = { node?: string; sha?: string; id?: number | string }

export type Connection<T> = {
  nodes: T[]
  edges: ({ cursor: string; node: T } & Record<string, unknown>)[]
  totalCount: number
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null }
}

/** The page that the arguments ask for; `edge` adds what an edge of that list tells beside its node. */
export function connect<T extends object>(
  list: readonly T[],
  page: PageArguments,
  edge: (node: T) => Record<string, unknown> = () => ({}),
): Connection<T> {
  let start = page.after ? place(list, page.after) + 1 : 0
  let end = page.before ? place(list, page.before) : list.length
  if (page.first !== null && page.first !== undefined) end = Math.min(end, start + page.first)
  else if (page.last !== null && page.last !== undefined) start = Math.max(start, end - page.last)
  const nodes = list.slice(start, end)
  return {
    nodes,
    edges: nodes.map((node, index) => ({ cursor: cursorOf(node, start + index), node, ...edge(node) })),
    totalCount: list.length,
    pageInfo: {
      hasNextPage: end < list.length,
      hasPreviousPage: start > 0,
      startCursor: nodes[0] ? cursorOf(nodes[0], start) : null,
      endCursor: nodes.length > 0 ? cursorOf(nodes[nodes.length - 1] as T, start + nodes.length - 1) : null,
    },
  }
}

function identity(node: object): string {
  const { node: id, sha, id: number } = node as Identified
  return String(id ?? sha ?? number ?? '')
}

function cursorOf(node: object, index: number): string {
  return Buffer.from(`cursor:v2:${index}:${identity(node)}`).toString('base64')
}

// Where the node went meanwhile, or where it was when it is gone.
function place(list: readonly object[], cursor: string): number {
  const [, , index, id] = Buffer.from(cursor, 'base64').toString().split(':')
  const at = Number(index)
  if (!Number.isInteger(at) || id === undefined) throw new Error(`\`${cursor}\` does not appear to be a valid cursor.`)
  const there = list[at]
  if (there && identity(there) === id) return at
  const moved = list.findIndex((node) => identity(node) === id)
  return moved === -1 ? at - 1 : moved
}
