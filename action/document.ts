// Writes the tables of inputs and outputs in each action's README out of its `action.yml`; `--check` only compares.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { actions } from './bundle.ts'

const field = z.object({
  description: z.string(),
  required: z.boolean().default(false),
  default: z.string().optional(),
})
const actionSchema = z.object({ inputs: z.record(z.string(), field), outputs: z.record(z.string(), field) })

/** The README with its two tables as `action.yml` has them. Throws where a table's place is not marked. */
export function documentAction(yaml: string, readme: string): string {
  const { inputs, outputs } = actionSchema.parse(parse(yaml))
  const inputRows = Object.entries(inputs).map(([name, input]) => [
    `\`${name}\``,
    cell(input.description),
    input.required ? 'required' : standard(input.default),
  ])
  const outputRows = Object.entries(outputs).map(([name, output]) => [`\`${name}\``, cell(output.description)])
  const withInputs = replacePart(readme, 'inputs', table([['input', 'what it is', 'default'], ...inputRows]))
  return replacePart(withInputs, 'outputs', table([['output', 'what it is'], ...outputRows]))
}

/** Rows as the formatter leaves them: columns padded to one width. */
function table(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const line = (cells: string[]) => `| ${cells.map((text, column) => text.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const [head = [], ...rest] = rows
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rest.map(line)]
}

function standard(value: string | undefined): string {
  return value ? `\`${value}\`` : 'none'
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}

function replacePart(readme: string, name: string, lines: string[]): string {
  const begin = `<!-- ${name}: written out of action.yml by action/document.ts -->`
  const end = `<!-- /${name} -->`
  const from = readme.indexOf(begin)
  const to = readme.indexOf(end)
  if (from < 0 || to < from)
    throw new Error(`The README has no place for its ${name}: it needs the lines ${begin} and ${end}.`)
  return `${readme.slice(0, from)}${begin}\n${lines.join('\n')}\n${readme.slice(to)}`
}

if (import.meta.main) {
  for (const action of actions()) {
    const path = join(import.meta.dirname, action, 'README.md')
    const readme = readFileSync(path, 'utf8')
    const written = documentAction(readFileSync(join(import.meta.dirname, action, 'action.yml'), 'utf8'), readme)
    if (written === readme) continue
    if (process.argv.includes('--check')) {
      console.error(`action/${action}/README.md is not what action.yml says. Run \`node action/document.ts\`.`)
      process.exitCode = 1
    } else writeFileSync(path, written)
  }
}
