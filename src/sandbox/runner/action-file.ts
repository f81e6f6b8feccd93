// Reads an action's action.yml: what it is made of, its inputs with their defaults, its outputs.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Checked, sentence } from '../../core/facts/problem.ts'
import { type MappingToken, mappingAt, mappingsAt, readTemplate, type TemplateToken } from './read-template.ts'

export type ActionFile = {
  name: string
  inputs: Map<string, TemplateToken | undefined>
  outputs: MappingToken | undefined
  runs: { using: 'node'; main: string; leftOut: string[] } | { using: 'composite'; steps: MappingToken[] }
}

/** The action in a folder; its problems name the action as the workflow wrote it. */
export function readAction(folder: string, uses: string): Checked<ActionFile> {
  const path = ['action.yml', 'action.yaml'].map((name) => join(folder, name)).find((name) => existsSync(name))
  if (!path)
    return refuse(
      `Can't find 'action.yml' or 'action.yaml' for ${uses}. Did you forget to run actions/checkout before it?`,
    )
  const read = readTemplate('action', `${uses}/action.yml`, readFileSync(path, 'utf8'))
  if (!read.ok) return refuse(`The action ${uses} cannot be read: ${read.problems.map(sentence).join(' ')}`)
  const { root } = read.value
  const runs = mappingAt(root, 'runs')
  const using = String(runs?.find('using') ?? '')
  const common = {
    name: String(root.find('name') ?? uses),
    inputs: new Map(
      [...(mappingAt(root, 'inputs') ?? [])].map(({ key, value }) => [
        String(key),
        (value as MappingToken).find?.('default'),
      ]),
    ),
    outputs: mappingAt(root, 'outputs'),
  }
  if (runs && using === 'composite')
    return { ok: true, value: { ...common, runs: { using, steps: mappingsAt(runs, 'steps') } } }
  if (runs && /^node\d+$/.test(using)) {
    const leftOut = ['pre', 'post'].filter((key) => runs.find(key))
    return { ok: true, value: { ...common, runs: { using: 'node', main: String(runs.find('main') ?? ''), leftOut } } }
  }
  return refuse(
    `The action ${uses} runs with '${using}', which the sandbox cannot do: it runs JavaScript and composite actions.`,
  )
}

function refuse(message: string): Checked<never> {
  return { ok: false, problems: [{ message }] }
}
