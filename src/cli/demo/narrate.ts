// Tells a scene on the terminal in short lines: what was done, what Andon wrote, and how long it took.
import type { Played } from './play.ts'

const RED = 31
const GREEN = 32
const YELLOW = 33
const DIM = 2
const BOLD = 1

export type Paint = (text: string, ...codes: number[]) => string

export function painter(color: boolean): Paint {
  return (text, ...codes) => (color ? `\u001b[${codes.join(';')}m${text}\u001b[0m` : text)
}

export function narrate({ scene, said, took, told, problem }: Played, paint: Paint): string {
  const gates = told.gates.flatMap(({ name, verdict, found }) =>
    found.map((line, index) => `     ${index === 0 ? `${verdict} ${name}: ` : '     '}${line}`),
  )
  const checks = told.checks
    .filter(({ name }) => name === 'andon' || told.gates.some((gate) => name === `andon / ${gate.name}`))
    .map(({ name, conclusion }) => `${name} ${conclusion ?? 'in progress'}`)
  const lines = [
    `${paint(`${scene}.`.padStart(3), BOLD)} ${paint(said, BOLD)}`,
    `     ${paint(told.headline, toneOf(told.headline))}`,
    ...told.reasons.map((reason) => `     ${reason}`),
    ...gates,
    ...(told.headline.startsWith('⛔') ? told.next.map((step) => `     → ${step}`) : []),
    paint(`     Checks: ${checks.join(', ')}. The card is in ${told.column}. ${seconds(took)}`, DIM),
    ...(problem === null ? [] : [`     ${paint(`This did not turn out as told: ${problem}`, RED, BOLD)}`]),
  ]
  return `${lines.join('\n')}\n\n`
}

export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`
}

function toneOf(headline: string): number {
  if (headline.startsWith('✅')) return GREEN
  return headline.startsWith('⛔') ? RED : YELLOW
}
