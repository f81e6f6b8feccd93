// The workflow files of a repository, and what they say about being dispatched.
import { parse } from 'yaml'
import { objectAt } from './git.ts'
import { nodeId } from './node-id.ts'
import { Refusal } from './refusal.ts'
import { defaultHead, type Repository } from './repository.ts'
import type { Workflow } from './run.ts'
import type { World } from './world.ts'

const WORKFLOW_FOLDER = '.github/workflows'

export type DispatchInput = { required: boolean; default: string | null; type: string; options: string[] }
type Trigger = { name: string | null; events: string[]; inputs: Record<string, DispatchInput> }

/** The workflows GitHub knows: those whose files are on the default branch. */
export function workflowsOf(world: World, repository: Repository): Workflow[] {
  const head = defaultHead(repository)
  const folder = head ? objectAt(repository.git, head, WORKFLOW_FOLDER) : null
  const paths = (folder?.type === 'tree' ? folder.entries : [])
    .filter((entry) => /\.ya?ml$/.test(entry.name))
    .map((entry) => `${WORKFLOW_FOLDER}/${entry.name}`)
  for (const path of paths) {
    const text = textAt(repository, head, path) ?? ''
    const known = repository.workflows.get(path) ?? newWorkflow(world, repository, path)
    known.name = readTrigger(text)?.name ?? path
    if (known.state === 'deleted') known.state = 'active'
  }
  for (const workflow of repository.workflows.values()) if (!paths.includes(workflow.path)) workflow.state = 'deleted'
  return [...repository.workflows.values()].filter((workflow) => workflow.state !== 'deleted')
}

/** By id or by file name; throws GitHub's "Not Found". */
export function findWorkflow(world: World, repository: Repository, idOrFile: string | number): Workflow {
  const found = workflowsOf(world, repository).find(
    (workflow) => String(workflow.id) === String(idOrFile) || workflow.path === `${WORKFLOW_FOLDER}/${idOrFile}`,
  )
  if (!found) throw new Refusal('not-found', 'Not Found')
  return found
}

export function disableWorkflow(world: World, workflow: Workflow, disabled: boolean): void {
  workflow.state = disabled ? 'disabled_manually' : 'active'
  workflow.updatedAt = world.now()
}

/** The text of a file at a commit; null where there is none. */
export function textAt(repository: Repository, sha: string | null, path: string): string | null {
  const object = sha ? objectAt(repository.git, sha, path) : null
  return object?.type === 'blob' ? new TextDecoder().decode(object.bytes) : null
}

/** What a workflow file says under `name` and `on`; null where it is no YAML mapping. */
export function readTrigger(text: string): Trigger | null {
  let file: unknown
  try {
    file = parse(text)
  } catch {
    return null
  }
  if (!isRecord(file)) return null
  const on = file.on
  const events =
    typeof on === 'string' ? [on] : Array.isArray(on) ? on.map(String) : isRecord(on) ? Object.keys(on) : []
  const dispatch = isRecord(on) && isRecord(on.workflow_dispatch) ? on.workflow_dispatch : {}
  const declared = isRecord(dispatch.inputs) ? Object.entries(dispatch.inputs) : []
  const inputs = Object.fromEntries(declared.map(([name, input]) => [name, readInput(input)]))
  return { name: typeof file.name === 'string' ? file.name : null, events, inputs }
}

/** The inputs with their defaults; throws in GitHub's words where they do not fit what the file declares. */
export function fillInputs(trigger: Trigger, given: Record<string, unknown>): Record<string, string> {
  const names = Object.keys(given)
  if (names.length > 25) {
    throw new Refusal(
      'invalid',
      `Invalid request.\n\nNo more than 25 properties are allowed; ${names.length} were supplied.`,
    )
  }
  if (JSON.stringify(given).length > 65_535) throw new Refusal('invalid', 'inputs are too large.')
  const unexpected = names.filter((name) => !Object.hasOwn(trigger.inputs, name))
  if (unexpected.length > 0) throw new Refusal('invalid', `Unexpected inputs provided: ${JSON.stringify(unexpected)}`)
  const filled: Record<string, string> = {}
  for (const [name, input] of Object.entries(trigger.inputs)) {
    const value = given[name] === undefined ? input.default : String(given[name])
    if ((value === null || value === '') && input.required) {
      throw new Refusal('invalid', `Required input '${name}' not provided`)
    }
    if (input.type === 'choice' && value !== null && !input.options.includes(value)) {
      throw new Refusal('invalid', `Provided value '${value}' for input '${name}' not in the list of allowed values`)
    }
    if (value !== null) filled[name] = value
  }
  return filled
}

function newWorkflow(world: World, repository: Repository, path: string): Workflow {
  const id = world.nextId('workflow')
  const workflow: Workflow = {
    kind: 'Workflow',
    id,
    node: nodeId('Workflow', repository.id, id),
    repository,
    path,
    name: path,
    state: 'active',
    runs: 0,
    createdAt: world.now(),
    updatedAt: world.now(),
  }
  repository.workflows.set(path, workflow)
  return world.register(workflow)
}

function readInput(input: unknown): DispatchInput {
  const said = isRecord(input) ? input : {}
  return {
    required: said.required === true,
    default: said.default === undefined || said.default === null ? null : String(said.default),
    type: typeof said.type === 'string' ? said.type : 'string',
    options: Array.isArray(said.options) ? said.options.map(String) : [],
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
