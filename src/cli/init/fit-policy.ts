// Puts a board's number and a team's slug into a preset's policy, and leaves every other character as it is.
import { isMap, isNode, isScalar, isSeq, type Node, parseDocument } from 'yaml'

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
  if (fit.team !== null) for (const teams of teamsIn(document.get('gates', true))) put(teams, `[${fit.team}]`)
  // From the end, so that the places before stay where they are.
  const fitted = edits
    .toSorted((a, b) => b.from - a.from)
    .reduce((so, edit) => so.slice(0, edit.from) + edit.text + so.slice(edit.to), text)
  return fitted.replace(SCHEMA, `$1${SCHEMA_URL}`)
}

/** The lists of teams under the gates, in flow style as the presets write them. */
function teamsIn(gates: unknown): Node[] {
  if (!isMap(gates)) return []
  return gates.items.flatMap(({ value }) => {
    const teams = isMap(value) ? value.items.find(({ key }) => isScalar(key) && key.value === 'teams')?.value : null
    return isSeq(teams) ? [teams] : []
  })
}
