// Puts a board's number and the slug of the team that approves into a preset's policy, and leaves every other character as it is.
import { isNode, isScalar, isSeq, type Node, parseDocument, visit } from 'yaml'

/** In the preset the schema lies beside it; in a repository it is found by its address. */
const SCHEMA = /^(# yaml-language-server: \$schema=)\S+/
const SCHEMA_URL = 'https://raw.githubusercontent.com/andon-dev/andon/v1/policies/schema.json'

export function fitPolicy(text: string, fit: { project: number | null; team: string | null }): string {
  const document = parseDocument(text)
  const edits: { from: number; to: number; text: string }[] = []
  const put = (node: unknown, text: string) => {
    if (isNode(node) && node.range) edits.push({ from: node.range[0], to: node.range[1], text })
  }
  if (fit.project !== null) put(document.getIn(['board', 'project'], true), String(fit.project))
  if (fit.team !== null) for (const teams of approversIn(document.get('gates', true))) put(teams, `[${fit.team}]`)
  // From the end, so that the places before stay where they are.
  const fitted = edits
    .toSorted((a, b) => b.from - a.from)
    .reduce((so, edit) => so.slice(0, edit.from) + edit.text + so.slice(edit.to), text)
  return fitted.replace(SCHEMA, `$1${SCHEMA_URL}`)
}

/**
 * The lists that name the team of the first gate that names one: it stands for who approves. Other teams of a preset are
 * others on purpose.
 */
function approversIn(gates: unknown): Node[] {
  const lists: Node[] = []
  if (isNode(gates))
    visit(gates, {
      Pair(_, { key, value }) {
        if (isScalar(key) && key.value === 'teams' && isSeq(value)) lists.push(value)
      },
    })
  return lists.filter((list) => String(list) === String(lists[0]))
}
