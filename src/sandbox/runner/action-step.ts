// A `uses:` step: a built-in, a JavaScript action with the inputs as GitHub hands them over, or a composite action.
import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { sentence } from '../../core/facts/problem.ts'
import { type ActionFile, readAction } from './action-file.ts'
import { checkout } from './checkout.ts'
import { text, texts } from './expressions.ts'
import type { Frame, JobState, StepCall, StepOutcome } from './job-state.ts'
import type { MappingToken } from './read-template.ts'
import { runProgram } from './run-program.ts'
import { uploadArtifact } from './upload-artifact.ts'
import { inside, readUses, type Use } from './uses.ts'

export type RunSteps = (job: JobState, frame: Frame, steps: MappingToken[]) => Promise<StepOutcome['result']>

const DEEPEST = 10

export async function runAction(call: StepCall, runSteps: RunSteps): Promise<StepOutcome> {
  const { job, token, scope } = call
  const uses = String(token.find('uses'))
  const given = texts(token.find('with'), scope)
  const use = readUses(uses, job.options)
  switch (use.use) {
    case 'unknown':
      return fail(job, use.message)
    case 'built-in':
      if (use.action === 'actions/checkout') return checkout(job, given)
      if (use.action === 'actions/upload-artifact') return uploadArtifact(job, given)
      job.log.line(`Node ${process.version} of this machine is used.`)
      return { result: 'success', outputs: { 'node-version': process.version } }
    case 'local':
    case 'repository':
      return runActionOfFolder(call, use, uses, given, runSteps)
    default:
      return use satisfies never
  }
}

async function runActionOfFolder(
  call: StepCall,
  use: Extract<Use, { use: 'local' | 'repository' }>,
  uses: string,
  given: Record<string, string>,
  runSteps: RunSteps,
): Promise<StepOutcome> {
  const { job } = call
  const root = use.use === 'local' ? job.folders.workspace : use.root
  const folder = join(root, use.path)
  if (!inside(root, folder)) return fail(job, `The action ${uses} lies outside of its repository.`)
  const read = readAction(folder, uses)
  if (!read.ok) return fail(job, read.problems.map(sentence).join(' '))
  const action = read.value
  const inputs = inputsOf(call, action, given)
  const place = use.use === 'local' ? { repository: job.order.repository, ref: job.order.sha } : use
  const named = { path: folder, repository: place.repository, ref: place.ref }
  if (action.runs.using === 'composite') return runComposite(call, action, inputs, named, runSteps)
  for (const part of action.runs.leftOut) job.log.warning(`The sandbox does not run the '${part}' of ${uses}.`)
  const main = mainOf(root, join(folder, action.runs.main), job.options.actionSources ?? {})
  if (!main)
    return fail(
      job,
      `File not found: '${join(folder, action.runs.main)}', the main of ${uses}. It has to be built first.`,
    )
  const variables = Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value]),
  )
  return runProgram(call, {
    file: process.execPath,
    arguments: [main],
    folder: job.folders.workspace,
    variables: {
      ...job.runtime,
      ...variables,
      GITHUB_ACTION_REPOSITORY: named.repository,
      GITHUB_ACTION_REF: named.ref,
    },
  })
}

async function runComposite(
  call: StepCall,
  action: ActionFile,
  inputs: Record<string, string>,
  named: NonNullable<Frame['action']>,
  runSteps: RunSteps,
): Promise<StepOutcome> {
  if (action.runs.using !== 'composite') return { result: 'failure', outputs: {} }
  if (call.frame.depth >= DEEPEST) return fail(call.job, `Composite actions may be nested ${DEEPEST} deep.`)
  const frame: Frame = { steps: {}, failed: false, inputs, env: call.env, action: named, depth: call.frame.depth + 1 }
  const result = await runSteps(call.job, frame, action.runs.steps)
  const scope = { contexts: { ...call.scope.contexts, inputs, steps: frame.steps } }
  const outputs = [...(action.outputs ?? [])].map(({ key, value }) => [
    String(key),
    text((value as MappingToken).find?.('value'), scope),
  ])
  return { result, outputs: Object.fromEntries(outputs) }
}

// Defaults first, then what the step gives, by names without regard to case.
function inputsOf(call: StepCall, action: ActionFile, given: Record<string, string>): Record<string, string> {
  const values = new Map(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]))
  const known = new Set([...action.inputs.keys()].map((name) => name.toLowerCase()))
  const unexpected = Object.keys(given).filter((name) => !known.has(name.toLowerCase()))
  if (unexpected.length > 0) {
    const valid = [...action.inputs.keys()].map((name) => `'${name}'`).join(', ')
    call.job.log.warning(`Unexpected input(s) '${unexpected.join("', '")}', valid inputs are [${valid}]`)
  }
  const declared = [...action.inputs].map(([name, fallback]) => [
    name,
    values.get(name.toLowerCase()) ?? text(fallback, call.scope),
  ])
  const besides = unexpected.map((name) => [name, given[name] ?? ''])
  return Object.fromEntries([...declared, ...besides])
}

// The bundle, or the source that the host names for one that is not built.
function mainOf(root: string, bundle: string, sources: Record<string, string>): string | null {
  if (existsSync(bundle)) return bundle
  const name = relative(root, bundle)
  const source = Object.hasOwn(sources, name) ? sources[name] : undefined
  return source && existsSync(join(root, source)) ? join(root, source) : null
}

function fail(job: JobState, message: string): StepOutcome {
  job.log.error(message)
  return { result: 'failure', outputs: {} }
}
