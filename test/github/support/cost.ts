// What GitHub charges for a query: its connections' requests by a hundred, and the nodes it could bring at most.
import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql'

/** GitHub's published rule: each connection costs one request for each node of the connection it stands in. */
export function costOf(document: DocumentNode): { points: number; nodes: number } {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const part of document.definitions)
    if (part.kind === Kind.FRAGMENT_DEFINITION) fragments.set(part.name.value, part)
  let requests = 0
  let nodes = 0
  const walk = (set: SelectionSetNode, times: number): void => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) walk(selection.selectionSet, times)
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value)
        if (fragment) walk(fragment.selectionSet, times)
      }
      if (selection.kind !== Kind.FIELD || !selection.selectionSet) continue
      const size = selection.arguments?.find((argument) => ['first', 'last'].includes(argument.name.value))
      const count = size?.value.kind === Kind.INT ? Number(size.value.value) : null
      if (count !== null) {
        requests += times
        nodes += times * count
      }
      walk(selection.selectionSet, times * (count ?? 1))
    }
  }
  for (const part of document.definitions) if (part.kind === Kind.OPERATION_DEFINITION) walk(part.selectionSet, 1)
  return { points: Math.max(1, Math.round(requests / 100)), nodes }
}
