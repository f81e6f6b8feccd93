// What `andon check` found, for people and for scripts.
import type { Problem } from '../../core/facts/problem.ts'
import { openColumns } from '../../core/policy/doubts.ts'
import type { Bases, Combined, PolicySource } from '../../core/policy/inherit.ts'
import type { Policy } from '../../core/policy/policy.ts'
import { frame } from '../frame.ts'

/** One policy as it was combined. `policy` null: it cannot be used. */
export type Found = { sources: PolicySource[]; policy: Policy | null; problems: Problem[]; warnings: Problem[] }

export type Files = { organization: PolicySource | null; repository: PolicySource | null; bases: Bases }

/** The highest file first. */
export function foundIn(checked: Combined): Found {
  return {
    sources: checked.sources.toReversed(),
    policy: checked.ok ? checked.value : null,
    problems: checked.ok ? [] : checked.problems,
    warnings: checked.warnings ?? [],
  }
}

/** `live`: of a board there may be several policies, or none. */
export function jsonOf(found: Found[], live: boolean): string {
  const policies = found.map(({ sources, policy, problems, warnings }) => ({
    ok: problems.length === 0,
    ...(live ? { files: sources.map(nameOf) } : {}),
    problems,
    warnings,
    openColumns: policy ? openColumns(policy) : [],
  }))
  const ok = policies.every((policy) => policy.ok)
  return `${JSON.stringify(live ? { ok, policies } : policies[0], null, 2)}\n`
}

export function showFound(found: Found[], color: boolean): string {
  const texts = found.map(({ sources, policy, problems, warnings }) =>
    [
      ...problems.map((problem) => show(problem, 'error', sources, color)),
      ...warnings.map((warning) => show(warning, 'warning', sources, color)),
      summary(policy, problems.length, warnings.length),
    ].join(''),
  )
  return texts.join('\n')
}

/** As problems call the file. */
function nameOf({ repository, path }: PolicySource): string {
  return repository === '' ? path : `${repository}/${path}`
}

function show(problem: Problem, level: 'error' | 'warning', sources: PolicySource[], color: boolean): string {
  const paint = (code: number, text: string) => (color ? `\u001b[${code}m${text}\u001b[0m` : text)
  const place = [problem.file, problem.line, problem.column].filter((part) => part !== undefined).join(':')
  const text = sources.find((source) => nameOf(source) === problem.file)?.text
  const picture = text === undefined || problem.line === undefined ? '' : frame(text, problem.line, problem.column ?? 1)
  const head = `${paint(1, place)} ${level === 'error' ? paint(31, 'error') : paint(33, 'warning')}: ${plain(problem.message)}`
  return `${head}\n${paint(2, picture)}${problem.remedy ? `  ${paint(36, plain(problem.remedy))}\n` : ''}\n`
}

/** What a file holds must not steer the terminal. */
function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out here
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
}

function summary(policy: Policy | null, problems: number, warnings: number): string {
  const some = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`
  if (policy === null || problems > 0)
    return `${some(problems, 'problem')}${warnings > 0 ? `, ${some(warnings, 'warning')}` : ''}.\n`
  const { columns, gates, board } = policy
  const open = openColumns(policy)
  const boards = `${board.also ? 'boards' : 'board'} ${[board.project, ...(board.also ?? [])].join(', ')}`
  const what = `${boards}, ${some(columns.length, 'column')}, ${some(Object.keys(gates).length, 'gate')}`
  const free = open.length > 0 ? ` Open to every card, without a gate: ${open.map(plain).join(', ')}.` : ''
  return `This policy can be used: ${what}${warnings > 0 ? `, ${some(warnings, 'warning')}` : ''}.${free}\n`
}
