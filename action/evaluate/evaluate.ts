// The way of the action: inputs, result files, evidence, summary, and the artifact that the app looks for.
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as core from '@actions/core'
import { context } from '@actions/github'
import { type Problem, sentence } from '../../src/core/facts/problem.ts'
import { checkTestedCommit } from '../shared/checkout.ts'
import { forLog, redact } from '../shared/plain.ts'
import { readRequest } from '../shared/request.ts'
import type { Upload } from '../shared/upload.ts'
import { type Made, makeEvidence } from './evidence.ts'
import { readInputs } from './inputs.ts'
import { mergeRecords } from './merge.ts'
import { sha256 } from './readers/record.ts'
import { readResultFiles } from './result-files.ts'
import { countCases, writeSummary } from './summary.ts'

/** Runs the action once. True where evidence was handed in; else the step has failed, and said why. */
export async function evaluate(upload: Upload): Promise<boolean> {
  const inputs = readInputs(process.env)
  if (!inputs.ok) return fail(inputs.problems)
  const request = readRequest(inputs.value.request, context.payload)
  if (!request.ok) return fail(request.problems)
  const astray = await checkTestedCommit(request.value.sha, inputs.value.checkout, inputs.value.sha)
  if (astray) return fail([astray])
  const records = await readResultFiles(inputs.value.patterns, inputs.value.workspace)
  if (!records.ok) return fail(records.problems)
  const run = mergeRecords(records.value)
  if (!run.ok) return fail(run.problems)
  const made = makeEvidence(run.value, request.value, inputs.value.mapping, inputs.value.suite)
  if (!made.ok) return fail(made.problems)
  for (const warning of made.value.warnings.slice(0, 10)) core.warning(forLog(warning))
  core.info(countCases(made.value.evidence))
  await showSummary(writeSummary(made.value, request.value, { serverUrl: context.serverUrl, ...context.repo }))
  return handIn(made.value, inputs.value.upload ? upload : null)
}

async function handIn(made: Made, upload: Upload | null): Promise<boolean> {
  const file = join(await mkdtemp(join(process.env.RUNNER_TEMP || tmpdir(), 'andon-')), 'evidence.json')
  await writeFile(file, made.text)
  try {
    const artifact = await upload?.(file)
    if (artifact) core.info(`The evidence is in artifact ${artifact.id} of run ${context.runId}.`)
  } catch (error) {
    const why = redact(error instanceof Error ? error.message : String(error))
    const message = `The evidence could not be uploaded (${why}).`
    const remedy =
      'A run holds one artifact `andon-evidence`: use this action once a run, and run it again after an outage.'
    return fail([{ message, remedy }])
  }
  core.setOutput('evidence', file)
  core.setOutput('digest', `sha256:${sha256(made.text)}`)
  core.setOutput('metrics', JSON.stringify(made.evidence.metrics))
  return true
}

/** A summary that cannot be written is a pity, and no reason to withhold the evidence. */
async function showSummary(markdown: string): Promise<void> {
  try {
    await core.summary.addRaw(markdown).write()
  } catch {
    core.warning('The job summary could not be written.')
  }
}

/** Says every problem in one failed step. `path` is the file, or the line of the inputs, that it is about. */
function fail(problems: Problem[]): false {
  const sentences = problems
    .slice(0, 20)
    .map((problem) => `${problem.path ? `${problem.path}: ` : ''}${sentence(problem)}`)
  core.setFailed(sentences.map((text) => forLog(text, 1_000)).join('\n'))
  return false
}
