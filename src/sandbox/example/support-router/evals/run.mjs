// Evaluates the model of this checkout on the golden cases and writes results.json in the form promptfoo has for results.
import { readFileSync, writeFileSync } from 'node:fs'
import { route } from '../triage.mjs'

const read = (path) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const settings = JSON.parse(read('models/router.json'))
const cases = read('evals/golden.jsonl')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line))

const began = new Date()
const results = cases.map(evaluate)
const count = (wanted) => results.filter(wanted).length
const stats = {
  successes: count((result) => result.success),
  failures: count((result) => result.failureReason === 1),
  errors: count((result) => result.failureReason === 2),
  durationMs: Date.now() - began.getTime(),
}
const file = {
  results: { version: 3, timestamp: began.toISOString(), prompts: [], results, stats },
  config: { description: 'golden' },
}
writeFileSync('results.json', `${JSON.stringify(file, null, 1)}\n`)

for (const { success, testCase, response, error } of results)
  if (!success) console.log(`missed ${testCase.description}: ${error ?? `went to ${response.output}`}`)
// Whether that is good enough is for Andon to say: this only measures, and ends well whatever it measured.
console.log(`${settings.name} ${settings.version}: ${stats.successes} of ${cases.length} messages in the right queue`)

/** One case as promptfoo tells it. `failureReason`: 0 none, 1 the answer is wrong, 2 there was none. */
function evaluate({ id, message, want }, testIdx) {
  const testCase = {
    description: id,
    vars: { message },
    assert: [{ type: 'equals', value: want, metric: 'accuracy' }],
  }
  const base = { testIdx, testCase, provider: { id: 'file://triage.mjs', label: settings.name } }
  const started = performance.now()
  try {
    const { queue, tokens, costUsd } = route(message, settings)
    const success = queue === want
    return {
      ...base,
      success,
      score: success ? 1 : 0,
      namedScores: { accuracy: success ? 1 : 0 },
      failureReason: success ? 0 : 1,
      latencyMs: performance.now() - started,
      cost: costUsd,
      response: { output: queue, cost: costUsd, tokenUsage: { total: tokens } },
    }
  } catch (error) {
    return { ...base, success: false, score: 0, namedScores: {}, failureReason: 2, error: String(error) }
  }
}
