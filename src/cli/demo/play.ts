// Plays the story: each scene is acted, waited for, and compared with what was promised.
import { setTimeout as pause } from 'node:timers/promises'
import type { Item } from '../../sandbox/world/board.ts'
import { type Expected, SCENES } from './scenes.ts'
import type { Stage } from './stage.ts'
import { readTold, type Told } from './told.ts'

/** `problem`: what did not turn out as told; null where all did. `took` in milliseconds. */
export type Played = { scene: number; said: string; took: number; told: Told; problem: string | null }

const PATIENCE_MS = 60_000
const LOOK_MS = 20

/** Ends after the first scene that went wrong: what comes after builds on it. */
export async function* playStory(stage: Stage, signal: AbortSignal): AsyncGenerator<Played> {
  await stage.settle()
  for (const [index, { card: name, said, act, expects }] of SCENES.entries()) {
    const card = stage.example.cards[name]
    if (!card) throw new Error(`The example has no change ${name}.`)
    const sentence = said(card)
    const began = performance.now()
    const before = wordsOf(card)
    act({ world: stage.sandbox.world, example: stage.example }, card)
    const until = began + PATIENCE_MS
    while ((wordsOf(card) === before || problemOf(card, expects) !== null) && performance.now() < until) {
      await pause(LOOK_MS, undefined, { signal })
    }
    const took = performance.now() - began
    // What holds for a moment only is no outcome.
    await stage.settle()
    const problem = problemOf(card, expects)
    yield { scene: index + 1, said: sentence, took: Math.round(took), told: readTold(card), problem }
    if (problem !== null) return
  }
}

/** All that Andon said, so that the same outcome twice is not taken for an answer before there is one. */
function wordsOf({ content }: Item): string {
  if (content.kind === 'DraftIssue') return ''
  const own = content.comments.filter(({ author }) => author.login === 'andon[bot]')
  return own.map(({ body }) => body).join('\n')
}

function problemOf(card: Item, expects: Expected): string | null {
  const told = readTold(card)
  if (told.column !== expects.column) return `The card should be in ${expects.column}, and is in ${told.column}.`
  if (told.headline !== expects.headline)
    return `The comment should say “${expects.headline}”, and says “${told.headline}”.`
  for (const [name, wanted] of Object.entries(expects.checks)) {
    const full = name === '' ? 'andon' : `andon / ${name}`
    const check = told.checks.find((candidate) => candidate.name === full)
    if (check?.conclusion !== wanted)
      return `The check ${full} should be ${wanted ?? 'in progress'}, and is ${check ? (check.conclusion ?? 'in progress') : 'not there'}.`
  }
  const found = [...told.reasons, ...told.gates.flatMap((gate) => gate.found)]
  if (expects.found && !found.some((line) => line.includes(expects.found ?? '')))
    return `Andon should have found “${expects.found}”; it found: ${found.join('; ') || 'nothing'}.`
  return null
}
