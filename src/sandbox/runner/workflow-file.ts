// A workflow file as the runner uses it: its jobs in order, its dispatch inputs, and its tree for the rest.
import { convertJobs } from '@actions/workflow-parser/model/converter/jobs'
import { isMapping, isSequence, isString } from '@actions/workflow-parser/templates/tokens/type-guards'
import type { Checked } from '../../core/facts/problem.ts'
import { resolve, type Scope, text } from './expressions.ts'
import { type MappingToken, mappingAt, mappingsAt, problemsOf, readTemplate } from './read-template.ts'

/** An input as `workflow_dispatch` declares it; the world checks values against the rest of the declaration. */
type DispatchInput = { name: string; type: string }

export type JobDefinition = { id: string; needs: string[]; token: MappingToken; steps: MappingToken[] }

export type WorkflowFile = {
  path: string
  /** The file's `name`, else its path. */
  name: string
  inputs: DispatchInput[]
  jobs: JobDefinition[]
  token: MappingToken
}

/** Reads and checks a workflow as GitHub does when it is pushed: schema, ids, `needs` without gaps and circles. */
export function readWorkflow(path: string, content: string): Checked<WorkflowFile> {
  const read = readTemplate('workflow', path, content)
  if (!read.ok) return read
  const { root, context } = read.value
  const jobs = mappingAt(root, 'jobs')
  if (!jobs) return { ok: false, problems: [{ message: `${path} has no jobs.` }] }
  convertJobs(context, jobs)
  const problems = problemsOf(context)
  if (problems.length > 0) return { ok: false, problems }
  return {
    ok: true,
    value: {
      path,
      name: text(root.find('name'), NOTHING) || path,
      inputs: dispatchInputs(root),
      jobs: [...jobs].map(({ key, value }) => job(String(key), value as MappingToken)),
      token: root,
    },
  }
}

/** The run's title: `run-name`, else the workflow's name. Throws where the expression does. */
export function runTitle(file: WorkflowFile, contexts: { github: unknown; inputs: unknown; vars?: unknown }): string {
  return text(file.token.find('run-name'), { contexts }).trim() || file.name
}

/** The `inputs` context: the event's texts with booleans and numbers as such (`github.event.inputs` keeps the texts). */
export function typedInputs(file: WorkflowFile, given: Record<string, string>): Record<string, unknown> {
  return Object.fromEntries(
    file.inputs.map(({ name, type }) => {
      const word = given[name] ?? ''
      if (type === 'boolean') return [name, word === 'true']
      return [name, type === 'number' ? Number(word) : word]
    }),
  )
}

const NOTHING: Scope = { contexts: {} }

function job(id: string, token: MappingToken): JobDefinition {
  const needs = token.find('needs')
  const found =
    needs && isString(needs) ? [needs.value] : needs && isSequence(needs) ? (resolve(needs, NOTHING) as string[]) : []
  return { id, needs: found, token, steps: mappingsAt(token, 'steps') }
}

function dispatchInputs(root: MappingToken): DispatchInput[] {
  const on = root.find('on')
  const dispatch = on && isMapping(on) ? mappingAt(on, 'workflow_dispatch') : undefined
  return [...(mappingAt(dispatch, 'inputs') ?? [])].map(({ key, value }) => {
    const declared = resolve(value, NOTHING) as { type?: string } | null
    return { name: String(key), type: declared?.type ?? 'string' }
  })
}
