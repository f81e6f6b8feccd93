// The files by which a step hands values on: GITHUB_ENV, GITHUB_OUTPUT, GITHUB_PATH, GITHUB_STEP_SUMMARY.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

type Handed = { env: Record<string, string>; outputs: Record<string, string>; path: string[]; summary: string }

const FILES = {
  GITHUB_ENV: 'set_env',
  GITHUB_OUTPUT: 'set_output',
  GITHUB_STATE: 'save_state',
  GITHUB_PATH: 'add_path',
  GITHUB_STEP_SUMMARY: 'step_summary',
}

export type CommandFiles = { variables: Record<string, string>; read(): Handed }

let counter = 0

/** Fresh empty files for one step. `read` throws GitHub's sentence where a line has no valid form. */
export function commandFiles(temporary: string): CommandFiles {
  const folder = join(temporary, '_runner_file_commands')
  mkdirSync(folder, { recursive: true })
  counter += 1
  const suffix = counter
  const variables = Object.fromEntries(
    Object.entries(FILES).map(([name, file]) => [name, join(folder, `${file}_${suffix}`)]),
  )
  for (const path of Object.values(variables)) writeFileSync(path, '')
  const contentOf = (name: keyof typeof FILES) => readFileSync(variables[name] ?? '', 'utf8')
  return {
    variables,
    read() {
      try {
        return {
          env: readPairs(contentOf('GITHUB_ENV'), 'env'),
          outputs: readPairs(contentOf('GITHUB_OUTPUT'), 'output'),
          path: contentOf('GITHUB_PATH')
            .split(/\r?\n/)
            .filter((line) => line !== ''),
          summary: contentOf('GITHUB_STEP_SUMMARY'),
        }
      } finally {
        for (const path of Object.values(variables)) rmSync(path, { force: true })
      }
    },
  }
}

/** `name=value` lines and `name<<DELIMITER` blocks. */
function readPairs(content: string, command: string): Record<string, string> {
  const pairs: [string, string][] = []
  const lines = content.split(/\r?\n/)
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    if (line === '') continue
    const equals = line.indexOf('=')
    const heredoc = line.indexOf('<<')
    if (heredoc >= 0 && (equals < 0 || heredoc < equals)) {
      const name = line.slice(0, heredoc)
      const delimiter = line.slice(heredoc + 2)
      if (name === '' || delimiter === '')
        throw new Error(`Unable to process file command '${command}' successfully. Invalid format '${line}'`)
      const end = lines.indexOf(delimiter, at + 1)
      if (end < 0) {
        throw new Error(
          `Unable to process file command '${command}' successfully. Invalid value. Matching delimiter not found '${delimiter}'`,
        )
      }
      pairs.push([name, lines.slice(at + 1, end).join('\n')])
      at = end
    } else if (equals > 0) pairs.push([line.slice(0, equals), line.slice(equals + 1)])
    else throw new Error(`Unable to process file command '${command}' successfully. Invalid format '${line}'`)
  }
  return Object.fromEntries(pairs)
}

/** Names that a step may not set for the steps after it. */
export function isProtectedVariable(name: string): boolean {
  return /^(GITHUB|RUNNER)_/i.test(name) || name.toUpperCase() === 'NODE_OPTIONS'
}
