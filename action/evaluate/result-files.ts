// Finds the result files that the input `results` names, and reads each within a limit.
import { glob, readFile, stat } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import type { Checked, Problem } from '../../src/core/facts/problem.ts'
import { oneLine } from '../shared/plain.ts'
import { readResults } from './readers/index.ts'
import type { ResultRecord } from './readers/record.ts'

const MAX_BYTES = 100 * 1024 * 1024
const MAX_FILES = 1_000

/** Reads the files of all patterns, each once, in the order of their names. Any problem refuses the whole. */
export async function readResultFiles(patterns: string[], workspace: string): Promise<Checked<ResultRecord[]>> {
  const found = await findFiles(patterns, workspace)
  if (!found.ok) return found
  const records: ResultRecord[] = []
  const problems: Problem[] = []
  for (const path of found.value) {
    const name = oneLine(relative(workspace, path), 512)
    const read = await readResultFile(path, name)
    if (read.ok) records.push(read.value)
    else problems.push(...read.problems.map((problem) => ({ ...problem, path: name })))
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: records }
}

async function findFiles(patterns: string[], workspace: string): Promise<Checked<string[]>> {
  const paths = new Set<string>()
  const problems: Problem[] = []
  for (const pattern of patterns) {
    let matched = false
    for await (const path of glob(pattern, { cwd: workspace })) {
      const full = resolve(workspace, path)
      if (!(await stat(full).catch(() => null))?.isFile()) continue
      matched = true
      paths.add(full)
      if (paths.size > MAX_FILES) {
        const message = `the input \`results\` matches more than ${MAX_FILES} files.`
        return { ok: false, problems: [{ path: pattern, message, remedy: 'Write a narrower pattern.' }] }
      }
    }
    if (!matched) {
      const message = 'no file matches this line of the input `results`.'
      problems.push({ path: pattern, message, remedy: 'Did the evaluation write its results, and to this path?' })
    }
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: [...paths].sort() }
}

async function readResultFile(path: string, name: string): Promise<Checked<ResultRecord>> {
  try {
    const { size } = await stat(path)
    if (size > MAX_BYTES) {
      const message = `it is ${Math.ceil(size / 1024 / 1024)} MB large; at most ${MAX_BYTES / 1024 / 1024} MB are read.`
      return { ok: false, problems: [{ message, remedy: 'Split the suite over several files.' }] }
    }
    return readResults(name, await readFile(path))
  } catch {
    return { ok: false, problems: [{ message: 'it cannot be read.', remedy: 'Look at its permissions.' }] }
  }
}
