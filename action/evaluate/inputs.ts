// Reads the action's inputs out of the environment, as `action.yml` declares them.
import { resolve } from 'node:path'
import { getBooleanInput, getInput, getMultilineInput } from '@actions/core'
import type { Checked } from '../../src/core/facts/problem.ts'
import { type Mapping, readMapping } from './mapping.ts'

export type Inputs = {
  /** Folder that relative paths start from. */
  workspace: string
  patterns: string[]
  /** JSON of the request; '' where the event holds it. */
  request: string
  mapping: Mapping[]
  suite: string
  checkout: string
  sha: string
  upload: boolean
}

export function readInputs(env: NodeJS.ProcessEnv): Checked<Inputs> {
  const workspace = env.GITHUB_WORKSPACE || process.cwd()
  const patterns = getMultilineInput('results')
  const mapping = readMapping(getMultilineInput('metrics'))
  const problems = mapping.ok ? [] : mapping.problems
  if (patterns.length === 0) {
    problems.push({
      message: 'The input `results` is empty.',
      remedy: 'Name the result files, one path or pattern a line.',
    })
  }
  const upload = readUpload()
  if (upload === null)
    problems.push({ message: 'The input `upload` is neither true nor false.', remedy: 'Write `true` or `false`.' })
  if (!mapping.ok || upload === null || problems.length > 0) return { ok: false, problems }
  return {
    ok: true,
    value: {
      workspace,
      patterns,
      request: getInput('request'),
      mapping: mapping.value,
      suite: getInput('suite'),
      checkout: resolve(workspace, getInput('checkout') || '.'),
      sha: getInput('sha'),
      upload,
    },
  }
}

function readUpload(): boolean | null {
  if (getInput('upload') === '') return true
  try {
    return getBooleanInput('upload')
  } catch {
    return null
  }
}
